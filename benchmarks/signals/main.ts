import { fork, spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
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
import type { Handlers, ServiceSpec } from '@catalyst/service-kit';
import {
  createTestDatabase,
  createTestKeys,
  eventually,
  startTestService,
} from '@catalyst/testkit';
import { Redis } from 'ioredis';
import { z } from 'zod';

/**
 * One signal to many clients: from the row in Redis to its receipt, the server's processor time for
 * each delivery, and what a connection costs in memory; beside a bare loop over `ws` in the same run.
 * Server, clients and publisher are three processes. With 10,000 clients each of two processes needs
 * more than 10,000 open files: `ulimit -n 20000`.
 */
const { values } = parseArgs({
  options: {
    clients: { type: 'string', default: '1000' },
    signals: { type: 'string', default: '30' },
    json: { type: 'boolean', default: false },
  },
});
const CLIENTS = Number(values.clients);
const SIGNALS = Number(values.signals);
/** Apart, so that each is one delivery to all and not a queue. */
const APART_MS = Math.max(100, CLIENTS / 8);

const here = import.meta.dirname;
const now = (): number => performance.timeOrigin + performance.now();
const ID = stableId('benchmark');
const AT = '2026-03-24T14:00:00.000Z';

const signalOf = (seq: number, order: number): TradingSignal => ({
  v: 1,
  seq,
  signal_id: stableId('signal', seq),
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
  reason: `sent ${now()} as ${order}`,
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

/** Processor seconds that a process has used. */
const cpuOf = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
};
const memoryOf = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) * 1024;
const next = <T>(child: ChildProcess): Promise<T> =>
  new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(message as T));
    child.once('exit', (code) =>
      reject(new Error(`a process of the benchmark ended with ${code}`)),
    );
  });
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const measure = async (
  name: string,
  url: string,
  pid: number,
  subscribe: boolean,
  publish: (order: number) => Promise<unknown> | void,
) => {
  const clients = fork(join(here, 'clients.ts'));
  const before = memoryOf(pid);
  clients.send({ url, clients: CLIENTS, subscribe, signals: SIGNALS });
  await next(clients);
  const memory = (memoryOf(pid) - before) / CLIENTS;
  const cpu = cpuOf(pid);
  const told = next<{ p50_ms: number; p99_ms: number; received: number; out_of_order: number }>(
    clients,
  );
  for (let order = 1; order <= SIGNALS; order += 1) {
    await publish(order);
    await pause(APART_MS);
  }
  const { p50_ms, p99_ms, received, out_of_order } = await told;
  const used = cpuOf(pid) - cpu;
  clients.disconnect();
  return {
    name,
    p50_ms: Math.round(p50_ms * 10) / 10,
    p99_ms: Math.round(p99_ms * 10) / 10,
    cpu_us_per_delivery: Math.round((used / received) * 1e7) / 10,
    memory_kb_per_client: Math.round(memory / 102.4) / 10,
    lost: CLIENTS * SIGNALS - received,
    out_of_order,
  };
};

const measureOurs = async () => {
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
  const answers: Partial<Handlers<typeof workflowApi>> = {
    watchSignals: () => ({ log_id, seq: 0, change: 0, changes: [] }),
    listSignalLog: () => ({ log_id, signals: [], next_after_seq: 0, seq: 0 }),
    findSignalClient: ({ body }) => ({
      client: {
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
  // whoever is let in, and nothing else of workflow
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
  const server = spawn(process.execPath, [join(here, '../../services/orchestration/src/main.ts')], {
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
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await eventually(async () => {
    const { status } = await fetch(`http://127.0.0.1:${port}/health/ready`);
    if (status !== 200) throw new Error('not ready');
  });
  const key = signalStreamKey(log_id);
  const result = await measure(
    'catalyst',
    `ws://127.0.0.1:${port}/ws/signals`,
    server.pid!,
    true,
    (order) => redis.xadd(key, `${order}-0`, 'signal', JSON.stringify(signalOf(order, order))),
  );
  server.kill('SIGKILL');
  await redis.del(key);
  redis.disconnect();
  await workflow.close();
  await database.drop();
  rmSync(home, { recursive: true, force: true });
  return result;
};

const measureBare = async () => {
  const server = fork(join(here, 'bare-loop.ts'));
  const { port } = await next<{ port: number }>(server);
  const result = await measure(
    'bare ws loop',
    `ws://127.0.0.1:${port}`,
    server.pid!,
    false,
    (order) => {
      server.send(
        JSON.stringify({ type: 'signal', after: order - 1, signal: signalOf(order, order) }),
      );
    },
  );
  server.disconnect();
  return result;
};

const results = [await measureBare(), await measureOurs()];
if (values.json)
  process.stdout.write(`${JSON.stringify({ clients: CLIENTS, signals: SIGNALS, results })}\n`);
else {
  process.stdout.write(`one signal to ${CLIENTS} clients, ${SIGNALS} times\n`);
  for (const { name, ...figures } of results)
    process.stdout.write(
      `${name.padEnd(14)} p50 ${figures.p50_ms} ms, p99 ${figures.p99_ms} ms, ${figures.cpu_us_per_delivery} us of processor a delivery, ${figures.memory_kb_per_client} kB a client, lost ${figures.lost}, out of order ${figures.out_of_order}\n`,
    );
}
process.exit(0);
