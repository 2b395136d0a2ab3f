import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  clientConfiguration,
  services,
  signalStreamKey,
  workflowApi,
  type Api,
  type TradingSignal,
} from '@catalyst/contracts';
import { stableId } from '@catalyst/domain';
import { compileCache, freePort, sharedRedis } from '@catalyst/platform';
import { sha256, type Handlers, type ServiceSpec } from '@catalyst/service-kit';
import {
  createTestDatabase,
  createTestKeys,
  eventually,
  startTestService,
} from '@catalyst/testkit';
import { Redis } from 'ioredis';
import { z } from 'zod';
import { own, startProgram } from './processes.ts';
import { WRONG_KEY } from './wrong-key.ts';

const ID = stableId('benchmark');
const AT = '2026-03-24T14:00:00.000Z';
/** A row of usual size, with the instant at which it was made. */
export const signalOf = (order: number): TradingSignal => ({
  v: 1,
  seq: order,
  signal_id: stableId('signal', order),
  at: AT,
  kind: 'signal',
  symbol: 'ACME',
  side: 'buy',
  order_type: 'limit',
  entry_price: '50.1',
  stop_price: '49',
  target_price: '53',
  confidence: 0.8,
  catalyst_type: 'fda',
  source: 'wire',
  pattern: 'bull_flag',
  reason: `sent ${performance.timeOrigin + performance.now()} as ${order}`,
  sector: 'Health Care',
  price: '50.1',
  relative_volume: 3.1,
  market_cap: 2e9,
  market_cap_as_of: '2026-03-01',
  valid_until: AT,
  chain: {
    cycle_id: ID,
    decision_id: ID,
    scan_id: null,
    article_id: null,
    headline: 'Acme wins a contract',
  },
});

/** Orchestration as a process of its own, before a workflow that lets everybody in and nothing else. */
export const startOurs = async (files: number, profile_dir?: string) => {
  const keys = createTestKeys();
  const database = await createTestDatabase();
  const { url: redis_url } = await sharedRedis();
  const redis = new Redis(redis_url);
  const log_id = randomUUID();
  const configuration = clientConfiguration.parse({
    version: 0,
    settings: {},
    limits: {},
    effective: { risk: {}, filters: {}, execution: {}, may_enter: true, why_not: [] },
    flags: { auto_execution: true, multiple_sessions: false },
  });
  let seq = 0;
  const answers: Partial<Handlers<typeof workflowApi>> = {
    watchSignals: () => ({ log_id, seq, change: 0, changes: [] }),
    listSignalLog: () => ({ log_id, signals: [], next_after_seq: 0, seq }),
    findSignalClient: ({ body }) => ({
      client:
        'key_hash' in body && body.key_hash === sha256(WRONG_KEY)
          ? null
          : {
              client_id: stableId('client', JSON.stringify(body)),
              name: 'client',
              scope: 'trade' as const,
              expires_at: null,
              configuration,
            },
      refused: null,
    }),
    recordSessions: () => ({ recorded: 0 }),
  };
  const handlers = Object.fromEntries(
    Object.keys(workflowApi as Api).map((name) => [
      name,
      answers[name as keyof typeof answers] ??
        (() => Promise.reject(new Error(`nobody asks for ${name}`))),
    ]),
  );
  const spec: ServiceSpec<Api, z.ZodObject> = {
    name: 'workflow',
    api: workflowApi as Api,
    config: z.object({}),
    start: async () => ({ handlers: handlers as never }),
  };
  const workflow = await startTestService(spec, { keys, database_url: database.url });
  const port = await freePort();
  const home = mkdtempSync(join(tmpdir(), 'catalyst-bench-'));
  const nowhere = Object.fromEntries(
    services.orchestration.depends_on.map((name) => [
      `${name.toUpperCase()}_URL`,
      'http://127.0.0.1:9',
    ]),
  );
  const server = startProgram(own('../../services/orchestration/src/main.ts'), files, {
    node_options: profile_dir ? ['--cpu-prof', `--cpu-prof-dir=${profile_dir}`] : [],
    env: {
      ...compileCache(),
      PATH: process.env.PATH ?? '',
      ...nowhere,
      WORKFLOW_URL: workflow.url,
      PORT: String(port),
      TRADING_MODE: 'paper',
      RUN_ID: `bench-${log_id.slice(0, 8)}`,
      REDIS_URL: redis_url,
      SERVICE_KEY: keys.orchestration,
      SERVICE_KEY_HASHES: '{}',
      CATALYST_HOME: home,
      LOG_LEVEL: 'error',
    },
  });
  await eventually(async () => {
    const { status } = await fetch(`http://127.0.0.1:${port}/health/ready`);
    if (status !== 200) throw new Error('not ready');
  });
  const key = signalStreamKey(log_id);
  return {
    url: `ws://127.0.0.1:${port}/ws/signals`,
    pid: server.pid!,
    publish: async (): Promise<void> => {
      seq += 1;
      await redis.xadd(key, `${seq}-0`, 'signal', JSON.stringify(signalOf(seq)));
    },
    close: async (): Promise<void> => {
      const gone = new Promise((resolve) => server.once('exit', resolve));
      server.kill(profile_dir ? 'SIGTERM' : 'SIGKILL');
      await gone;
      await redis.del(key);
      redis.disconnect();
      await workflow.close();
      await database.drop();
      rmSync(home, { recursive: true, force: true });
    },
  };
};
export type MeasuredServer = Omit<Awaited<ReturnType<typeof startOurs>>, 'publish'> & {
  publish(): Promise<void> | void;
};
