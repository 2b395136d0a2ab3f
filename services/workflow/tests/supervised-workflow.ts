import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { workflowApi } from '@catalyst/contracts';
import { compileCache, freePort, sharedRedis } from '@catalyst/platform';
import { createClient, sha256 } from '@catalyst/service-kit';
import { eventually } from '@catalyst/testkit';
import type { FixtureFleet } from './fixture-fleet/fixture-fleet.ts';
import { at } from './fixture-fleet/script.ts';

const MAIN = join(import.meta.dirname, '../src/main.ts');

/** The workflow service as a process of its own, started again whenever it is gone. */
export const superviseWorkflow = async (
  fleet: FixtureFleet,
  { from = '04:00', env: more = {} }: { from?: string; env?: Record<string, string> } = {},
) => {
  const port = await freePort();
  const home = mkdtempSync(join(tmpdir(), 'catalyst-test-'));
  const { url: redisUrl } = await sharedRedis();
  const env = {
    ...compileCache(),
    PATH: process.env.PATH ?? '',
    PORT: String(port),
    TRADING_MODE: 'replay',
    REPLAY_START_AT: at(from),
    RUN_ID: 'test',
    DATABASE_URL: fleet.database.url,
    REDIS_URL: redisUrl,
    SERVICE_KEY: fleet.keys.workflow,
    SERVICE_KEY_HASHES: JSON.stringify(
      Object.fromEntries(
        (['cli', 'orchestration'] as const).map((caller) => [caller, sha256(fleet.keys[caller])]),
      ),
    ),
    CATALYST_HOME: home,
    LOG_LEVEL: 'error',
    ...fleet.env,
    ...more,
  };
  let child: ChildProcess;
  let isStopping = false;
  const start = (): void => {
    child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'ignore', 'inherit'] });
    child.once('exit', () => {
      if (!isStopping) start();
    });
  };
  start();
  const url = `http://127.0.0.1:${port}`;
  const client = createClient(workflowApi, {
    service: 'workflow',
    base_url: url,
    api_key: fleet.keys.cli,
    timeout_ms: 120_000,
    retry_for_ms: 150_000,
  });
  await eventually(() => client.listProposals({ query: {} }), 60_000);
  return {
    url,
    client,
    kill: () => void child.kill('SIGKILL'),
    close: async (): Promise<void> => {
      isStopping = true;
      const gone = new Promise((resolve) => child.once('exit', resolve));
      if (child.kill('SIGKILL')) await gone;
      rmSync(home, { recursive: true, force: true });
    },
  };
};
