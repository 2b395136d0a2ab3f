import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serviceNames, type ServiceName } from '@catalyst/contracts';
import { startTestService } from '@catalyst/testkit';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import {
  startFleetBehind,
  type FleetBehind,
} from '../../services/orchestration/tests/fleet-behind/fleet-behind.ts';
import { orchestrationService } from '../../services/orchestration/src/service.ts';
import { findFrontDoor, newKey, openFrontDoor, type FrontDoor } from '../front-door.ts';

/** Clients of others, of the versions that the documents name. */
const INSPECTOR = '@modelcontextprotocol/inspector@2.12.0';
const REMOTE = 'mcp-remote@0.15.1';
const program = await findFrontDoor();
const may = program !== null && process.env.CATALYST_TEST_DOWNLOADS === '1';
if (!may)
  process.stderr.write(
    'LEFT OUT of tests/live/outside-clients.test.ts: the Inspector and mcp-remote, which CATALYST_TEST_DOWNLOADS=1 fetches where nginx is installed\n',
  );
const withClients = may ? describe : describe.skip;

/** What a tool wants that has no default, by the name of the argument. */
const given: Readonly<Record<string, string>> = {
  symbol: 'ACME',
  side: 'buy',
  quantity: '10',
  stop_loss: '40',
  stop_price: '45',
  parameter: 'daily_loss_limit_usd',
  name: 'daily_loss_limit_usd',
  value: '1500',
  reason: 'tried by a test',
  trade_date: '2026-03-10',
};

withClients('a client that others wrote, through Nginx with TLS', () => {
  const folder = mkdtempSync(join(tmpdir(), 'catalyst-clients-'));
  const key = newKey();
  let fleet: FleetBehind;
  let service: { url: string; close(): Promise<void> };
  let door: FrontDoor;

  const run = (command: string, args: string[]) =>
    new Promise<{ code: number | null; out: string; err: string }>((done, fail) => {
      const child = spawn(command, args, {
        cwd: folder,
        env: {
          ...process.env,
          HOME: folder,
          ...(door && { NODE_EXTRA_CA_CERTS: join(door.keys_dir, 'tls.crt') }),
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let [out, err] = ['', ''];
      child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
      child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
      child.once('error', fail);
      child.once('close', (code) => done({ code, out, err }));
    });

  beforeAll(async () => {
    const installed = await run('npm', [
      ...['install', '--no-audit', '--no-fund', '--prefix', folder, INSPECTOR, REMOTE],
    ]);
    expect([installed.code, installed.err]).toEqual([0, expect.anything()]);
    fleet = await startFleetBehind();
    fleet.letIn('outside', key);
    service = await startTestService(orchestrationService, {
      env: { ...fleet.env, RUN_ID: 'outside-clients', MCP_REQUESTS_PER_MINUTE: '100000' },
      replay_start_at: '2026-03-10T08:00:00.000Z',
    });
    const addresses = Object.fromEntries(
      serviceNames.map((name) => [name, '127.0.0.1:9']),
    ) as Record<ServiceName, string>;
    addresses.orchestration = new URL(service.url).host;
    door = await openFrontDoor(program!, addresses, { cli_key: newKey() });
  }, 300_000);
  afterAll(async () => {
    await door?.close();
    await service?.close();
    await fleet?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const bin = (name: string) => join(folder, 'node_modules', '.bin', name);
  const inspect = async (...args: string[]) => {
    const { code, out, err } = await run(process.execPath, [
      ...[bin('mcp-inspector'), '--cli', `${door.https_url}/mcp`, '--transport', 'http'],
      ...['--header', `X-API-Key: ${key}`, ...args],
    ]);
    // 5 is its word for a tool that refused; the answer is printed all the same
    expect([args, [0, 5].includes(code!), err]).toEqual([args, true, expect.anything()]);
    return JSON.parse(out);
  };

  it('is the Inspector, which lists everything and calls each tool', async () => {
    const { tools } = (await inspect('--method', 'tools/list')) as {
      tools: { name: string; inputSchema: { required?: string[] } }[];
    };
    expect(tools).toHaveLength(28);
    const { resources } = await inspect('--method', 'resources/list');
    expect(resources.length).toBeGreaterThan(5);
    const { prompts } = await inspect('--method', 'prompts/list');
    expect(prompts).toHaveLength(6);
    for (const { name, inputSchema } of tools) {
      const args = (inputSchema.required ?? []).flatMap((argument) => [
        '--tool-arg',
        `${argument}=${given[argument] ?? 'unknown'}`,
      ]);
      const answer = await inspect('--method', 'tools/call', '--tool-name', name, ...args);
      expect([name, answer.content?.[0]?.type]).toEqual([name, 'text']);
    }
  }, 300_000);

  it('is mcp-remote, as the desk writes it into the file of Claude Desktop', async () => {
    const client = new Client({ name: 'desktop', version: '1' });
    await client.connect(
      new StdioClientTransport({
        command: process.execPath,
        args: [bin('mcp-remote'), `${door.https_url}/mcp`, '--header', `X-API-Key:${key}`],
        env: {
          ...(process.env as Record<string, string>),
          HOME: folder,
          NODE_EXTRA_CA_CERTS: join(door.keys_dir, 'tls.crt'),
        },
        stderr: 'ignore',
      }),
    );
    expect((await client.listTools()).tools).toHaveLength(28);
    const answer = await client.callTool({ name: 'get_positions', arguments: {} });
    expect(answer).toMatchObject({ content: [{ type: 'text' }] });
    await client.close();
  }, 60_000);
});
