import { describe, expect, it } from '@jest/globals';
import { checkHealth, outcomeNotes } from '../src/health.ts';
import { createLog, createOutsideCall, systemClock } from '@catalyst/runtime';
import { createMetrics } from '../src/metrics.ts';

const quiet = createLog('test', 'error');
const database = (failed: string | null) => ({ failedWrite: () => failed });
const bus = (since: number | null) => ({ waitingSince: () => since });
const metrics = createMetrics('test');

describe('health by outcome', () => {
  it('names a vendor whose circuit is open, until it answers', async () => {
    let works = false;
    let now = '2026-03-24T14:00:00.000Z';
    const call = createOutsideCall({
      target: 'alpaca',
      log: { ...quiet, error: () => {} },
      clock: { ...systemClock, latest: () => now },
      metrics,
      isTransient: () => true,
    });
    const ask = () =>
      call.once(async () => {
        if (!works) throw new Error('503 from planted-key');
      });
    const notes = () => outcomeNotes({ database: null, journal: null, bus: bus(null), metrics });
    for (let failures = 0; failures < 5; failures += 1) {
      expect(notes()).toEqual([]);
      await ask().catch(() => {});
    }
    expect(notes()).toEqual(['alpaca failed and is left alone for a minute']);
    works = true;
    now = '2026-03-24T14:01:01.000Z';
    await ask();
    expect(notes()).toEqual([]);
  });
  it('tells a failed write, and events that wait for a minute', () => {
    expect(
      outcomeNotes({
        database: database("the database's disk is full"),
        journal: { refused: () => 2 },
        bus: bus(null),
        metrics,
      }),
    ).toEqual([
      "the last write failed: the database's disk is full",
      'audit rows of stops that wait in the journal for the database: 2',
    ]);
    const waits = (ms: number) =>
      outcomeNotes({ database: database(null), journal: null, bus: bus(Date.now() - ms), metrics });
    expect(waits(30_000)).toEqual([]);
    expect(waits(90_000)).toHaveLength(1);
  });
  it('is unhealthy when what the service is for is not done, though everything answers', async () => {
    const status = async (failures: string[], notes: string[]) =>
      (
        await checkHealth({
          service: 'trading',
          version: '0',
          mode: 'paper',
          isDatabaseConnected: async () => true,
          isRedisConnected: () => true,
          dependencies: {},
          failures: () => failures,
          notes: () => notes,
          latest: () => ({ last_bar: null }),
          remarks: () => ['closed today'],
        })
      ).status;
    expect(await status([], [])).toBe('healthy');
    expect(await status([], ['alpaca failed'])).toBe('degraded');
    expect(await status(['positions have not been tended'], [])).toBe('unhealthy');
  });
});
