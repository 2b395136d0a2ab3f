import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { serviceNames } from '@catalyst/contracts';
import { freePort, identifyProcess } from '@catalyst/platform';
import { loadDay, startSimulator } from '@catalyst/simulator';
import { runCatalyst, temporaryFolder } from './run-catalyst.ts';

const folder = temporaryFolder();
let homes = 0;
const newHome = (): string => join(folder.path, `home-${(homes += 1)}`);
const haltFile = (home: string): string => join(home, 'state', 'halt');
const parts: (Server | ChildProcess)[] = [];
afterEach(() => {
  for (const part of parts.splice(0))
    if ('kill' in part) part.kill('SIGKILL');
    else part.close();
});
afterAll(folder.remove);

/** A home in which a paper desk runs, as far as the command can tell: its services are at `url`. */
const homeOfDesk = (url: string): { home: string; supervisor: ChildProcess } => {
  const supervisor = spawn('sleep', ['600'], { stdio: 'ignore' });
  parts.push(supervisor);
  const home = newHome();
  mkdirSync(home, { recursive: true });
  writeFileSync(
    join(home, 'run.json'),
    JSON.stringify({
      state: 'ready',
      run_id: 'a-paper-desk',
      mode: 'paper',
      started_at: '2026-03-24T08:00:00.000Z',
      supervisor: identifyProcess(supervisor.pid!),
      home,
      logs_dir: join(home, 'logs'),
      urls: Object.fromEntries(serviceNames.map((name) => [name, url])),
      cli_key: 'key',
      mcp_key: 'key',
      database_url: null,
      redis_url: null,
      trade_date: null,
      day_dir: null,
    }),
  );
  return { home, supervisor };
};
const held = {
  position_id: '00000000-0000-4000-8000-000000000001',
  cycle_id: null,
  symbol: 'ACME',
  direction: 'long',
  status: 'open',
  qty: '100',
  entered_qty: '100',
  entry_price: '50',
  entered_at: '2026-03-24T14:00:00.000Z',
  exit_price: null,
  exited_at: null,
  exit_reason: null,
  initial_stop_price: '49',
  target_price: '52',
  last_price: '50',
  last_price_at: null,
  unrealized_pnl_usd: '0',
  realized_pnl_usd: '0',
  r_multiple: null,
  is_protected: true,
  is_adopted: false,
  intent_id: null,
};
/** Answers the list of positions, and `acts` to what is done with one; to nothing else. */
const deskThatHolds = async (
  positions: object[],
  acts: (path: string, body: unknown) => object = () => ({}),
): Promise<string> => {
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/api/v1/positions') !== true) return;
    response.setHeader('content-type', 'application/json');
    let body = '';
    request
      .on('data', (part) => (body += String(part)))
      .on('end', () =>
        response.end(
          JSON.stringify(
            request.method === 'POST' ? acts(request.url!, JSON.parse(body)) : { positions },
          ),
        ),
      );
  });
  parts.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

describe('halt', () => {
  it('works with everything else dead, by the file that risk reads before each order', async () => {
    const home = newHome();
    const asked = await runCatalyst(['halt', '--reason', 'bad news'], { home });
    expect(asked).toMatchObject({ code: 2, stdout: '' });
    expect(asked.stderr).toContain('nothing was done; say it with --yes');
    expect(existsSync(haltFile(home))).toBe(false);
    const { code, stdout } = await runCatalyst(['halt', '--reason', 'bad news', '--yes'], { home });
    expect(code).toBe(0);
    expect(stdout).toContain(`halted by the file ${haltFile(home)}`);
    expect(readFileSync(haltFile(home), 'utf8')).toMatch(/^halted by .+: bad news\n$/);
  });

  it('is done by the file where a desk runs and does not answer', async () => {
    const { home } = homeOfDesk(await deskThatHolds([held]));
    const { code, stdout } = await runCatalyst(['halt', '--yes', '--json'], { home });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      act: 'halt',
      done: true,
      by_file: haltFile(home),
      trading_state: 'halted',
    });
    expect(existsSync(haltFile(home))).toBe(true);
  }, 60_000);

  it('of a desk on a server that does not answer ends with 3, says that nothing is halted and what halts it', async () => {
    const home = newHome();
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, 'key'), 'secret-key\n');
    const { code, stderr } = await runCatalyst(['halt', '--yes'], {
      home,
      env: {
        CATALYST_URL: `http://127.0.0.1:${await freePort()}`,
        CATALYST_KEY_FILE: join(home, 'key'),
      },
    });
    expect(code).toBe(3);
    expect(stderr).toMatch(/nothing was halted: .* On the server itself a file halts it/);
    expect(existsSync(haltFile(home))).toBe(false);
  });
});

describe('a desk on a server', () => {
  it.each([
    [{ CATALYST_URL: 'http://desk.example.com' }, 'the key would be read on its way'],
    [{ CATALYST_URL: 'desk.example.com' }, 'expected an address such as https://'],
    [{ CATALYST_URL: 'https://desk.example.com' }, 'CATALYST_KEY_FILE is not set'],
    [
      { CATALYST_URL: 'https://desk.example.com', CATALYST_KEY_FILE: '/nowhere/key' },
      '/nowhere/key, which cannot be read (ENOENT)',
    ],
    [
      { CATALYST_URL: 'https://desk.example.com', CATALYST_KEY_FILE: '/dev/null' },
      'which holds no key',
    ],
  ])('that is not named in full ends with 78 and says what is missing: %j', async (env, says) => {
    const { code, stdout, stderr } = await runCatalyst(['positions'], { home: newHome(), env });
    expect({ code, stdout }).toEqual({ code: 78, stdout: '' });
    expect(stderr).toContain(says);
  });
});

