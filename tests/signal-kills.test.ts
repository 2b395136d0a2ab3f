import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { signalStreamKey, type TradingSignal } from '@catalyst/contracts';
import { sharedRedis } from '@catalyst/platform';
import { sha256 } from '@catalyst/service-kit';
import { eventually } from '@catalyst/testkit';
import { Redis } from 'ioredis';
import {
  startFixtureFleet,
  type FixtureFleet,
} from '../services/workflow/tests/fixture-fleet/fixture-fleet.ts';
import { at } from '../services/workflow/tests/fixture-fleet/script.ts';
import { superviseWorkflow } from '../services/workflow/tests/supervised-workflow.ts';
import { listSignals } from '../services/workflow/src/store/signals.ts';
import { startRedisGate } from './redis-gate.ts';
import { startCopyProcess, type Copy } from './signal-copy.ts';
import { startFollower } from './signal-follower.ts';

type Gate = Awaited<ReturnType<typeof startRedisGate>>;
const EVENT = 'catalyst:trading_signal';
const SYMBOLS = ['AAA', 'BBB', 'CCC', 'DDD', 'EEE'];

let fleet: FixtureFleet;
let workflow: Awaited<ReturnType<typeof superviseWorkflow>>;
let gate: Gate;
let copyGate: Gate;
let copy: Required<Copy>;
let redis: Redis;
const followers: ReturnType<typeof startFollower>[] = [];
let key: string;

beforeAll(async () => {
  const { url } = await sharedRedis();
  redis = new Redis(url);
  gate = await startRedisGate(url);
  copyGate = await startRedisGate(url);
  fleet = await startFixtureFleet('09:55');
  fleet.script.candidates = SYMBOLS;
  const env = { RUN_ID: `kills-${sha256(fleet.database.url).slice(0, 8)}` };
  workflow = await superviseWorkflow(fleet, {
    from: '09:55',
    env: { ...env, REDIS_URL: gate.url },
  });
  copy = (await startCopyProcess(
    { ...env, REDIS_URL: copyGate.url, WORKFLOW_URL: workflow.url },
    fleet.keys,
  )) as Required<Copy>;
  for (const name of ['ann', 'ben', 'cleo']) {
    const code = sha256(name).slice(0, 32);
    const body = { name, scope: 'trade' as const, code_sha256: sha256(code), by: 'op' };
    await workflow.client.inviteClient({ body });
    const joined = await workflow.client.joinClient({ body: { code, nonce: code } });
    followers.push(startFollower([copy], joined.key, {}));
  }
  await workflow.client.startCycle({ body: {} });
  await workflow.client.advanceReplay({ body: { to: at('10:01') } });
  key = signalStreamKey((await workflow.client.watchSignals({ query: {} })).log_id);
}, 120_000);
afterAll(async () => {
  for (const follower of followers) follower.stop();
  await copy?.close();
  await workflow?.close();
  await redis?.del(key);
  redis?.disconnect();
  await gate?.close();
  await copyGate?.close();
  await fleet?.close();
});

const log = (): Promise<TradingSignal[]> =>
  listSignals(fleet.database.database, { after_seq: 0, limit: 1000 });
const inRedis = async (): Promise<TradingSignal[]> =>
  (await redis.xrange(key, '-', '+')).map(([, [, text]]) => JSON.parse(text!) as TradingSignal);
const symbolsOf = (rows: readonly TradingSignal[]): (string | null)[] =>
  rows.map((row) => ('symbol' in row ? row.symbol : null));
/** The trigger of the nth stock comes in the minute of its number. */
const minute = (nth: number): string => `10:${String(nth + 2).padStart(2, '0')}`;
const enter = (nth: number): Promise<unknown> => {
  fleet.script.triggers = { [SYMBOLS[nth]!]: [minute(nth)] };
  return workflow.client.advanceReplay({ body: { to: at(minute(nth)) } });
};

