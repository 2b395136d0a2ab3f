import type { ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, expect } from '@jest/globals';
import type { tradingApi } from '@catalyst/contracts';
import { stableId } from '@catalyst/domain';
import type { Client } from '@catalyst/service-kit';
import { startSimulator, type Simulator } from '@catalyst/simulator';
import { atStep, createTestDatabase, eventually, type TestDatabase } from '@catalyst/testkit';
import { approveIn, arm, CYCLE } from '../approved-intents.ts';
import { startFaultyBroker, type FaultyBroker, type Passing } from '../faulty-broker.ts';
import { at, dayWith } from '../quiet-day.ts';
import { tradingProcess, type TradingProcess } from '../trading-process.ts';

type Trading = Client<typeof tradingApi>;

/** A trading service that is a process of its own, and runs again as soon as it is dead. */
export interface KilledDesk {
  simulator: Simulator;
  broker: FaultyBroker;
  database: TestDatabase;
  trading: TradingProcess;
  client: Trading;
  starts: number;
  kill(): void;
  /** Kills it once, at the nth such request or the nth such answer, which is lost. */
  dieAt(phase: Passing['phase'], isIt: (passing: Passing) => boolean, nth?: number): void;
  /** Does it at the exchange's time. */
  asked<T>(work: () => Promise<T>): Promise<T>;
  settle(): Promise<void>;
  /** Moves the exchange on by a minute. */
  step(): Promise<void>;
  monitor(): ReturnType<Trading['monitorPositions']>;
  /** Buys 100 shares at market. */
  enter(): ReturnType<Trading['submitOrder']>;
  close(position_id: string): ReturnType<Trading['closePosition']>;
  position(position_id: string): ReturnType<Trading['showPosition']>;
}

/** One for all facts of a file, at an exchange that lives through all of its deaths. */
export const killedDesk = (): KilledDesk => {
  let child: ChildProcess | null = null;
  let stopping = false;
  let closes = 0;
  /** Keeps the service running, as a supervisor does. */
  const run = (): void => {
    desk.starts += 1;
    child = desk.trading.start();
    child.once('exit', () => {
      child = null;
      if (!stopping) run();
    });
  };
  const now = () => new Date(desk.simulator.simulation.now()).toISOString();
  const desk = {
    starts: 0,
    kill: () => void child?.kill('SIGKILL'),
    dieAt: (phase, isIt, nth = 1) => {
      let seen = 0;
      let isDead = false;
      desk.broker.onPassing((passing) => {
        if (isDead || passing.phase !== phase || !isIt(passing) || (seen += 1) < nth) return 'pass';
        isDead = true;
        desk.kill();
        return 'drop';
      });
    },
    asked: (work) => atStep(now(), work),
    settle: async () => {
      const seq = () => desk.simulator.simulation.accounts[0]!.seq;
      for (let to = seq(), settled = -1; to !== settled; to = seq()) {
        await desk.asked(() => desk.client.drainStream({ body: { to_seq: to } }));
        settled = to;
      }
    },
    step: async () => {
      desk.simulator.simulation.stepTo(desk.simulator.simulation.now() + 60_000);
      await desk.settle();
    },
    monitor: () => desk.asked(() => desk.client.monitorPositions({ body: { cycle_id: CYCLE } })),
    enter: async () => {
      const body = await approveIn(desk.database.database, now(), { limit_price: null });
      return desk.asked(() => desk.client.submitOrder({ body }));
    },
    close: (position_id) => {
      closes += 1;
      const request_id = stableId('close', closes);
      return desk.asked(() =>
        desk.client.closePosition({
          params: { position_id },
          body: { request_id, by: 'test', reason: 'manual' },
        }),
      );
    },
    position: (position_id) =>
      desk.asked(() => desk.client.showPosition({ params: { position_id } })),
  } as KilledDesk;

  beforeAll(async () => {
    desk.simulator = await startSimulator({ day: dayWith(), at: '10:00' });
    desk.broker = await startFaultyBroker(desk.simulator.url);
    desk.database = await createTestDatabase();
    await arm(desk.database.database);
    desk.trading = await tradingProcess({
      database: desk.database,
      simulator: desk.simulator,
      broker_url: desk.broker.url,
      env: { TRADING_MODE: 'replay', REPLAY_START_AT: at('04:00'), RUN_ID: 'kill' },
    });
    desk.client = desk.trading.client(20_000);
    run();
    await eventually(async () => expect(await desk.trading.isReady()).toBe(true), 20_000);
  });
  afterAll(async () => {
    stopping = true;
    desk.kill();
    await desk.broker.close();
    await desk.simulator.close();
    await desk.database.drop();
  });
  return desk;
};
