import { afterAll, describe, expect, it } from '@jest/globals';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCatalyst, runProgram, temporaryFolder } from './run-catalyst.ts';

const root = join(import.meta.dirname, '../../..');

const folder = temporaryFolder();
afterAll(folder.remove);
const catalyst = (...args: string[]) =>
  runCatalyst(args, { home: join(folder.path, 'home'), cwd: folder.path });

describe('recorded days on the command line', () => {
  it('are generated, checked and told in numbers', async () => {
    const made = await catalyst(
      'day',
      'generate',
      '--date',
      '2026-03-25',
      '--seed',
      '7',
      '--symbols',
      '40',
      '--out',
      'small',
      '--json',
    );
    expect({ code: made.code, stderr: made.stderr }).toEqual({ code: 0, stderr: '' });
    const checked = await catalyst('day', 'check', 'small', '--json');
    expect(JSON.parse(checked.stdout)).toEqual(JSON.parse(made.stdout));
    expect(JSON.parse(made.stdout)).toMatchObject({
      trade_date: '2026-03-25',
      kind: 'generated',
      securities: 40,
    });
  });

  it('are never written over', async () => {
    const { code, stderr } = await catalyst(
      'day',
      'generate',
      '--date',
      '2026-03-25',
      '--symbols',
      '40',
      '--out',
      'small',
    );
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
    expect(stderr).toMatch(
      /securities\.csv, line 4, column \w+: expected true or false, was "perhaps"/,
    );
    const replayed = await catalyst('demo', '--day', 'small');
    expect(replayed.code).toBe(1);
    expect(replayed.stderr).toMatch(/securities\.csv, line 4/);
  });

  it("that ship with the project are listed with what is in them, and so are one's own, a broken one with its fault", async () => {
    await catalyst('day', 'generate', '--date', '2026-03-26', '--symbols', '20', '--out', 'mine');
    const { code, stdout } = await catalyst('day', 'list', '--json');
    expect(code).toBe(0);
    const { days } = JSON.parse(stdout) as {
      days: {
        name: string;
        place: string;
        dir: string;
        securities: number;
        fault: string | null;
      }[];
    };
    for (const { dir } of days) expect(existsSync(dir)).toBe(true);
    expect(days.filter(({ place }) => place === 'bundled')).toContainEqual(
      expect.objectContaining({ securities: 120, fault: null }),
    );
    expect(days.filter(({ place }) => place === 'own')).toMatchObject([
      { name: 'mine', securities: 20, fault: null },
      { name: 'small', fault: expect.stringMatching(/^securities\.csv, line 4/) },
    ]);
    expect((await catalyst('day', 'list')).stdout).toMatch(
      /mine .* own .* 20 .*20 fictional companies/,
    );
    expect(JSON.parse((await catalyst('day', 'list', 'mine', '--json')).stdout)).toMatchObject({
      days: expect.arrayContaining([expect.objectContaining({ name: '.', place: 'own' })]),
    });
  });

  it('are told by check for a person: span, news, events, what was refused and why, what to know, how to replay it', async () => {
    const path = join(folder.path, 'mine', 'day.json');
    const refused = (minute: number, low: number) => ({
      symbol: 'XYZ',
      minute,
      open: 1,
      high: 1,
      low,
      close: 1,
      volume: 1,
      reason: `expected at most the high 1 as low, was ${low}`,
    });
    writeFileSync(
      path,
      readFileSync(path, 'utf8').replace(
        '"refused_bars": []',
        `"refused_bars": ${JSON.stringify([refused(600, 2), refused(601, 3.5), { ...refused(602, 1), reason: 'another' }])}`,
      ),
    );
    const { code, stdout } = await catalyst('day', 'check', 'mine');
    expect(code).toBe(0);
    for (const line of [
      /^20 fictional companies on 2026-03-26$/m,
      /^ {2}session +09:30 to 16:00 in New York$/m,
      /^ {2}minute bars +\d+, from 04:\d\d to 1\d:\d\d$/m,
      /^ {2}daily bars +\d+, from 2025-03-\d\d to 2026-03-25$/m,
      /^ {2}news +\d+ articles$/m,
      /^ {2}events +.*2 halt/m,
      /^ {2}refused +3 bars$/m,
      /^ {4}2 x, first XYZ 10:00: expected at most the high 1 as low, was 2$/m,
      /^ {4}1 x, first XYZ 10:02: another$/m,
      /^ {2}- Companies, people, news and prices are invented/m,
      /^ {2}\S*scripts\/catalyst demo --day .*mine$/m,
      /^ {2}node packages\/simulator\/src\/main\.ts --day .*mine /m,
    ])
      expect(stdout).toMatch(line);
    expect(
      JSON.parse((await catalyst('day', 'check', '2026-03-24', '--json')).stdout),
    ).toMatchObject({ trade_date: '2026-03-24', refused: [], silent_symbols: [] });
  });

  it.each<[string, string[], RegExp]>([
    [
      'a folder that is not there',
      ['check', 'nothere'],
      /there is no folder .*nothere, and no day of this name ships with the project \(2026-03-24\)/,
    ],
    ['a file', ['check', 'plain.txt'], /plain\.txt is a file; expected the folder of a day/],
    ['a folder without a day', ['check', '.'], /is not the folder of a day: it has no day\.json/],
    ['a folder to list that is not there', ['list', 'nothere'], /there is no folder .*nothere/],
    [
      'a date that no year has',
      ['generate', '--date', '2026-02-30'],
      /expected a date such as 2026-03-24/,
    ],
    ['a Sunday', ['generate', '--date', '2026-03-22'], /trade_date must be a trading day/],
    [
      'a file to write into',
      ['generate', '--date', '2026-03-25', '--out', 'plain.txt'],
      /plain\.txt is a file; name a new folder with --out/,
    ],
    [
      'a folder below a file',
      ['generate', '--date', '2026-03-25', '--out', 'plain.txt/day'],
      /cannot write into .*plain\.txt; name another folder with --out/,
    ],
    [
      'bars that are not there',
      ['import', '--bars', 'nothere', '--date', '2014-06-06', '--symbols', 'XYZ'],
      /there is no folder .*nothere/,
    ],
    [
      'bars without minutes',
      ['import', '--bars', '.', '--date', '2014-06-06', '--symbols', 'XYZ'],
      /holds no folder "minute": expected LEAN's data folder/,
    ],
  ])('are refused with 2 and one sentence for %s', async (_what, args, message) => {
    writeFileSync(join(folder.path, 'plain.txt'), 'text');
    const { code, stdout, stderr } = await catalyst('day', ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain('    at ');
  });

  it('that do not fit on the disk leave nothing behind and end with 1 and one sentence', async () => {
    const cwd = join(folder.path, 'tight');
    mkdirSync(cwd);
    const { code, stdout, stderr } = await runProgram(
      'sh',
      [
        '-c',
        'ulimit -f 40 && exec "$@"',
        'sh',
        process.execPath,
        join(root, 'packages/cli/src/main.ts'),
        'day',
        'generate',
        '--date',
        '2026-03-25',
        '--symbols',
        '20',
      ],
      { cwd },
    );
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: '',
      stderr: 'catalyst: the disk is full; make room and give the same command again\n',
    });
    expect(readdirSync(cwd)).toEqual([]);
  });

  it('have help that tells the way from a recording to a replay, in commands that exist', async () => {
    const { stdout } = await catalyst('day', '--help');
    for (const words of [
      'catalyst day record',
      'catalyst day check',
      'catalyst demo --day',
      'node packages/simulator/src/main.ts --day',
      'packages/simulator/docs/day-format.md',
    ])
      expect(stdout).toContain(words);
    for (const file of stdout.match(/packages\/\S+\.(ts|md)/g)!)
      expect(existsSync(join(root, file))).toBe(true);
    expect((await catalyst('demo', '--help')).stdout).toContain('--day <');
    expect(
      (await runProgram(process.execPath, [join(root, 'packages/simulator/src/main.ts'), '--help']))
        .stdout,
    ).toContain('--day <');
  });
});
