import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  readInvitation,
  services,
  signalsApi,
  writeInvitation,
  type ServerFrame,
  type SignalFacts,
  type TradingSignal,
  type workflowApi,
} from '@catalyst/contracts';
import { newYorkTime, stableId } from '@catalyst/domain';
import { compileCache, freePort, sharedRedis } from '@catalyst/platform';
import { sha256 } from '@catalyst/service-kit';
import {
  createTestDatabase,
  createTestKeys,
  eventually,
  startTestService,
  type TestDatabase,
  type TestService,
} from '@catalyst/testkit';
import { WebSocket, type ClientOptions } from 'ws';
import { orchestrationService } from '../services/orchestration/src/service.ts';
import type { UnnumberedSignal } from '../services/workflow/src/domain/signal-rows.ts';
import { workflowService } from '../services/workflow/src/service.ts';
import { insertSignal, listSignals } from '../services/workflow/src/store/signals.ts';
import { startFixtureExchange } from '../services/workflow/tests/fixture-fleet/fixture-exchange.ts';

const DATE = '2026-03-24';
export const AT = newYorkTime(DATE, '11:00');
const CYCLE = stableId('cycle', 'signals');
const TYPES = ['earnings', 'fda', 'guidance', 'legal'];
const SECTORS = ['Energy', 'Health Care', 'Financials'];
const SYMBOLS = ['AAA', 'BBB', 'CCC', 'DDD', 'EEE'];

export interface Copy {
  url: string;
  /** Ends as on a deploy. */
  close(): Promise<void>;
  /** Ends at once. */
  kill?(): Promise<void>;
  /** Starts again at the same address. */
  start?(): Promise<void>;
  /** Of its process. */
  pid?(): number;
}

export const randomAddress = (): string => `10.${[...randomBytes(3)].join('.')}`;

/** A copy of orchestration as a process of its own. */
export const startCopyProcess = async (
  env: Record<string, string>,
  keys: ReturnType<typeof createTestKeys>,
): Promise<Copy> => {
  const port = await freePort();
  const home = mkdtempSync(join(tmpdir(), 'catalyst-test-'));
  const url = `http://127.0.0.1:${port}`;
  const nowhere = Object.fromEntries(
    services.orchestration.depends_on.map((name) => [
      `${name.toUpperCase()}_URL`,
      'http://127.0.0.1:9',
    ]),
  );
  let child: ChildProcess;
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await gone;
  };
  const copy: Required<Copy> = {
    url,
    start: async () => {
      child = spawn(
        process.execPath,
        [join(import.meta.dirname, '../services/orchestration/src/main.ts')],
        {
          env: {
            ...compileCache(),
            PATH: process.env.PATH ?? '',
            ...nowhere,
            PORT: String(port),
            TRADING_MODE: 'replay',
            REPLAY_START_AT: AT,
            SERVICE_KEY: keys.orchestration,
            SERVICE_KEY_HASHES: '{}',
            CATALYST_HOME: home,
            LOG_LEVEL: 'error',
            ...env,
          },
          stdio: ['ignore', 'ignore', 'inherit'],
        },
      );
      await eventually(async () => {
        const { status } = await fetch(`${url}/health/ready`);
        if (status !== 200) throw new Error(`not ready: ${status}`);
      });
    },
    kill: () => end('SIGKILL'),
    pid: () => child.pid!,
    close: async () => {
      await end('SIGTERM');
      rmSync(home, { recursive: true, force: true });
    },
  };
  await copy.start();
  return copy;
};

const factsOf = (number: number, decision_id: string, reason?: string): SignalFacts => ({
  symbol: SYMBOLS[number % SYMBOLS.length]!,
  side: 'buy',
  order_type: 'limit',
  entry_price: '50',
  stop_price: '49',
  target_price: '53',
  confidence: (number % 10) / 10,
  catalyst_type: TYPES[number % TYPES.length]!,
  source: 'wire',
  pattern: 'bull_flag',
  reason: reason ?? `reason ${number}`,
  sector: SECTORS[number % SECTORS.length]!,
  price: String(5 + (number % 40)),
  relative_volume: 1 + (number % 5),
  market_cap: number % 3 === 0 ? null : (number % 7) * 1e8,
  market_cap_as_of: number % 3 === 0 ? null : '2026-03-01',
  valid_until: newYorkTime(DATE, '11:05'),
  chain: {
    cycle_id: CYCLE,
    decision_id,
    scan_id: null,
    article_id: null,
    headline: `news ${number}`,
  },
});

