import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { expect, it } from '@jest/globals';

const root = resolve(import.meta.dirname, '..');

/** The faults that the project's rule finds in a tree of files: the rule and the file. */
const findFaults = (files: Record<string, string>): string[] => {
  const folder = mkdtempSync(join(tmpdir(), 'circles-'));
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const program = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
    const config = join(root, '.dependency-cruiser.js');
    const { stdout } = spawnSync(
      process.execPath,
      [program, `--config=${config}`, '--output-type=err', 'packages', 'services'],
      { cwd: folder, encoding: 'utf8' },
    );
    return [...stdout.matchAll(/error (\S+): (\S+)/g)].map(([, rule, file]) => `${rule} ${file}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
};

it('refuses files that import each other, if only for types and from a service to a package, and imports that lead nowhere', () => {
  expect(
    findFaults({
      'packages/contracts/intent.ts':
        "import type { Review } from '../../services/risk/review.ts';\nexport type Intent = Review | null;\n",
      'services/risk/review.ts':
        "import type { Intent } from '../../packages/contracts/intent.ts';\nexport type Review = Intent;\n",
      'services/news/story.ts':
        "import type { Intent } from '../../packages/contracts/intent.ts';\nexport type Story = Intent;\n",
      'services/news/store.ts': "import type { Row } from './row.ts';\nexport type Kept = Row;\n",
    }).sort(),
  ).toEqual(['no-circles packages/contracts/intent.ts', 'nothing-unseen services/news/store.ts']);
});