/** The nth signal is the last one, and all are everywhere once, in order. */
const isWholeUpTo = async (nth: number): Promise<void> => {
  const rows = await log();
  expect(symbolsOf(rows)).toEqual(SYMBOLS.slice(0, nth + 1));
  expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, index) => index + 1));
  await eventually(async () => expect(await inRedis()).toEqual(rows));
  for (const { received, faults } of followers) {
    await eventually(() => expect(received.length).toBeGreaterThanOrEqual(rows.length));
    expect([received, faults]).toEqual([rows, []]);
  }
};

describe('a signal is told once to everybody, where workflow is killed', () => {
  it('after the commit and before Redis has the row, and again before it hears that Redis has it', async () => {
    const asked = gate.shutAt('before', 'xadd');
    const entering = enter(0);
    await asked;
    expect(symbolsOf(await log())).toEqual(['AAA']);
    expect(await inRedis()).toEqual([]);
    const answered = gate.shutAt('after', 'xadd');
    workflow.kill();
    await answered;
    expect(symbolsOf(await inRedis())).toEqual(['AAA']);
    workflow.kill();
    await entering;
    await isWholeUpTo(0);
  }, 60_000);

  it('after risk said yes and before anything is written, and again while its transaction is open', async () => {
    const { database } = fleet.database;
    let entering: Promise<unknown> = Promise.resolve();
    fleet.script.beforeCall = async ({ route }) => {
      if (route !== 'checkOrder') return;
      fleet.script.beforeCall = async () => {};
      workflow.kill();
    };
    // whoever writes a row waits for the number's row, which this transaction holds
    await database.transaction(async (tx) => {
      await tx.query("SELECT FROM stream_heads WHERE stream = 'trading_signals' FOR UPDATE");
      entering = enter(1);
      await eventually(async () => {
        const waiting = await database.query(
          "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()",
        );
        expect(waiting).toHaveLength(1);
      });
      workflow.kill();
    });
    await entering;
    expect(fleet.callsTo('checkOrder')).toHaveLength(3);
    await isWholeUpTo(1);
  }, 60_000);

  it('before its event leaves the outbox, and again before that is marked as published', async () => {
    const isMarked = () =>
      fleet.database.database.query(
        `SELECT envelope->'payload'->>'symbol' AS symbol, published_at IS NOT NULL AS is_published
         FROM outbox WHERE channel = $1 ORDER BY seq`,
        [EVENT],
      );
    const told = ['AAA', 'BBB'].map((symbol) => ({ symbol, is_published: true }));
    await eventually(async () => expect(await isMarked()).toEqual(told));
    const asked = gate.shutAt('before', EVENT);
    const entering = enter(2);
    await asked;
    expect(await isMarked()).toEqual([...told, { symbol: 'CCC', is_published: false }]);
    const answered = gate.shutAt('after', EVENT);
    workflow.kill();
    await answered;
    expect(await isMarked()).toEqual([...told, { symbol: 'CCC', is_published: false }]);
    workflow.kill();
    await entering;
    await isWholeUpTo(2);
    await eventually(async () =>
      expect(await isMarked()).toEqual([...told, { symbol: 'CCC', is_published: true }]),
    );
  }, 60_000);

  it('while a copy has read the row and handed it to nobody, which is killed too', async () => {
    // the number of its entry in the stream: other connections are told of DDD by events
    const read = copyGate.shutAt('answer', '\r\n4-0\r\n');
    const entering = enter(3);
    await read;
    workflow.kill();
    await copy.kill();
    expect(followers.map(({ received }) => received.length)).toEqual([3, 3, 3]);
    await copy.start();
    await entering;
    await isWholeUpTo(3);
  }, 60_000);

  it('while a copy hands it out, which is killed too', async () => {
    const [quick, ...slow] = followers;
    for (const follower of slow) follower.stall();
    const entering = enter(4);
    await eventually(() => expect(quick!.received).toHaveLength(5));
    workflow.kill();
    await copy.kill();
    for (const follower of slow) follower.go();
    await copy.start();
    await entering;
    await isWholeUpTo(4);
  }, 60_000);
});
