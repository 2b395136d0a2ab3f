import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import {
  clientFrame,
  describeSignalStream,
  frameExamples,
  readInvitation,
  writeInvitation,
} from '@catalyst/contracts';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { signalDocuments } from '../scripts/write-signal-documents.ts';

describe('the documents of the signals', () => {
  it.each(Object.entries(signalDocuments()))(
    '%s says what the contract says (node scripts/write-signal-documents.ts)',
    (name, text) => {
      const kept = readFileSync(join(import.meta.dirname, '../docs/signals', name), 'utf8');
      expect(kept).toBe(text);
    },
  );
  it('shows frames that the desk takes, by its own reading and by the published schema', () => {
    const { channels } = describeSignalStream() as {
      channels: { signals: { messages: Record<string, { payload: object }> } };
    };
    const ajv = new Ajv({ strict: false });
    formats.default(ajv);
    for (const [name, example] of Object.entries(frameExamples)) {
      expect([name, clientFrame.safeParse(example).error]).toEqual([name, undefined]);
      const isValid = ajv.compile(channels.signals.messages[name]!.payload);
      expect([name, isValid(example), isValid.errors]).toEqual([name, true, null]);
      expect(isValid({ ...example, type: 'another' })).toBe(false);
    }
  });
  it('carry an invitation in one string', () => {
    const given = { address: 'https://desk.example:8443', code: '0f'.repeat(16), pin: null };
    expect(readInvitation(`${writeInvitation(given)}\n`)).toEqual(given);
    expect(() => readInvitation(writeInvitation({ ...given, code: 'short' }))).toThrow();
  });
});
