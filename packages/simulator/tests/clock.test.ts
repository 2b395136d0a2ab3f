import { describe, expect, it } from '@jest/globals';
import { readClockKind } from '../src/clock/clock-kind.ts';
import { createRunningClock, type WallTimer } from '../src/clock/run-clock.ts';
import { createSimulation, type Simulation } from '../src/simulation.ts';
import { startSimulator } from '../src/index.ts';
import { at, quietDay } from './small-day.ts';

const handDriven = () => {
  let now = 0;
  let tick: (() => void) | null = null;
  const wall: WallTimer = {
    now: () => now,
    every: (_ms, call) => {
      tick = call;
      return () => (tick = null);
    },
  };
  const run = (simulation: Simulation, f: number) => {
    createRunningClock(simulation, undefined, wall).start({ w0: 0, s0: simulation.now(), f });
  };
  return { run, runs: () => tick !== null, pass: (ms: number) => ((now += ms), tick?.()) };
};
const simulationAt = (clock: string) =>
  createSimulation({
    day: quietDay([]),
    at: clock,
    accounts: 1,
    cash: '100000',
    exchange: { volume_share: 0.1, stream_oco_cancels: true },
  });

describe('a running clock', () => {
  it('moves at its speed, catches up a stall minute by minute, and writes a step only where a minute ends', () => {
    const simulation = simulationAt('10:00');
    const told: number[] = [];
    simulation.onClock((now) => told.push(now));
    const { run, pass } = handDriven();
    run(simulation, 60);
    pass(500);
    expect(new Date(simulation.now()).toISOString()).toBe('2026-03-10T14:00:30.000Z');
    expect(simulation.ledger.length).toBe(0);
    pass(2_500);
    expect(told.slice(1)).toEqual(
      [at('10:01'), at('10:02'), at('10:03')].map((instant) => Date.parse(instant)),
    );
    expect(simulation.ledger.after(0).map(({ kind }) => kind)).toEqual(['step']);
  });

  it('stops at an error in a minute and throws it on', () => {
    const simulation = simulationAt('10:00');
    simulation.exchange.finishMinute = () => {
      throw new Error('a broken minute');
    };
    const { run, pass, runs } = handDriven();
    run(simulation, 60);
    expect(() => pass(1_000)).toThrow('a broken minute');
    expect(runs()).toBe(false);
  });

  it('stands still when the fees of the day are booked', () => {
    const simulation = simulationAt('19:59');
    const { run, pass, runs } = handDriven();
    run(simulation, 60);
    pass(600_000);
    expect([simulation.now(), runs()]).toEqual([Date.parse(at('20:15')), false]);
  });

  it.each(['scaled:0', 'scaled:fast', 'scaled:10001', 'fast', ''])(
    'is not what %j asks for',
    (text) => {
      expect(() => readClockKind(text)).toThrow('expected stepped, real, line or scaled:N');
    },
  );

  it('refuses to be stepped, and says so', async () => {
    const simulator = await startSimulator({ day: quietDay([]), at: '10:00', clock: 'scaled:600' });
    try {
      const answer = await fetch(`${simulator.url}/sim/step`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ to: at('11:00') }),
      });
      expect([answer.status, await answer.json()]).toEqual([
        409,
        { message: 'the clock runs by itself (scaled:600); only a stepped clock can be stepped' },
      ]);
      expect(await (await fetch(`${simulator.url}/sim/status`)).json()).toMatchObject({
        clock: 'scaled:600',
        clock_ended: false,
      });
    } finally {
      await simulator.close();
    }
  });
});
