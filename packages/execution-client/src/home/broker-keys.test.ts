import { expect, test } from '@jest/globals';
import { openKeys, PassphraseError, sealKeys } from './broker-keys.ts';

const keys = { key_id: 'PKTEST0123456789', secret_key: 'the-secret-of-an-account' };

test('keys under a passphrase are opened by it alone, and nothing of them can be read', () => {
  const kept = sealKeys(keys, 'correct horse');
  const text = JSON.stringify(kept);
  expect(text).not.toContain(keys.secret_key);
  expect(text).not.toContain(keys.key_id);
  expect(openKeys(kept, 'correct horse')).toEqual(keys);
  expect(() => openKeys(kept, 'correct horsf')).toThrow(PassphraseError);
  expect(() => openKeys(kept, null)).toThrow(PassphraseError);
});

test('a changed byte of kept keys is refused', () => {
  const kept = sealKeys(keys, 'correct horse');
  if (kept.kept !== 'encrypted') throw new Error('expected encrypted keys');
  const data = Buffer.from(kept.cipher.data, 'base64');
  data.writeUInt8(data.readUInt8(0) ^ 1, 0);
  const changed = { ...kept, cipher: { ...kept.cipher, data: data.toString('base64') } };
  expect(() => openKeys(changed, 'correct horse')).toThrow(PassphraseError);
});

test('without a passphrase they are kept as they are, and say so', () => {
  expect(sealKeys(keys, null)).toEqual({ kept: 'plain', keys });
});
