import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tradingApi } from '@catalyst/contracts';
import { freePort, sharedRedis } from '@catalyst/platform';
import { createClient, sha256, type Client } from '@catalyst/service-kit';
import type { Simulator } from '@catalyst/simulator';
import { createTestKeys, type TestDatabase } from '@catalyst/testkit';

export interface TradingProcess {
  url: string;
  /** Starts it; as often as it is to live. */
  start(): ChildProcess;
  isReady(): Promise<boolean>;
  /** As workflow asks it. */
  client(retry_for_ms: number): Client<typeof tradingApi>;
}

const keys = createTestKeys();

/** Trading as a process of its own at a simulated exchange, with a port and a home that stay. */
export const tradingProcess = async ({
  database,
  simulator,
  broker_url = simulator.url,
  env,
}: {
  database: TestDatabase;
  simulator: Simulator;
  /** What stands before the exchange's REST. */
  broker_url?: string;
  env: Record<string, string>;
}): Promise<TradingProcess> => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const environment = {
    ...process.env,
    NODE_OPTIONS: '',
    PORT: String(port),
    DATABASE_URL: database.url,
    REDIS_URL: (await sharedRedis()).url,
    SERVICE_KEY: keys.trading,
    SERVICE_KEY_HASHES: JSON.stringify({ workflow: sha256(keys.workflow) }),
    CATALYST_HOME: mkdtempSync(join(tmpdir(), 'catalyst-test-')),
    LOG_LEVEL: 'error',
    ALPACA_API_KEY: simulator.accounts[0]!.key_id,
    ALPACA_SECRET_KEY: simulator.accounts[0]!.secret_key,
    ALPACA_TRADING_URL: broker_url,
    ALPACA_DATA_URL: simulator.url,
    ALPACA_STREAM_URL: simulator.stream_url,
    ...env,
  };
  return {
    url,
    start: () =>
      spawn(process.execPath, [join(import.meta.dirname, '../src/main.ts')], {
        env: environment,
        stdio: ['ignore', 'ignore', 'inherit'],
      }),
    isReady: () =>
      fetch(`${url}/health/ready`).then(
        async (answer) => (await answer.arrayBuffer(), answer.ok),
        () => false, // not listening yet
      ),
    client: (retry_for_ms) =>
      createClient(tradingApi, {
        service: 'trading',
        base_url: url,
        api_key: keys.workflow,
        retry_for_ms,
      }),
  };
};
