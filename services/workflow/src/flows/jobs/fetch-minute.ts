import type { FlowDeps } from '../flow-deps.ts';
import { raiseAlert } from '../raise-alert.ts';
import type { JobScope } from '../run-job.ts';

/**
 * When a live desk looks for the bars of its candidates, in milliseconds after the minute. The vendor
 * has a bar about a second after its minute, and never one of a stock that did not trade in it; each
 * look is a request.
 */
const LOOKS_AFTER_MS = [1000, 1500, 2000, 3000, 4000, 5000];

/** Minutes in a row without a bar of any candidate, after which a person is told. */
const SILENT_MINUTES = 5;

/**
 * Fetches the minute's bars that the desk's charts need; those that cannot be bars are noted. In a
 * replay they are there at once, and what is not there never comes.
 */
export const createFetchMinute = (deps: FlowDeps) => {
  const { technical, clock, is_replay } = deps;
  let silent = 0;

  /** Fetches and says which of the awaited came in none of the looks. */
  const fetchBars = async (
    { due_at, note }: JobScope,
    symbols: readonly string[],
    awaited: ReadonlySet<string>,
  ): Promise<string[]> => {
    const waitForLook = async (): Promise<boolean> => {
      const waited = Date.parse(clock.now()) - Date.parse(due_at);
      const next = LOOKS_AFTER_MS.find((ms) => ms > waited);
      if (is_replay || next === undefined) return false;
      await clock.sleep(next - waited);
      return true;
    };
    let asked = symbols;
    if (awaited.size > 0) await waitForLook();
    for (;;) {
      const { refused, missing } = await technical.ingestBars({ body: { symbols: [...asked] } });
      for (const { symbol, reason } of refused) note(`bar of ${symbol} refused: ${reason}`);
      asked = missing.filter((symbol) => awaited.has(symbol));
      if (asked.length === 0 || !(await waitForLook())) return [...asked];
    }
  };

  return async (scope: JobScope, symbols: readonly string[]): Promise<void> => {
    if (symbols.length === 0) return;
    const { day } = scope;
    const awaited = new Set(day.view?.candidates.map(({ symbol }) => symbol));
    const missing = await fetchBars(scope, symbols, awaited);
    silent = awaited.size > 0 && missing.length === awaited.size ? silent + 1 : 0;
    if (silent !== SILENT_MINUTES) return;
    await raiseAlert(deps, day.cycle.cycle_id, {
      severity: 'warning',
      code: 'NO_BARS',
      message: `none of the ${awaited.size} candidates has had a bar in time for ${SILENT_MINUTES} minutes: the market's data is late or away, and nothing is entered without it`,
    });
  };
};
