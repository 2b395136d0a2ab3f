import { describe, expect, it } from '@jest/globals';
import { later, newYorkTime } from '@catalyst/domain';
import { systemClock } from '@catalyst/service-kit';
import type { FlowDeps } from '../flow-deps.ts';
import type { JobScope } from '../run-job.ts';
import { createFetchMinute } from './fetch-minute.ts';

const DUE = newYorkTime('2026-03-24', '10:12');
const SYMBOLS = ['ACME', 'HELD', 'OTHR'];

/** A vendor that has each symbol's bar so many milliseconds after its minute; never without. */
const open = (bar_after_ms: Record<string, number>, { is_replay = false } = {}) => {
  let due_at = DUE;
  let now = later(DUE, 20);
  const asked: { at_ms: number; symbols: string[] }[] = [];
  const alerts: string[] = [];
  const deps = {
    is_replay,
    clock: {
      ...systemClock,
      now: () => now,
      sleep: async (ms: number) => {
        now = later(now, ms);
      },
    },
    technical: {
      ingestBars: async ({ body: { symbols } }: { body: { symbols: string[] } }) => {
        const at_ms = Date.parse(now) - Date.parse(due_at);
        asked.push({ at_ms, symbols });
        const missing = symbols.filter((symbol) => !((bar_after_ms[symbol] ?? Infinity) <= at_ms));
        return { stored: symbols.length - missing.length, refused: [], missing };
      },
    },
    database: {
      transaction: async (work: (tx: unknown) => Promise<void>) => work({ beforeCommit: () => {} }),
    },
    alerts: {
      raise: async ({ code }: { code: string }) => alerts.push(code),
    },
  } as unknown as FlowDeps;
  const fetchMinute = createFetchMinute(deps);
  const candidates = [{ symbol: 'ACME' }];
  return {
    asked,
    alerts,
    waited: () => Date.parse(now) - Date.parse(due_at),
    run: (minutes = 0) => {
      due_at = later(DUE, minutes * 60_000);
      now = later(due_at, 20);
      const day = { view: { candidates }, cycle: { cycle_id: 'c' } };
      return fetchMinute({ day, due_at, note: () => {} } as unknown as JobScope, SYMBOLS);
    },
  };
};

describe('the bars of a minute, live', () => {
  it.each([0, 700, 1000, 2400, 4900])(
    'are there %d ms after it: the desk goes on soon after, in the same minute',
    async (late) => {
      const { run, asked, waited } = open({ ACME: late, HELD: 0, OTHR: 0 });
      await run();
      expect(waited()).toBeGreaterThanOrEqual(late);
      expect(waited()).toBeLessThanOrEqual(late + 1500);
      expect(asked.at(-1)!.symbols).toContain('ACME');
    },
  );

  it('are waited for five seconds, with few requests, where a candidate did not trade', async () => {
    const { run, asked, waited } = open({ HELD: 0, OTHR: 1000 });
    await run();
    expect(waited()).toBeGreaterThanOrEqual(5000);
    expect(waited()).toBeLessThan(5100);
    expect(asked.length).toBeLessThanOrEqual(6);
    expect(asked.at(-1)!.symbols).toEqual(['ACME']);
  });

  it('are not waited for where nothing is to be entered, nor in a replay', async () => {
    const held = open({ ACME: 0, OTHR: 1000 });
    await held.run();
    expect(held.asked).toHaveLength(1);
    const replayed = open({}, { is_replay: true });
    await replayed.run();
    expect(replayed.asked).toHaveLength(1);
  });

  it('are told to a person, once, when nobody has had one for five minutes', async () => {
    const { run, alerts } = open({});
    for (let minute = 0; minute < 4; minute += 1) await run(minute);
    expect(alerts).toEqual([]);
    for (let minute = 4; minute < 9; minute += 1) await run(minute);
    expect(alerts).toEqual(['NO_BARS']);
  });
});