/** Workflow and copies of orchestration over one database, with a log that a test writes. */
export const startSignalDesk = async ({
  copies = 1,
  redis_url,
  as_processes = false,
}: {
  copies?: number;
  redis_url?: string;
  /** Copies that can be killed. */
  as_processes?: boolean;
} = {}) => {
  const database: TestDatabase = await createTestDatabase();
  const exchange = await startFixtureExchange(AT);
  const keys = createTestKeys();
  const run_id = `signals-${randomUUID().slice(0, 8)}`;
  const env = { RUN_ID: run_id, REDIS_URL: redis_url ?? (await sharedRedis()).url };
  const startWorkflow = (): Promise<TestService<typeof workflowApi>> =>
    startTestService(workflowService, {
      database_url: database.url,
      keys,
      replay_start_at: AT,
      env: { ...env, SIMULATOR_URL: exchange.url },
    });
  const workflow = await startWorkflow();
  const startCopy = (): Promise<Copy> =>
    as_processes
      ? startCopyProcess({ ...env, WORKFLOW_URL: workflow.url }, keys)
      : startTestService(orchestrationService, {
          keys,
          replay_start_at: AT,
          env: { ...env, WORKFLOW_URL: workflow.url },
        });
  const running: Copy[] = [];
  for (let index = 0; index < copies; index += 1) running.push(await startCopy());

  const { database: db } = database;
  await db.query('SELECT get_or_create_securities($1)', [SYMBOLS]);
  await db.query(
    `INSERT INTO trading_cycles (cycle_id, trade_date, state, session_mode, universe_size, open_at,
       close_at, is_half_day, created_at, updated_at)
     VALUES ($1, $2, 'trading', 'autonomous', 100, $3, $4, false, $3, $3)`,
    [CYCLE, DATE, newYorkTime(DATE, '09:30'), newYorkTime(DATE, '16:00')],
  );
  const desk = workflow.client('cli');
  const trades: TradingSignal[] = [];
  let written = 0;

  /** Appends rows: trades, their ends, and now and then the desk itself; with a long reason long ones. */
  const write = async (count: number, reason?: string): Promise<void> => {
    for (let n = 0; n < count; n += 1) {
      written += 1;
      const signal_id = stableId('signal', written);
      const open = trades[0];
      const kind = written % 17 === 0 ? 'desk' : written % 3 === 0 && open ? 'closed' : 'signal';
      await db.transaction(async (tx) => {
        if (kind === 'desk')
          return insertSignal(tx, `desk ${written}`, {
            kind: 'desk_halted',
            signal_id,
            at: AT,
            halted: { trading_state: 'halted', reason: 'a person' },
          });
        if (kind === 'closed') {
          trades.shift();
          const {
            v: _v,
            seq: _seq,
            kind: _kind,
            ...facts
          } = open as Extract<TradingSignal, { kind: 'signal' }>;
          return insertSignal(tx, `closed ${written}`, {
            ...facts,
            kind: 'closed',
            signal_id,
            at: AT,
            about: { signal_id: open!.signal_id, seq: open!.seq },
            closed: { price: '52', closed_at: AT, reason: 'target', r_multiple: 2 },
          } as UnnumberedSignal);
        }
        const decision_id = stableId('decision', written);
        const facts = factsOf(written, decision_id, reason);
        await tx.query(
          `INSERT INTO decision_logs (decision_id, cycle_id, security_id, decided_at, kind, outcome, reason)
           SELECT $1, $2, security_id, $3, 'enter', 'approved', 'test' FROM v_securities WHERE symbol = $4`,
          [decision_id, CYCLE, AT, facts.symbol],
        );
        trades.push(
          await insertSignal(tx, `decision:${decision_id}`, {
            kind: 'signal',
            signal_id,
            at: AT,
            ...facts,
          }),
        );
        return undefined;
      });
    }
  };
  const invite = async (name: string, scope: 'read' | 'trade' = 'trade'): Promise<string> => {
    const code = randomBytes(16).toString('hex');
    await desk.inviteClient({ body: { name, scope, code_sha256: sha256(code), by: 'ann' } });
    return writeInvitation({ address: running[0]!.url, code, pin: null });
  };
  const join = async (invitation: string, nonce = randomBytes(16).toString('hex')) => {
    const { address, code } = readInvitation(invitation);
    const response = await fetch(`${address}${signalsApi.join.path}`, {
      method: 'POST',
      // each friend comes from a place of its own
      headers: { 'content-type': 'application/json', 'x-real-ip': randomAddress() },
      body: JSON.stringify({ code, nonce }),
    });
    return {
      status: response.status,
      body: (await response.json()) as { client_id: string; key: string },
    };
  };
  return {
    database: db,
    desk,
    keys,
    copies: running,
    startCopy,
    write,
    log: () => listSignals(db, { after_seq: 0, limit: 100_000 }),
    invite,
    join,
    /** A client's id and key. */
    newClient: async (name: string, scope: 'read' | 'trade' = 'trade') =>
      (await join(await invite(name, scope))).body,
    close: async () => {
      for (const copy of running) await copy.close();
      await workflow.close();
      await exchange.close();
      await database.drop();
    },
  };
};
export type SignalDesk = Awaited<ReturnType<typeof startSignalDesk>>;

/** A client that only keeps what it is told. */
export const openStream = (url: string, options: ClientOptions = {}) => {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws/signals`, options);
  const frames: ServerFrame[] = [];
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  socket.on('message', (data: Buffer) => frames.push(JSON.parse(data.toString()) as ServerFrame));
  socket.on('error', () => {});
  const of = <T extends ServerFrame['type']>(type: T) =>
    frames.filter((frame): frame is Extract<ServerFrame, { type: T }> => frame.type === type);
  return {
    socket,
    frames,
    closed,
    of,
    opened: () =>
      new Promise<void>((resolve, reject) => socket.once('open', resolve).once('error', reject)),
    say: (frame: object | string) =>
      socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame)),
    /** The next frame of a type, or the one that is there. */
    next: async <T extends ServerFrame['type']>(type: T, nth = 1) => {
      await eventually(async () => {
        if (of(type).length < nth)
          throw new Error(`no ${type} yet: ${JSON.stringify(frames.slice(-3))}`);
      });
      return of(type)[nth - 1]!;
    },
  };
};
