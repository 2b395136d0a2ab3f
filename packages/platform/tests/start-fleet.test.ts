import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import {
  identifyProcess,
  sharedRedis,
  startFleet,
  type FleetOptions,
  type ProcessEvent,
  type RunningFleet,
  type SimulatorAddress,
} from '../src/index.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { until } from './until.ts';

const folder = temporaryFolder();
afterAll(folder.remove);
let running: RunningFleet | undefined;
afterEach(async () => running?.stop());

const exchange: SimulatorAddress = {
  url: 'http://127.0.0.1:1',
  stream_url: 'ws://127.0.0.1:1',
  smtp: 'smtp://127.0.0.1:1',
  day: 'a-day',
  trade_date: '2026-03-24',
  accounts: [{ account_number: 'PA1', key_id: 'a-key', secret_key: 'a-secret' }],
};

const options = async (
  simulator_soon: Promise<SimulatorAddress>,
  events: ProcessEvent[],
): Promise<FleetOptions> => ({
  services: ['orchestration'],
  mode: 'replay',
  run_id: 'start-fleet',
  database_url: 'postgres://127.0.0.1:1/none',
  redis_url: (await sharedRedis()).url,
  home: folder.path,
  simulator_soon,
  on_event: (event) => events.push(event),
});

describe('a fleet whose exchange is still starting', () => {
  it('runs already, and is ready once it was told where the exchange is', async () => {
    const events: ProcessEvent[] = [];
    const { promise, resolve } = Promise.withResolvers<SimulatorAddress>();
    // when its day begins is known to the exchange alone, and no replay starts without it
    const starting = startFleet(await options(promise, events));
    await until(() => events.length > 0);
    expect(events.map(({ event }) => event)).toEqual(['started']);
    resolve(exchange);
    running = await starting;
    expect(events.map(({ event }) => event)).toEqual(['started', 'ready']);
    expect(running.processes()[0]!.restarts).toBe(0);
  });

  it('ends with it where it cannot start, and for its reason', async () => {
    const events: ProcessEvent[] = [];
    const { promise, reject } = Promise.withResolvers<SimulatorAddress>();
    const starting = startFleet(await options(promise, events));
    await until(() => events.length > 0);
    reject(new Error('the day is not readable'));
    await expect(starting).rejects.toThrow('the day is not readable');
    const [{ pid }] = events as [ProcessEvent];
    expect(identifyProcess(pid!)).toBeNull();
  });
});
