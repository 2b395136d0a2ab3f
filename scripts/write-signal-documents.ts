/**
 * Writes what the documents say of the signals' wire, from the contracts: docs/signals/asyncapi.yaml
 * (the stream) and docs/signals/openapi.yaml (its REST twin). A test holds them to it.
 *
 *   node scripts/write-signal-documents.ts
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeSignalStream, signalsApi } from '../packages/contracts/src/index.ts';
import { describeApi } from '../packages/service-kit/src/http/openapi.ts';
import { stringify } from 'yaml';

const write = (document: object): string =>
  `# Written by scripts/write-signal-documents.ts.\n${stringify(document, { lineWidth: 120, aliasDuplicateObjects: false, blockQuote: 'literal' })}`;

export const signalDocuments = (): Record<string, string> => ({
  'asyncapi.yaml': write(describeSignalStream()),
  'openapi.yaml': write(describeApi('signals', '1.0.0', signalsApi)),
});

if (import.meta.main)
  for (const [name, text] of Object.entries(signalDocuments()))
    writeFileSync(join(import.meta.dirname, '../docs/signals', name), text);
