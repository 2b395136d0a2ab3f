import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createHash, X509Certificate } from 'node:crypto';
import { signalsApi } from '@catalyst/contracts';
import { generate } from 'selfsigned';
import { eventually } from '@catalyst/testkit';
import { askDesk } from '../src/stream/ask-desk.ts';
import { openSignalStream } from '../src/stream/signal-stream.ts';
import { silentLog } from './followed-day.ts';
import { startSmallDesk, type SmallDesk } from './small-desk.ts';

let desk: SmallDesk;
let pin: string;
beforeAll(async () => {
  const made = await generate([{ name: 'commonName', value: 'desk' }], { keySize: 2048 });
  desk = await startSmallDesk({ key: made.private, cert: made.cert });
  const der = new X509Certificate(made.cert).publicKey.export({ type: 'spki', format: 'der' });
  pin = createHash('sha256').update(der).digest('base64');
});
afterAll(() => desk.close());

const join = (to: string | null) =>
  askDesk(
    { address: desk.address, pin: to },
    {
      path: signalsApi.join.path,
      body: { code: 'a'.repeat(32), nonce: 'b'.repeat(32) },
      response: signalsApi.join.response,
    },
  );
const another = createHash('sha256').update('another key').digest('base64');

test('a self-signed desk is taken by the key that its invitation pins, and nothing is sent to any other', async () => {
  await expect(join(null)).rejects.toThrow('self-signed');
  await expect(join(another)).rejects.toThrow('not the one of the invitation');
  expect(desk.joins).toEqual([]);
  await expect(join(pin)).resolves.toMatchObject({ name: 'friend' });
});

test('its stream is held to the same key', async () => {
  const open = (to: string) =>
    openSignalStream({
      address: desk.address,
      pin: to,
      key: 'a key',
      log: silentLog,
      handlers: {
        onWelcome: async () => ({ after_seq: 0, filters: {} }),
        onSubscribed: async () => {},
        onSignal: async () => true,
        onSeen: async () => true,
        onConfiguration: async () => {},
        onFeedbackRecorded: async () => {},
        onError: async () => {},
      },
    });
  const wrong = open(another);
  await eventually(() =>
    expect(wrong.state()).toMatchObject({
      state: 'waiting',
      reason: expect.stringContaining('not the one of the invitation'),
    }),
  );
  wrong.stop();
  expect(desk.received).toEqual([]);
  const right = open(pin);
  await eventually(() => expect(right.state().state).toBe('live'));
  right.stop();
});
