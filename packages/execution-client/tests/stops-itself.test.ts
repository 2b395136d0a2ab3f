import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newYorkTime } from '@catalyst/domain';
import { createLineClock, steadyWall } from '@catalyst/runtime';
import { checkLedger, readLedgerAt } from '@catalyst/platform';
import { startSimulator } from '@catalyst/simulator';
import { eventually } from '@catalyst/testkit';
import { openKeys } from '../src/home/broker-keys.ts';
import type { ClientHome } from '../src/home/client-home.ts';
import { startClient, type RunningClient } from '../src/start-client.ts';
import { openLocalDatabase } from '../src/store/local-database.ts';
import { createOwnerStore, type StandingChange } from '../src/store/owner-store.ts';
import { equityOf, nowAt, ordersOf, signalNow } from './exchange-now.ts';
import { follow, joinClient, silentLog, switchOn } from './followed-day.ts';
import { startSmallDesk, type SmallDesk } from './small-desk.ts';

let desk: SmallDesk;
beforeAll(async () => {
  desk = await startSmallDesk();
});
afterAll(() => desk.close());

/** The owner's word from another process: written where the running one reads it. */
const say = async (home: ClientHome, change: StandingChange, at: string): Promise<void> => {
  const database = openLocalDatabase(home.database_path);
  await createOwnerStore(database).change(change, at);
  database.close();
};

test('a loss that reaches the limit of the day sells everything, and only the owner goes on', async () => {
  const simulator = await startSimulator({ at: '10:30' });
  try {
    const home = await joinClient(desk, simulator, 0, { daily_loss_usd: '0.01' });
    await switchOn(home, await nowAt(simulator));
    const friend = await follow(home, simulator.url);
    await friend.step(desk.log.at(-1)?.seq ?? 0);
    const first = await signalNow(simulator, desk, 'ORRI');
    for (let minute = 0; minute < 60; minute += 1) {
      await friend.step(first.seq);
      simulator.step({ minutes: 1 });
      if (friend.client.status().standing?.state === 'flattening') break;
    }
    await friend.step(first.seq);
    expect(friend.client.status()).toMatchObject({
      standing: { state: 'flattening', reason: expect.stringContaining('loss of the day') },
      trades: [{ status: 'closed', exit_reason: 'risk_flatten' }],
    });
    const { seq } = await signalNow(simulator, desk, 'CBLT');
    await friend.step(seq);
    expect(friend.client.status().decisions[0]).toMatchObject({ symbol: 'CBLT', code: 'stopped' });
    await friend.stop();
  } finally {
    await simulator.close();
  }
});

describe('a client on a running clock', () => {
  // an exchange and a client on one line of time, which goes as fast as the wall's
  const line = { w0: steadyWall(), s0: Date.parse(newYorkTime('2026-03-24', '10:30')), f: 1 };
  let simulator: Awaited<ReturnType<typeof startSimulator>>;
  let home: ClientHome;
  let client: RunningClient;
  const start = (listens = true): Promise<RunningClient> =>
    startClient({
      home,
      keys: openKeys(home.keys(), null),
      log: silentLog,
      clock: createLineClock(line),
      listens,
    });
  beforeAll(async () => {
    simulator = await startSimulator({ clock: 'line', line });
    home = await joinClient(desk, simulator, 0);
    await switchOn(home, await nowAt(simulator));
    client = await start();
    await eventually(() => expect(client.isReconciled()).toBe(true));
  });
  afterAll(async () => {
    await client.stop();
    await simulator.close();
  });
  const enter = async (symbol: string): Promise<void> => {
    await eventually(async () => {
      if (desk.connections() === 0) throw new Error('not subscribed yet');
    });
    await signalNow(simulator, desk, symbol);
    await eventually(() =>
      expect(client.status().trades).toContainEqual(
        expect.objectContaining({ symbol, status: 'open', is_protected: true }),
      ),
    );
  };

  test('enters by itself, and sells everything within seconds of its owner saying so elsewhere', async () => {
    await enter('ORRI');
    await say(home, { act: 'flatten', reason: 'enough', by: 'owner' }, await nowAt(simulator));
    await eventually(() => expect(client.isFlat()).toBe(true));
    expect(client.status().trades).toMatchObject([{ symbol: 'ORRI', exit_reason: 'manual' }]);
  });

  test('sells what another start of it left, without hearing the desk, where nobody runs, whatever is wrong with its limits', async () => {
    await say(home, { act: 'resume', reason: 'on', by: 'owner' }, await nowAt(simulator));
    await enter('CBLT');
    await client.stop();
    await say(home, { act: 'flatten', reason: 'enough', by: 'owner' }, await nowAt(simulator));
    writeFileSync(home.limits_path, '{"max_positions": "one"}');
    await expect(start()).rejects.toThrow('max_positions: expected number, received string');
    client = await start(false);
    await eventually(() => expect(client.isFlat()).toBe(true));
    expect(
      checkLedger(await readLedgerAt(simulator.url), { max_naked_ms: 2000, flat_at_end: true }),
    ).toEqual([]);
    const { day_result_usd } = client.status();
    expect(Number(await equityOf(simulator, 0)) - 100_000).toBeCloseTo(Number(day_result_usd), 6);
    expect((await ordersOf(simulator, 0)).filter(({ side }) => side === 'buy')).toHaveLength(2);
  });
});