describe('close', () => {
  it('by an order of your own says what it does, asks once, and asks workflow for just that', async () => {
    const asked: [string, unknown][] = [];
    const { home } = homeOfDesk(
      await deskThatHolds([held], (path, body) => {
        asked.push([path, body]);
        const { position_id, symbol, status } = held;
        return { position_id, symbol, status, message: 'ACME leaves by a stop that trails' };
      }),
    );
    const trail = ['close', 'acme', '--trail', '2%'];
    const first = await runCatalyst(trail, { home });
    expect(first.code).toBe(2);
    expect(first.stderr).toContain(
      'ACME: 100 shares, $0.00 open: leave by a stop that trails the price by 2 %; without the target',
    );
    expect(asked).toEqual([]);
    const { code, stdout } = await runCatalyst([...trail, '--yes'], { home });
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'ACME leaves by a stop that trails\n' });
    expect(asked).toMatchObject([
      [
        `/api/v1/positions/${held.position_id}/exit-order`,
        { exit: { kind: 'trailing_percent', trail_percent: '2' } },
      ],
    ]);
    expect((await runCatalyst(['close', 'ACME', '--trail', 'x'], { home })).code).toBe(2);
  });
});

describe('down', () => {
  const isAlive = ({ pid }: ChildProcess): boolean => identifyProcess(pid!) !== null;

  it('leaves a paper desk running that holds something, with the list and the two ways', async () => {
    const { home, supervisor } = homeOfDesk(await deskThatHolds([held]));
    const { code, stdout, stderr } = await runCatalyst(['down'], { home });
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
    expect(stderr).toMatch(/the desk goes on: it holds ACME 100; --flatten .* --leave-open/);
    expect(isAlive(supervisor)).toBe(true);
  });

  it('leaves it running too where it cannot see what is held', async () => {
    const { home, supervisor } = homeOfDesk(`http://127.0.0.1:${await freePort()}`);
    const { code, stderr } = await runCatalyst(['down'], { home });
    expect(code).toBe(3);
    expect(stderr).toContain('the desk goes on: what it holds cannot be seen');
    expect(isAlive(supervisor)).toBe(true);
  });

  it('leaves positions open for a reason, which it writes down', async () => {
    const { home } = homeOfDesk(await deskThatHolds([held]));
    expect((await runCatalyst(['down', '--leave-open'], { home })).code).toBe(2);
    const { code, stdout } = await runCatalyst(
      ['down', '--leave-open', '--reason', 'I watch them myself'],
      { home },
    );
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: 'stopped the desk a-paper-desk; nobody watches ACME 100 now\n',
    });
    expect(readFileSync(join(home, 'logs', 'supervisor.log'), 'utf8')).toMatch(
      /"taken_down_with_open_positions","held":\["ACME 100"\].*"I watch them myself"/,
    );
  });

  it('ends a desk that holds nothing', async () => {
    const { home, supervisor } = homeOfDesk(await deskThatHolds([]));
    expect((await runCatalyst(['down'], { home })).code).toBe(0);
    expect(isAlive(supervisor)).toBe(false);
  });
});

describe('flatten --direct', () => {
  it('cancels every order and closes every position with the broker alone, after the halt file', async () => {
    const day_dir = new URL('../../simulator/days/2026-03-24', import.meta.url).pathname;
    const simulator = await startSimulator({
      day: await loadDay(day_dir),
      at: '10:00',
      fills: 'at_once',
    });
    const { key_id, secret_key, account_number } = simulator.accounts[0]!;
    const headers = { 'APCA-API-KEY-ID': key_id, 'APCA-API-SECRET-KEY': secret_key };
    const ask = async (path: string, init: RequestInit = {}): Promise<unknown> =>
      (await fetch(`${simulator.url}${path}`, { ...init, headers })).json();
    const order = (over: object) =>
      ask('/v2/orders', {
        method: 'POST',
        body: JSON.stringify({
          symbol: 'GRTH',
          qty: '10',
          side: 'buy',
          time_in_force: 'day',
          ...over,
        }),
      });
    try {
      await order({ type: 'market' });
      await order({ symbol: 'PLSD', type: 'limit', limit_price: '1' });
      expect(await ask('/v2/positions')).toMatchObject([{ symbol: 'GRTH', qty: '10' }]);
      const home = newHome();
      const env = {
        ALPACA_API_KEY: key_id,
        ALPACA_SECRET_KEY: secret_key,
        ALPACA_TRADING_URL: simulator.url,
      };
      const asked = await runCatalyst(['flatten', '--direct'], { home, env });
      expect(asked.code).toBe(2);
      expect(asked.stderr).toContain(`account ${account_number}`);
      expect(asked.stderr).toContain('1 position (GRTH 10): closed at market');
      expect(await ask('/v2/positions')).toHaveLength(1);

      const { code, stdout } = await runCatalyst(['flatten', '--direct', '--yes', '--json'], {
        home,
        env,
      });
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({
        direct: true,
        done: true,
        account_number,
        closed: [{ symbol: 'GRTH', qty: '10' }],
      });
      expect(await ask('/v2/positions')).toEqual([]);
      expect(await ask('/v2/orders?status=open')).toEqual([]);
      expect(readFileSync(haltFile(home), 'utf8')).toMatch(/^flattened at the broker by .+\n$/);
    } finally {
      await simulator.close();
    }
  }, 60_000);

  it('ends with 78 without keys of the broker, and touches nothing', async () => {
    const home = newHome();
    const { code, stderr } = await runCatalyst(['flatten', '--direct', '--yes'], { home });
    expect(code).toBe(78);
    expect(stderr).toContain('ALPACA_API_KEY');
    expect(existsSync(haltFile(home))).toBe(false);
  });
});
