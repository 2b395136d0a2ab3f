import { afterAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createProgram } from '../src/program.ts';
import { runCatalyst, temporaryFolder } from './run-catalyst.ts';

const folder = temporaryFolder();
afterAll(folder.remove);
const catalyst = (...args: string[]) => runCatalyst(args, { home: join(folder.path, 'home') });

describe('the catalyst command', () => {
  it.each([
    [['demmo'], 'Did you mean demo?'],
    [['demo', '--jsn'], 'Did you mean --json?'],
    [['cycle', 'strat'], 'Did you mean start?'],
    [['cycle', 'start', '--universe-size', 'many'], 'expected a whole number'],
    [['cycle', 'start', '--mode', 'alone'], 'Allowed choices are autonomous, supervised'],
    [
      ['cycle', 'mode', 'alone', '--reason', 'a quiet day'],
      'Allowed choices are autonomous, super',
    ],
    [['logs', 'nws'], 'there is no service "nws": expected one of orchestration, scanner'],
    [['up'], 'catalyst up --embedded'],
    [['demo', '--day', 'someday'], 'there is no day "someday"'],
    [['cycle', 'stop', '--reason', ''], 'expected 3 to 500 characters that say why'],
    [['report', '--date', '2026-99-99'], 'expected a date such as 2026-03-24'],
    [['cycle', 'stop', '--now'], 'catalyst cycle stop --help lists its options'],
    [['why', 'grantham'], '"grantham" is no ticker: expected one such as AAPL or BRK.B'],
    [['why', 'GRTH', '--date', '2026-02-30'], 'expected a date such as 2026-03-24'],
    [['why', 'GRTH', '--at', '25:00'], 'expected a time such as 10:30'],
    [['day', 'generate'], "required option '--date"],
    [['day', 'generate', '--date', '2026-03-28'], 'must be a trading day'],
    [
      ['day', 'import', '--bars', '/nowhere', '--date', '2014-06-06', '--symbols', 'AAPL'],
      'there is no folder /nowhere',
    ],
  ])('ends with 2 on wrong usage and says what was meant: %j', async (args, says) => {
    const { code, stdout, stderr } = await catalyst(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(says);
  });

  it('ends with 3 and says how to start a desk where a verb needs one and none runs', async () => {
    for (const verb of [
      ['status'],
      ['arm'],
      ['cycle', 'status'],
      ['report'],
      ['pause', '--yes'],
      ['flatten', '--yes'],
      ['positions'],
      ['plan'],
    ]) {
      const { code, stdout, stderr } = await catalyst(...verb);
      expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
      expect(stderr).toContain('catalyst up --embedded');
    }
  });

  it('ends with 3 and says how to have a day to ask about where none was kept', async () => {
    const { code, stdout, stderr } = await catalyst('why', 'GRTH');
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(/no replay was kept; run \S+\/catalyst demo first\n$/);
  });

  it('tells a fault as one line of JSON on standard error with --json, and keeps standard output clean', async () => {
    const { code, stdout, stderr } = await catalyst('status', '--json');
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(JSON.parse(stderr)).toEqual({
      error: { code: 'UNHEALTHY', message: expect.stringContaining('no desk is running') },
    });
  });

  it.each([
    [['stop'], "unknown command 'stop'"],
    [['resume'], "required option '--reason <text>'"],
    [['up', '--mode', 'sideways'], "'sideways' is invalid"],
    [['arm', '--reason', 'x'], 'expected 3 to 500 characters'],
  ])('tells wrong usage as one line of JSON too: %j', async (args, says) => {
    const { code, stdout, stderr } = await catalyst(...args, '--json');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(JSON.parse(stderr)).toEqual({
      error: { code: 'USAGE', message: expect.stringContaining(says) },
    });
  });

  it('ends with 78 where DATABASE_URL leads nowhere, and does not print its password', async () => {
    const { code, stderr } = await runCatalyst(['demo'], {
      home: join(folder.path, 'home'),
      env: { DATABASE_URL: 'postgres://desk:hunter2@127.0.0.1:1/desk' },
    });
    expect(code).toBe(78);
    expect(stderr).toMatch(
      /PostgreSQL at postgres:\/\/desk:\*\*\*@127\.0\.0\.1:1\/desk does not let us in/,
    );
    expect(stderr).not.toContain('hunter2');
  });

  it('has nothing to stop when nothing runs, and that is no fault', async () => {
    expect(await catalyst('down')).toEqual({ code: 0, stdout: 'nothing is running\n', stderr: '' });
  });

  it('prints help without colours and without a terminal, and ends with 0', async () => {
    const { code, stdout } = await catalyst('--help');
    expect(code).toBe(0);
    // who must stop it finds the stops first
    expect(stdout.indexOf('  halt ')).toBeLessThan(stdout.indexOf('  status '));
    for (const verb of [
      'halt',
      'pause',
      'cancel',
      'flatten',
      'resume',
      'demo',
      'up',
      'down',
      'status',
      'logs',
      'doctor',
      'arm',
      'cycle',
      'report',
      'why',
      'day',
    ])
      expect(stdout).toContain(`  ${verb}`);
    expect(stdout).not.toContain('\u001b[');
  });

  it('accepts --json on every verb', () => {
    const verbs = createProgram().commands.flatMap((command) =>
      command.commands.length > 0 ? command.commands : [command],
    );
    expect(verbs.length).toBeGreaterThanOrEqual(17);
    for (const verb of verbs) expect(verb.options.map(({ long }) => long)).toContain('--json');
  });

  it('shows the log lines of one service and one cycle in order of time', async () => {
    const home = join(folder.path, 'logs-home');
    mkdirSync(join(home, 'logs'), { recursive: true });
    const line = (timestamp: string, event: string, cycle_id?: string) =>
      JSON.stringify({ timestamp, level: 'info', event, cycle_id });
    writeFileSync(
      join(home, 'logs', 'risk.log'),
      `${line('2026-03-10T13:31:00.000Z', 'second', 'c1')}\nnot JSON\n`,
    );
    writeFileSync(
      join(home, 'logs', 'news.log'),
      `${line('2026-03-10T13:30:00.000Z', 'first', 'c1')}\n${line('2026-03-10T13:32:00.000Z', 'third', 'c2')}\n`,
    );
    const events = async (...args: string[]) =>
      (
        JSON.parse((await runCatalyst(['logs', '--json', ...args], { home })).stdout) as {
          lines: { event: string }[];
        }
      ).lines.map(({ event }) => event);
    expect(await events()).toEqual(['first', 'second', 'not JSON', 'third']);
    expect(await events('--cycle', 'c1')).toEqual(['first', 'second']);
    expect(await events('risk')).toEqual(['second', 'not JSON']);
  });
});
