import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../../..');
const folder = resolve(root, process.env.REFERENCE_DATA ?? '../shared/data');

/**
 * The folder of real reference data, or null where it is absent; tests that need it then say that
 * they were left out.
 */
export const referenceData: string | null = existsSync(join(folder, 'README.md')) ? folder : null;
