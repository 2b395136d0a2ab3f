import type { ChildProcess } from 'node:child_process';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Health } from '@catalyst/contracts';
import { startSimulator, type Simulator } from '@catalyst/simulator';
import { createTestDatabase, eventually, type TestDatabase } from '@catalyst/testkit';
import { approveIn, arm } from './approved-intents.ts';
import { dayWith } from './quiet-day.ts';
import { tradingProcess, type TradingProcess } from './trading-process.ts';

interface Copy extends TradingProcess {
  process: ChildProcess;
  health(): Promise<Health>;
}

let simulator: Simulator;
let database: TestDatabase;
const copies: Copy[] = [];

const open = async (): Promise<void> => {
  simulator = await startSimulator({ day: dayWith(), at: '10:00', clock: 'real' });
  database = await createTestDatabase();
  await arm(database.database);
};
const startCopy = async (): Promise<Copy> => {
  const trading = await tradingProcess({
    database,
    simulator,
    env: { TRADING_MODE: 'paper', RUN_ID: 'copies' },
  });
  const copy: Copy = {
    ...trading,
    process: trading.start(),
    health: async () => (await (await fetch(`${trading.url}/health`)).json()) as Health,
  };
  copies.push(copy);
  return copy;
};
const untilReady = (copy: Copy, within_ms: number) =>
  eventually(async () => expect(await copy.isReady()).toBe(true), within_ms);
const submitTo = async (copy: Copy) =>
  copy.client(0).submitOrder({
    body: await approveIn(database.database, new Date().toISOString(), { limit_price: null }),
  });

afterEach(async () => {
  for (const { process: child } of copies.splice(0)) child.kill('SIGKILL');
  await simulator.close();
  await database.drop();
});

describe('a second copy of trading', () => {
  it('stays passive, says so, and takes over within ten seconds of the death of the first', async () => {
    await open();
    const first = await startCopy();
    await untilReady(first, 40_000);
    const second = await startCopy();
    await eventually(async () =>
      expect((await second.health()).notes).toContainEqual(
        expect.stringMatching(/^passive: another process does this work/),
      ),
    );
    await expect(submitTo(second)).rejects.toMatchObject({
      code: 'NOT_READY',
      message: expect.stringContaining('passive'),
    });
    expect(await second.isReady()).toBe(false);
    first.process.kill('SIGKILL');
    await untilReady(second, 10_000);
  });

  it('takes over from a stopped one too, which enters nothing and ends when it wakes', async () => {
    await open();
    const first = await startCopy();
    await untilReady(first, 40_000);
    const second = await startCopy();
    await eventually(async () => expect((await second.health()).notes).not.toEqual([]));
    first.process.kill('SIGSTOP');
    await untilReady(second, 30_000);
    const ended = new Promise((resolve) => first.process.once('exit', resolve));
    const asked = submitTo(first);
    void asked.catch(() => undefined);
    first.process.kill('SIGCONT');
    await expect(asked).rejects.toThrow();
    expect(await ended).toBe(1);
    const [account] = simulator.simulation.accounts;
    expect(account!.orders.size).toBe(0);
    const [row] = await database.database.query<{ epoch: number }>(
      "SELECT epoch FROM desk_holders WHERE service = 'trading'",
    );
    expect(row).toEqual({ epoch: 2 });
  });
});
