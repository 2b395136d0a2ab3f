import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const packageFolder = fileURLToPath(new URL('../..', import.meta.url));
export const modules = fileURLToPath(new URL('../../../../node_modules', import.meta.url));

/**
 * What packing could have touched: every file beside src/ and tests/ with its text; dist/ is no
 * part of the checkout.
 */
export const checkout = async (): Promise<string[]> => {
  const entries = (await readdir(packageFolder)).filter((name) => !/^dist(\.|$)/.test(name)).sort();
  return [
    entries.join(' '),
    await readFile(join(packageFolder, 'package.json'), 'utf8'),
    await readFile(join(packageFolder, '../../package-lock.json'), 'utf8'),
  ];
};
