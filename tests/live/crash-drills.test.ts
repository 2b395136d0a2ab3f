import { describe, expect, it } from '@jest/globals';
import { runDrill, runSoak } from '@catalyst/drill';

const TIMEOUT_MS = 600_000;

describe('a desk that is broken in the middle of its orders', () => {
  it(
    'loses none, doubles none, leaves no share without a stop and enters nothing once it is halted',
    async () => {
      const result = await runDrill({ seed: 1, is_quick: true, only: undefined });
      expect(result.failures).toEqual([]);
      expect(result).toMatchObject({
        passed: result.cases,
        lost: 0,
        doubled: 0,
        naked_over_limit: 0,
        limit_breaches: 0,
        entries_while_stopped: 0,
      });
      // each moment of a trade, PostgreSQL, all nine, the gravest faults of the broker, two halts
      expect(result.cases).toBeGreaterThanOrEqual(25);
    },
    TIMEOUT_MS,
  );

  it(
    'by whatever comes at random for half an hour of market is whole at its end',
    async () => {
      const stop = new AbortController();
      const results = await runSoak({
        ...{ seed: 7, windows: 2, minutes: 30 },
        signal: stop.signal,
        on_window: () => stop.abort(),
      });
      // a soak that is stopped keeps what it has
      const [window, ...more] = results;
      expect(more).toEqual([]);
      expect(window).toMatchObject({ faults: [], lost: 0, doubled: 0, naked: 0 });
      expect(window!.orders).toBeGreaterThan(0);
    },
    TIMEOUT_MS,
  );
});
