import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { identifyProcess } from '@catalyst/platform';
import { BUNDLED_DAY, startRehearsal, type Rehearsal } from '@catalyst/testkit';

const main = new URL('../../packages/cli/src/main.ts', import.meta.url).pathname;
const home = mkdtempSync(join(tmpdir(), 'catalyst-down-'));
// what `down` ends: it stands for the supervisor, which a rehearsal has not
const supervisor = spawn('sleep', ['600'], { stdio: 'ignore' });
let rehearsal: Rehearsal | undefined;
afterAll(async () => {
  supervisor.kill('SIGKILL');
  await rehearsal?.stop();
  rmSync(home, { recursive: true, force: true });
});

const down = async (
  ...args: string[]
): Promise<{ code: number; stdout: string; stderr: string }> => {
  const child = spawn(process.execPath, [main, 'down', ...args], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, CATALYST_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  return { code, stdout, stderr };
};

it('down --flatten closes what a paper desk holds, waits until it is flat, and ends the desk then', async () => {
  const desk = await startRehearsal({
    day_dir: BUNDLED_DAY,
    date: '2026-03-24',
    from: '14:30',
    simulator_args: ['--fills', 'at-once'],
  });
  rehearsal = desk;
  const { simulator, fleet } = desk.desk;
  const { key_id, secret_key } = simulator!.accounts[0]!;
  const headers = { 'APCA-API-KEY-ID': key_id, 'APCA-API-SECRET-KEY': secret_key };
  const held = async () =>
    (await (await fetch(`${simulator!.url}/v2/positions`, { headers })).json()) as object[];
  await fetch(`${simulator!.url}/v2/orders`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({
      symbol: 'GRTH',
      qty: '50',
      side: 'buy',
      type: 'market',
      time_in_force: 'day',
    }),
  });
  await desk.runTo('14:35');
  expect(await held()).toMatchObject([{ symbol: 'GRTH', qty: '50' }]);
  writeFileSync(
    join(home, 'run.json'),
    JSON.stringify({
      state: 'ready',
      run_id: desk.desk.run_id,
      mode: 'paper',
      started_at: new Date().toISOString(),
      supervisor: identifyProcess(supervisor.pid!),
      home,
      logs_dir: join(home, 'logs'),
      urls: fleet.urls,
      cli_key: fleet.keys.cli,
      mcp_key: 'none',
      database_url: null,
      redis_url: null,
      trade_date: null,
      day_dir: null,
    }),
  );
  const refused = await down();
  expect(refused).toMatchObject({ code: 4, stdout: '' });
  expect(refused.stderr).toContain('the desk goes on: it holds GRTH 50');
  expect(identifyProcess(supervisor.pid!)).not.toBeNull();

  const ended = await down('--flatten', '--reason', 'going home');
  expect(ended).toMatchObject({
    code: 0,
    stdout: `stopped the desk ${desk.desk.run_id}\n`,
  });
  expect(await held()).toEqual([]);
  expect(identifyProcess(supervisor.pid!)).toBeNull();
  // the word that closed it stays: whoever starts the desk again resumes it
  expect(await desk.risk.showStatus()).toMatchObject({ trading_state: 'flattening' });
}, 120_000);
