import { readFileSync } from 'node:fs';
import { builtinModules, createRequire, stripTypeScriptTypes } from 'node:module';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const requireFrom = createRequire(import.meta.url);
const IMPORT =
  /^\s*(?:import|export)\s(?:[^'"]*?\sfrom\s+)?['"]([^'"]+)['"]|(?:import|require)\(['"]([^'"]+)['"]\)/gm;

/** The names of packages that a source file loads, itself and by the checkout's files it imports. */
const packagesReached = (entry: string): Set<string> => {
  const files = new Set<string>();
  const packages = new Set<string>();
  const visit = (file: string): void => {
    if (files.has(file)) return;
    files.add(file);
    // what is only a type is never loaded
    for (const [, stated, called] of stripTypeScriptTypes(readFileSync(file, 'utf8')).matchAll(
      IMPORT,
    )) {
      const name = (stated ?? called)!;
      if (name.startsWith('.')) visit(resolve(dirname(file), name));
      else if (name.startsWith('@catalyst/')) visit(requireFrom.resolve(name));
      else if (!name.startsWith('node:') && !builtinModules.includes(name))
        packages.add(name.split('/', name.startsWith('@') ? 2 : 1).join('/'));
    }
  };
  visit(entry);
  return packages;
};
const source = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

const SERVERS = ['pg', 'express', 'ioredis', 'nodemailer', 'prom-client'];

describe('what a friend runs', () => {
  it('reaches no server and no database by any import', () => {
    const reached = packagesReached(source('order-life/src/index.ts'));
    expect(SERVERS.filter((name) => reached.has(name))).toEqual([]);
    expect([...packagesReached(source('brokerage/src/index.ts'))].sort()).toEqual([
      '@alpacahq/alpaca-trade-api',
      'cockatiel',
      'decimal.js',
      'luxon',
      'papaparse',
      'winston',
      'zod',
    ]);
  });
  it('is looked at by a walk that finds them where they are', () => {
    const reached = packagesReached(source('service-kit/src/index.ts'));
    expect(SERVERS.filter((name) => !reached.has(name))).toEqual([]);
  });
});
