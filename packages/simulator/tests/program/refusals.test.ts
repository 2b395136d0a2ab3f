import { once } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { writeDay } from '../../src/day/index.ts';
import { readProgramOptions } from '../../src/program-options.ts';
import { startProgram } from '../../src/start-program.ts';
import { quietDay } from '../small-day.ts';
import { endSimulators, outcome, program, refusalOf, run, temporary } from './simulator-process.ts';

afterEach(endSimulators);

describe('the simulator as a program', () => {
  it.each([
    [['--accounts', 'many'], 'expected a whole number from 1 to 100'],
    [['--accounts', '0'], 'expected a whole number from 1 to 100'],
    [['--port', '65536'], 'expected a whole number from 0 to 65535'],
    [['--at', '25:00'], 'expected hh:mm'],
    [['--at', '9:30'], 'expected hh:mm'],
    [['--clock', 'scaled:0'], 'expected stepped, real, line or scaled:N'],
    [['--clock', 'line'], 'expected --clock line and --line w0,s0,f together'],
    [['--line', '1,2,3'], 'expected --clock line and --line w0,s0,f together'],
    [['--clock', 'line', '--line', '1,2'], 'expected w0,s0,f'],
    [['--cash', '-1'], 'expected dollars'],
    [['--data-plan', 'free'], 'Allowed choices are basic, plus'],
    [['--like', 'live'], 'Allowed choices are paper'],
    [['--bar-late-ms', '30000'], 'expected a whole number from 0 to 20000'],
    [['--iex-quotes', 'none'], 'Allowed choices are own, consolidated'],
    [['--answer-ms', '60-20'], 'expected milliseconds from and to, such as 20-60'],
    [['--volume-share', '2'], 'expected a ratio above 0 and at most 1'],
    [['--speed', '2'], "unknown option '--speed'"],
    [['2026-03-24'], 'too many arguments'],
  ])('refuses %j with code 2 and one sentence', (args, sentence) => {
    const { code, errors } = refusalOf(args);
    expect([code, errors.trimEnd().split('\n')]).toEqual([2, [expect.stringContaining(sentence)]]);
  });

  it('refuses one key without the other', async () => {
    expect(await outcome(run([], { SIM_KEY_ID: 'KEY', SIM_SECRET_KEY: '' }))).toMatchObject({
      code: 2,
      errors: expect.stringContaining('expected SIM_KEY_ID and SIM_SECRET_KEY together'),
    });
  });

  it('cannot start with a day, a port or a file that is not to be had, and says so in one sentence with code 1', async () => {
    const folder = await temporary();
    const day = await temporary();
    await writeDay(quietDay([]), day);
    const taken = createServer();
    await once(taken.listen(0, '127.0.0.1'), 'listening');
    const { port } = taken.address() as AddressInfo;
    await writeFile(join(folder, 'taken'), '');
    const faults = await temporary();
    await writeFile(
      join(faults, 'unknown'),
      'faults:\n  - where: { market: NOPE }\n    what: { kind: halt }\n',
    );
    await writeFile(
      join(faults, 'twice'),
      JSON.stringify(
        [1, 2].map(() => ({ id: 'one', where: { market: 'ACME' }, what: { kind: 'halt' } })),
      ),
    );
    const cases: [string[], string][] = [
      [['--day', 'someday'], '--day: expected a folder or a bundled day (2026-03-24), was someday'],
      [['--day', join(folder, 'nowhere')], 'day.json'],
      [['--day', day, '--port', String(port)], `--port: ${port} is taken on 127.0.0.1`],
      [
        ['--day', day, '--ledger', join(folder, 'taken')],
        `--ledger: ${join(folder, 'taken')} exists`,
      ],
      [
        ['--day', day, '--ledger', join(folder, 'nowhere', 'ledger')],
        `--ledger: ${join(folder, 'nowhere', 'ledger')} cannot be written (ENOENT`,
      ],
      [
        [
          '--day',
          day,
          '--mail-dir',
          join(folder, 'taken', 'mail'),
          '--ledger',
          join(folder, 'ledger'),
        ],
        `--mail-dir: ${join(folder, 'taken', 'mail')} cannot be written (ENOTDIR`,
      ],
      [
        ['--day', day, '--mail-dir', join(folder, 'taken')],
        `--mail-dir: ${join(folder, 'taken')} cannot be written (ENOTDIR`,
      ],
      // on Linux, where Node's own recursive mkdir never ends
      [
        ['--day', day, '--mail-dir', '/proc/nowhere/mail'],
        '--mail-dir: /proc/nowhere/mail cannot be written (E',
      ],
      [['--day', day, '--faults', join(folder, 'no-faults')], 'no-faults'],
      [
        ['--day', day, '--faults', join(faults, 'unknown')],
        `${join(faults, 'unknown')}, line 2: faults.0.where.market: expected a symbol of the day (GET /v2/assets lists them) or *, was "NOPE"`,
      ],
      [
        ['--day', day, '--faults', join(faults, 'twice')],
        '--faults: 1.id: expected an id that no other fault has, was "one"',
      ],
    ];
    try {
      // the program says what its start says
      const { code, errors } = await outcome(run(cases[0]![0]));
      expect([code, errors.trimEnd().split('\n')]).toEqual([
        1,
        [expect.stringContaining(cases[0]![1])],
      ]);
      for (const [args, sentence] of cases) {
        const said = await startProgram(readProgramOptions(['node', program, ...args], {}));
        expect(said).toEqual(expect.stringContaining(sentence));
        expect(String(said).split('\n')).toHaveLength(1);
      }
      expect(await readdir(folder)).toEqual(['taken']);
    } finally {
      taken.close();
    }
  });

  it('names an option only where the fault is of the file that the option names', async () => {
    const folder = await temporary();
    const fail = (syscall: string): string =>
      `import net from 'node:net'; net.Server.prototype.listen = () => { throw Object.assign(new Error("EMFILE: too many open files, ${syscall} '/etc/hosts'"), { code: 'EMFILE', syscall: '${syscall}', path: '/etc/hosts' }); };`;
    for (const syscall of ['open', 'mkdir']) {
      for (const args of [
        [],
        ['--ledger', join(folder, `${syscall}.jsonl`), '--mail-dir', join(folder, 'mail')],
      ]) {
        const { code, errors } = await outcome(
          run(args, {
            NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(fail(syscall))}`,
          }),
        );
        expect([code, errors]).toEqual([
          1,
          `EMFILE: too many open files, ${syscall} '/etc/hosts'\n`,
        ]);
      }
    }
  });
});
