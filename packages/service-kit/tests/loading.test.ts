import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';

const PROGRAM = `
  import { createRequire } from 'node:module';
  await import('@catalyst/service-kit');
  process.stdout.write(JSON.stringify({
    node: process.moduleLoadList,
    files: Object.keys(createRequire(import.meta.url).cache),
  }));`;

/** The folder of the package that a file belongs to. */
const packageOf = (file: string): string =>
  /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? '';

describe('what a service loads before it begins', () => {
  let loaded: { node: string[]; files: string[] };
  beforeAll(async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', PROGRAM],
      { cwd: join(import.meta.dirname, '..'), maxBuffer: 4 * 1024 * 1024 },
    );
    loaded = JSON.parse(stdout) as typeof loaded;
  });

  it('holds no fetch, which only those need who call a vendor', () => {
    expect(loaded.node.filter((name) => name.includes('undici'))).toEqual([]);
  });

  it('holds no package twice', () => {
    const folders = new Map<string, string[]>();
    for (const folder of new Set(loaded.files.map(packageOf).filter(Boolean))) {
      const { name, version } = JSON.parse(
        readFileSync(join(folder, 'package.json'), 'utf8'),
      ) as Record<string, string>;
      const key = `${name} ${version}`;
      folders.set(key, [...(folders.get(key) ?? []), folder]);
    }
    expect(folders.size).toBeGreaterThan(20);
    expect([...folders.values()].filter(({ length }) => length > 1)).toEqual([]);
  });
});
