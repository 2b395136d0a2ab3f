import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { errorBody, type CycleProgress, type Proposal, type ScanResult } from '@catalyst/contracts';
import { BUNDLED_DAY, readLedger, startReplay, type Replay } from '@catalyst/testkit';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { behindNginx } from './behind-nginx.ts';
import { newKey, openFrontDoor, type FrontDoor } from './front-door.ts';

const { program, withNginx } = await behindNginx('fleet-behind-nginx.test.ts');

withNginx('the fleet behind the real Nginx, in the middle of a replayed day', () => {
  let replay: Replay;
  let door: FrontDoor;
  let claude: Client;

  const call = async <T>(
    name: string,
    given: Record<string, unknown> = {},
  ): Promise<{ text: string; data: T }> => {
    const { content, structuredContent, isError } = (await claude.callTool({
      name,
      arguments: given,
    })) as CallToolResult;
    const text = content.map((part) => (part.type === 'text' ? part.text : '')).join('\n');
    if (isError === true) throw new Error(text);
    return { text, data: structuredContent as T };
  };
  const entries = async (symbol: string): Promise<unknown[]> =>
    (await readLedger(replay)).filter(
      ({ kind, order }) =>
        kind === 'order' &&
        (order as { symbol: string; side: string }).symbol === symbol &&
        (order as { side: string }).side === 'buy',
    );
  const ping = { method: 'POST', body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' }) };
  const withKey = (key: string) => ({
    ...ping,
    headers: { 'x-api-key': key, 'content-type': 'application/json' },
  });
  const codeOf = (text: string): string => errorBody.parse(JSON.parse(text)).error.code;

  beforeAll(async () => {
    replay = await startReplay({ day_dir: BUNDLED_DAY, as_processes: true });
    const { urls, keys } = replay.desk.fleet;
    const addresses = Object.fromEntries(
      Object.entries(urls).map(([name, url]) => [name, new URL(url).host]),
    ) as typeof urls;
    door = await openFrontDoor(program!, addresses, {
      cli_key: keys.cli,
      mcp_key: replay.desk.mcp_key,
    });
    await replay.advanceTo('09:40');
    claude = new Client({ name: 'test', version: '1' });
    await claude.connect(
      new StreamableHTTPClientTransport(new URL(`${door.https_url}/mcp`), {
        fetch: door.fetch,
        requestInit: { headers: { 'X-API-Key': door.keys.mcp } },
      }),
    );
  }, 240_000);
  afterAll(async () => {
    await claude?.close();
    await door?.close();
    await replay?.stop();
  }, 60_000);

  it('offers an MCP client over TLS the tools and the resources of v6.0, three of them templates', async () => {
    expect(claude.getServerVersion()).toMatchObject({ name: expect.any(String) });
    expect((await claude.listTools()).tools.length).toBeGreaterThan(20);
    expect((await claude.listResources()).resources.length).toBeGreaterThanOrEqual(6);
    const templates = (await claude.listResourceTemplates()).resourceTemplates;
    expect(templates.length).toBeGreaterThanOrEqual(3);
  });

  it('reads the running cycle as a resource, and the scan with its candidates as a tool', async () => {
    const [content] = (await claude.readResource({ uri: 'catalyst://trading-cycle/current' }))
      .contents;
    const progress = JSON.parse((content as { text: string }).text) as CycleProgress & {
      mode: string;
    };
    expect(progress).toMatchObject({
      mode: 'replay',
      cycle: { trade_date: replay.trade_date, state: 'trading' },
    });
    const scan = await call<{ results: ScanResult[]; total: number }>('get_scan_results');
    expect(scan.data.results.length).toBeGreaterThan(0);
    expect(scan.data.results.every(({ passed }) => passed)).toBe(true);
    expect(scan.text).toMatch(/^\[REPLAY\] \d\d:\d\d New York · trading active/);
  });

  it('previews a trade and sends nothing, then executes it once, even when it is confirmed twice', async () => {
    const { data } = await call<{ results: ScanResult[] }>('get_scan_results');
    const held = new Set(
      (await replay.trading.listPositions({ query: { status: 'open' } })).positions.map(
        ({ symbol }) => symbol,
      ),
    );
    const { symbol } = data.results.find((result) => !held.has(result.symbol))!;
    const before = await entries(symbol);
    const preview = await call<{ status: string; preview_id: string }>('execute_trade', {
      symbol,
      side: 'buy',
      quantity: 10,
    });
    expect(preview.data.status).toBe('confirmation_required');
    expect(await entries(symbol)).toEqual(before);
    const { preview_id } = preview.data;
    const confirm = () =>
      call<{ status: string; proposal: Proposal }>('execute_trade', { preview_id });
    const [first, second] = await Promise.all([confirm(), confirm()]);
    // the broker has it; whether it is filled the next minutes of the day decide
    for (const { data } of [first, second, await confirm()]) {
      expect(data.status).toMatch(/^(accepted|partially_filled|filled)$/);
      expect(data).toMatchObject({ proposal: { proposal_id: preview_id, state: 'executed' } });
    }
    expect(await entries(symbol)).toHaveLength(before.length + 1);
  });

  it('lets nobody in without a key (401) or with a wrong one (403)', async () => {
    const missing = await door.ask('/mcp', ping);
    expect([missing.status, codeOf(missing.text)]).toEqual([401, 'MISSING_KEY']);
    for (const key of [newKey(), door.keys.operator, replay.desk.fleet.keys.cli]) {
      const wrong = await door.ask('/mcp', withKey(key));
      expect([wrong.status, codeOf(wrong.text)]).toEqual([403, 'WRONG_KEY']);
    }
  });

  it('answers the operator at the API of the service that serves it', async () => {
    const answer = await door.ask('/api/v1/cycles/current', {
      headers: { 'x-api-key': door.keys.operator },
    });
    expect([answer.status, answer.json().cycle.trade_date]).toEqual([200, replay.trade_date]);
    expect(
      (await door.ask('/api/v1/cycles/current', { headers: { 'x-api-key': door.keys.mcp } }))
        .status,
    ).toBe(403);
  });

  it('strips a step time that comes from outside, so that nobody there can set the time of a replay', async () => {
    const forged = { 'x-step-time': '2026-03-24T19:59:00.000Z' };
    const { urls, keys } = replay.desk.fleet;
    // risk itself refuses it from the operator's command; behind Nginx it never sees one
    const inside = await fetch(`${urls.risk}/api/v1/status`, {
      headers: { 'x-api-key': keys.cli, ...forged },
    });
    expect([inside.status, codeOf(await inside.text())]).toEqual([403, 'STEP_TIME_REFUSED']);
    const operator = { headers: { 'x-api-key': door.keys.operator, ...forged } };
    expect((await door.ask('/api/v1/status', operator)).status).toBe(200);
    expect(
      (await door.ask('/api/v1/cycles/current', operator)).json().as_of < forged['x-step-time'],
    ).toBe(true);
  });

  it("does what the operator's command says from outside, stops and resumes among it", async () => {
    const key_file = join(door.keys_dir, 'operator.txt');
    writeFileSync(key_file, door.keys.operator);
    const catalyst = async (...args: string[]) => {
      const { stdout } = await promisify(execFile)(
        process.execPath,
        [join(import.meta.dirname, '../packages/cli/src/main.ts'), ...args, '--json'],
        {
          env: {
            ...process.env,
            CATALYST_URL: door.https_url,
            CATALYST_KEY_FILE: key_file,
            NODE_EXTRA_CA_CERTS: join(door.keys_dir, 'tls.crt'),
          },
        },
      );
      return JSON.parse(stdout);
    };
    const { symbol } = (await catalyst('positions')).positions[0];
    expect(await catalyst('risk')).toMatchObject({
      open_positions: expect.any(Number),
      if_stopped: { without_stop: [] },
    });
    expect((await catalyst('plan')).jobs).toContainEqual(
      expect.objectContaining({ job: 'close_positions', times: 1 }),
    );
    expect((await catalyst('why', symbol)).symbol).toBe(symbol);
    expect(await catalyst('status')).toMatchObject({ run_id: null, trading_state: 'active' });
    for (const [act, state] of [
      ['pause', 'reducing'],
      ['cancel', 'reducing'],
      ['halt', 'halted'],
    ] as const)
      expect(await catalyst(act, '--yes')).toMatchObject({ done: true, trading_state: state });
    expect(await catalyst('resume', '--yes', '--reason', 'seen enough')).toMatchObject({
      trading_state: 'active',
      lifted: { trading_state: 'halted', removed_halt_file: true },
    });
  }, 120_000);
});
