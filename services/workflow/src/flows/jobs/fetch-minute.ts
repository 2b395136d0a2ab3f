import type { FlowDeps } from '../flow-deps.ts';
import { raiseAlert } from '../raise-alert.ts';
import type { JobScope } from '../run-job.ts';

/**
 * How long a live desk waits for the bars of its candidates. The vendor has a bar about a
 * second after its minute, and never one of a stock that did not trade in it.
 */
const PATIENCE_MS = 5000;
/** Often at first, when the bars are about to come: each look is a request to the vendor. */
const askAgainAfterMs = (waited: number): number => (waited < 2000 ? 250 : 1000);

/** Minutes in a row without a bar of any watched stock, after which a person is told. */
const SILENT_MINUTES = 5;

/**
 * Fetches the minute's bars that the desk's charts need; those that cannot be bars are noted. In a
 * replay they are there at once, and what is not there never comes.
 */
export const createFetchMinute = (deps: FlowDeps) => {
  const { technical, clock, is_replay } = deps;
  let silent = 0;

  const fetchBars = async (
    { due_at, note }: JobScope,
    symbols: readonly string[],
    awaited: ReadonlySet<string>,
  ): Promise<Set<string>> => {
    let missing = new Set(symbols);
    for (;;) {
      const answer = await technical.ingestBars({ body: { symbols: [...missing] } });
      for (const { symbol, reason } of answer.refused) note(`bar of ${symbol} refused: ${reason}`);
      missing = new Set(answer.missing);
      const waited = Date.parse(clock.now()) - Date.parse(due_at);
      const isAwaited = [...missing].some((symbol) => awaited.has(symbol));
      if (is_replay || !isAwaited || waited >= PATIENCE_MS) return missing;
      await clock.sleep(askAgainAfterMs(waited));
    }
  };

  return async (scope: JobScope, symbols: readonly string[]): Promise<void> => {
    if (symbols.length === 0) return;
    const { day } = scope;
    const awaited = new Set(day.view?.candidates.map(({ symbol }) => symbol));
    const missing = await fetchBars(scope, symbols, awaited);
    silent = missing.size === symbols.length ? silent + 1 : 0;
    if (silent !== SILENT_MINUTES) return;
    await raiseAlert(deps, day.cycle.cycle_id, {
      severity: 'warning',
      code: 'NO_BARS',
      message: `none of the ${symbols.length} watched stocks has had a bar for ${SILENT_MINUTES} minutes: the market's data is late or away, and nothing is entered without it`,
    });
  };
};
