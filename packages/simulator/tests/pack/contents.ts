import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, it } from '@jest/globals';
import { packageFolder } from './checkout.ts';
import type { PackedSimulator } from './packed-simulator.ts';

/** What lies in the package. */
export const tellOfItsContents = (packed: PackedSimulator): void => {
  it('has the built program, the days, the license and the README, and neither sources nor tests', async () => {
    const { installedFolder } = packed;
    expect((await readdir(installedFolder)).sort()).toEqual([
      'LICENSE',
      'README.md',
      'bin',
      'days',
      'dist',
      'docs',
      'entry.cjs',
      'entry.js',
      'node-version.cjs',
      'package.json',
    ]);
    expect(await readFile(join(installedFolder, 'LICENSE'), 'utf8')).toBe(
      await readFile(join(packageFolder, '../../LICENSE'), 'utf8'),
    );
    const { dependencies } = JSON.parse(
      await readFile(join(installedFolder, 'package.json'), 'utf8'),
    ) as { dependencies: Record<string, string> };
    expect(Object.keys(dependencies).filter((name) => name.startsWith('@catalyst/'))).toEqual([]);
  });

  it('has every file that its pages link to, and beside pages and drawings nothing in docs/', async () => {
    const { installedFolder } = packed;
    expect(
      (await readdir(join(installedFolder, 'docs'))).filter((name) => !/\.(md|svg)$/.test(name)),
    ).toEqual([]);
    const pages = (await readdir(installedFolder, { recursive: true })).filter((name) =>
      name.endsWith('.md'),
    );
    expect(pages.length).toBeGreaterThan(3);
    for (const page of pages) {
      const links = [
        ...(await readFile(join(installedFolder, page), 'utf8')).matchAll(
          /\]\((?!https?:|#)([^)#]+)[^)]*\)/g,
        ),
      ].map(([, target]) => target!);
      const missing = links.filter(
        (target) => !existsSync(join(installedFolder, dirname(page), target)),
      );
      expect([page, missing]).toEqual([page, []]);
    }
  });
};
