import { afterAll, describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCatalyst, temporaryFolder } from './run-catalyst.ts';

const folder = temporaryFolder();
afterAll(folder.remove);
const catalyst = (...args: string[]) => runCatalyst(args, { home: join(folder.path, 'home'), cwd: folder.path });

describe('recorded days on the command line', () => {
  it('are generated, checked and told in numbers', async () => {
    const made = await catalyst('day', 'generate', '--date', '2026-03-25', '--seed', '7', '--symbols', '40', '--out', 'small', '--json');
    expect({ code: made.code, stderr: made.stderr }).toEqual({ code: 0, stderr: '' });
    const checked = await catalyst('day', 'check', 'small', '--json');
    expect(JSON.parse(checked.stdout)).toEqual(JSON.parse(made.stdout));
    expect(JSON.parse(made.stdout)).toMatchObject({ trade_date: '2026-03-25', kind: 'generated', securities: 40 });
  });

  it('are never written over', async () => {
    const { code, stderr } = await catalyst('day', 'generate', '--date', '2026-03-25', '--symbols', '40', '--out', 'small');
    expect(code).toBe(2);
    expect(stderr).toContain('is not empty');
  });

  it('with a bad row end with 1 and the file, the line and the reason', async () => {
    const path = join(folder.path, 'small', 'securities.csv');
    const lines = readFileSync(path, 'utf8').split('\n');
    lines[3] = lines[3]!.replace(/true|false/, 'perhaps');
    writeFileSync(path, lines.join('\n'));
    const { code, stdout, stderr } = await catalyst('day', 'check', 'small');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/securities\.csv, line 4, column \w+: expected true or false, was "perhaps"/);
    const replayed = await catalyst('demo', '--day', 'small');
    expect(replayed.code).toBe(1);
    expect(replayed.stderr).toMatch(/securities\.csv, line 4/);
  });

  it('that ship with the project are listed', async () => {
    const { code, stdout } = await catalyst('day', 'list', '--json');
    expect(code).toBe(0);
    const { days } = JSON.parse(stdout) as { days: { dir: string }[] };
    expect(days.length).toBeGreaterThan(0);
    for (const { dir } of days) expect(existsSync(dir)).toBe(true);
  });
});
