import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { generateDay, startSimulator, type Simulator } from '@catalyst/simulator';
import { compileCache } from '@catalyst/platform';
import { runCatalyst, temporaryFolder } from './run-catalyst.ts';

const folder = temporaryFolder();
const day = generateDay({ trade_date: '2026-03-25', seed: 7, symbols: 40 });
const symbols = day.securities
  .slice(0, 3)
  .map(({ symbol }) => symbol)
  .sort();
const home = join(folder.path, 'home');

/**
 * Before the simulator stands a socket that writes down what is asked for and leaves requests
 * without an answer from the n-th on.
 */
let simulator: Simulator;
let server: Server;
const asked: string[] = [];
let silent_from = Number.POSITIVE_INFINITY;
let sells_sip = true;
let environment: NodeJS.ProcessEnv;
beforeAll(async () => {
  simulator = await startSimulator({ day, at: '20:15' });
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    if (asked.length >= silent_from) return;
    if (!sells_sip && request.url?.includes('feed=sip') === true) {
      response
        .writeHead(403, { 'content-type': 'application/json' })
        .end('{"message":"subscription does not permit querying recent SIP data"}');
      return;
    }
    const headers = Object.fromEntries(
      Object.entries(request.headers).filter(([name]) => name.startsWith('apca-')),
    ) as Record<string, string>;
    void fetch(simulator.url + request.url, { headers }).then(async (answer) =>
      response
        .writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' })
        .end(Buffer.from(await answer.arrayBuffer())),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { key_id, secret_key } = simulator.accounts[0]!;
  environment = {
    ALPACA_API_KEY: key_id,
    ALPACA_SECRET_KEY: secret_key,
    ALPACA_TRADING_URL: url,
    ALPACA_DATA_URL: url,
  };
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await simulator.close();
  folder.remove();
});
beforeEach(() => {
  asked.length = 0;
  silent_from = Number.POSITIVE_INFINITY;
  sells_sip = true;
});

const record = (date: string, args: string[], env: NodeJS.ProcessEnv = environment) =>
  runCatalyst(['day', 'record', date, ...args], { home, cwd: folder.path, env });

describe('catalyst day record', () => {
  it('records a date, says what it has, and the day is a day', async () => {
    const { code, stdout, stderr } = await record('2026-03-25', [
      '--symbols',
      symbols.join(','),
      '--feed',
      'sip',
      '--out',
      'recorded',
      '--json',
    ]);
    expect({
      code,
      stderr: stderr
        .split('\n')
        .filter(
          (line) =>
            !/^(listings|minute bars|daily bars|news|corporate actions|recorded)/.test(line),
        ),
    }).toEqual({ code: 0, stderr: [''] });
    const told = JSON.parse(stdout) as Record<string, unknown>;
    expect(told).toMatchObject({
      trade_date: '2026-03-25',
      kind: 'imported',
      securities: 3,
      minute_bars: symbols.reduce((sum, symbol) => sum + day.minute_bars.get(symbol)!.length, 0),
    });
    expect(told.raw_dir).toContain(join(home, 'recordings', '2026-03-25-sip-'));
    const checked = await runCatalyst(['day', 'check', 'recorded', '--json'], {
      home,
      cwd: folder.path,
    });
    const { raw_dir: _raw, ...summary } = told;
    expect(JSON.parse(checked.stdout)).toEqual(summary);
  });

  it('that is killed in the middle goes on without asking again for what it has', async () => {
    silent_from = 8;
    const killed = {
      home: join(folder.path, 'killed'),
      args: [
        'day',
        'record',
        '2026-03-25',
        '--symbols',
        symbols.join(','),
        '--feed',
        'sip',
        '--out',
        'resumed',
      ],
    };
    const main = new URL('../src/main.ts', import.meta.url).pathname;
    const child = spawn(process.execPath, [main, ...killed.args], {
      cwd: folder.path,
      env: {
        ...compileCache(),
        PATH: process.env.PATH,
        CATALYST_HOME: killed.home,
        ...environment,
      },
      stdio: 'ignore',
    });
    while (asked.length < silent_from) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(existsSync(join(folder.path, 'resumed'))).toBe(false);
    const before = asked.slice(0, silent_from - 1);
    asked.length = 0;
    silent_from = Number.POSITIVE_INFINITY;
    const { code } = await runCatalyst(killed.args, {
      home: killed.home,
      cwd: folder.path,
      env: environment,
    });
    expect(code).toBe(0);
    expect(asked.filter((url) => before.includes(url))).toEqual(['/v2/clock']);
    for (const file of readdirSync(join(folder.path, 'recorded')))
      expect(
        readFileSync(join(folder.path, 'resumed', file)).equals(
          readFileSync(join(folder.path, 'recorded', file)),
        ),
      ).toBe(true);
  });

  it('is of all exchanges unless another feed is named, and names the other where they are not sold', async () => {
    sells_sip = false;
    // one of the three alone: what is kept of a recording of all three is not asked for again
    const { code, stderr } = await record('2026-03-25', [
      '--symbols',
      symbols[0]!,
      '--out',
      'unsold',
    ]);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /refuses \(403, subscription does not permit querying recent SIP data\); --feed iex records the trades of IEX alone$/m,
    );
    expect(
      (await record('2026-03-25', ['--symbols', symbols[0]!, '--feed', 'iex', '--out', 'unsold']))
        .code,
    ).toBe(0);
    expect(JSON.parse(readFileSync(join(folder.path, 'unsold', 'day.json'), 'utf8'))).toMatchObject(
      { notes: expect.arrayContaining([expect.stringContaining('feed iex')]) },
    );
  });

  it.each<[string, number, string, string[], NodeJS.ProcessEnv, RegExp]>([
    [
      'keys that are not set',
      78,
      '2026-03-25',
      ['--symbols', 'AAPL'],
      {},
      /ALPACA_API_KEY is not set: set it, or ALPACA_API_KEY_FILE to a file that holds it/,
    ],
    [
      'wrong keys',
      78,
      '2026-03-25',
      ['--symbols', 'AAPL'],
      { ALPACA_SECRET_KEY: 'not-the-secret' },
      /ALPACA_API_KEY and ALPACA_SECRET_KEY: .*does not accept the keys/,
    ],
    [
      'symbols that Alpaca does not know',
      2,
      '2026-03-25',
      ['--symbols', `${symbols[0]},NOPEA,NOPEB`],
      {},
      /^catalyst: Alpaca does not know NOPEA, NOPEB$/m,
    ],
    [
      'a list of no symbols',
      2,
      '2026-03-25',
      ['--symbols', ' , '],
      {},
      /^catalyst: --symbols names none/,
    ],
    [
      'a Sunday',
      2,
      '2026-03-22',
      ['--symbols', 'AAPL'],
      {},
      /^catalyst: the exchange has no session on 2026-03-22; the nearest are 2026-03-20 and 2026-03-23$/m,
    ],
    [
      'a date that is not over',
      2,
      '2026-03-26',
      ['--symbols', 'AAPL'],
      {},
      /^catalyst: 2026-03-26 is not over/,
    ],
    [
      'a folder with something in it',
      2,
      '2026-03-25',
      ['--symbols', 'AAPL', '--out', 'recorded'],
      {},
      /is not empty; name a new folder with --out/,
    ],
    [
      'another feed',
      2,
      '2026-03-25',
      ['--symbols', 'AAPL', '--feed', 'otc'],
      {},
      /Allowed choices are sip, iex/,
    ],
    ['no date', 2, 'yesterday', ['--symbols', 'AAPL'], {}, /expected a date such as 2026-03-24/],
  ])(
    'refuses %s with %i and one sentence, and never shows the keys',
    async (what, expected, date, args, env, message) => {
      const { code, stdout, stderr } = await record(
        date,
        args,
        what === 'keys that are not set' ? {} : { ...environment, ...env },
      );
      expect({ code, stdout }).toEqual({ code: expected, stdout: '' });
      expect(stderr).toMatch(message);
      expect(stderr).not.toContain('    at ');
      for (const secret of [environment.ALPACA_SECRET_KEY!, 'not-the-secret'])
        expect(stderr).not.toContain(secret);
    },
  );
});
