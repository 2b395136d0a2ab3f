import type { ScanPhase } from '@catalyst/contracts';
import { stableId } from '@catalyst/domain';
import { symbolsOfInterest, viewOfScan, type MarketView } from '../../domain/market-view.ts';
import { listHeld } from '../../store/desk-reads.ts';
import { changeCycleState } from '../change-cycle-state.ts';
import { SCAN_STEP } from '../cycle-book.ts';
import type { FlowDeps } from '../flow-deps.ts';
import { raiseAlert } from '../raise-alert.ts';
import type { JobBody, JobScope } from '../run-job.ts';
import { collect } from './collect-news.ts';

const scan = async (deps: FlowDeps, scope: JobScope, phase: ScanPhase): Promise<void> => {
  const { day, due_at } = scope;
  const { cycle_id, universe_size } = day.cycle;
  const known = new Set(day.view?.watchlist);
  const view = await scope.step(
    SCAN_STEP,
    async (): Promise<MarketView | null> => {
      const answer = await deps.scanner.startScan({
        body: {
          cycle_id,
          universe_size,
          phase,
          scan_id: stableId('scan', cycle_id, due_at),
          wait: true,
        },
      });
      return answer.status === 'complete' && answer.scan ? viewOfScan(answer.scan) : null;
    },
    (result) => result !== null,
  );
  if (!view) {
    scope.note('the scan failed; the last one stays in force');
    await raiseAlert(deps, cycle_id, {
      severity: 'warning',
      code: 'SCAN_FAILED',
      message: `the ${phase} scan due at ${due_at} failed; the candidates of the one before stay`,
    });
    return;
  }
  day.view = view;
  // whom this scan found first has no minute bars yet, and a trigger needs them
  const fresh = view.watchlist.filter((symbol) => !known.has(symbol));
  if (fresh.length > 0) await deps.technical.ingestBars({ body: { symbols: fresh } });
  scope.note(`${view.candidates.length} candidates`);
};

/**
 * 08:00: news, then the funnel; the day is ready for the open even where the scan failed, since it
 * is scanned again after it.
 */
export const createPremarketScan =
  (deps: FlowDeps): JobBody =>
  async (scope) => {
    const { day } = scope;
    await scope.step('scanning', () =>
      changeCycleState(deps, day, 'scanning', 'the pre-market scan begins'),
    );
    await collect(deps, scope);
    await scan(deps, scope, 'pre_market');
    await scope.step('ready', () =>
      changeCycleState(
        deps,
        day,
        'ready',
        `the pre-market scan left ${day.view?.candidates.length ?? 0} candidates`,
      ),
    );
  };

/**
 * News and the funnel again; after the open the bars of whom the desk watches before it. The scan
 * goes by the universe, the backgrounds and the bars of the one before, and adds what is new.
 */
export const createRescan =
  (deps: FlowDeps): JobBody =>
  async (scope) => {
    await collect(deps, scope);
    if (scope.due_at < scope.day.hours.open_at) {
      await scan(deps, scope, 'pre_market');
      return;
    }
    const symbols = symbolsOfInterest(
      (await listHeld(deps.database)).map(({ symbol }) => symbol),
      scope.day.view,
    );
    if (symbols.length > 0) await deps.technical.ingestBars({ body: { symbols } });
    await scan(deps, scope, 'intraday');
  };

export const createMarketOpen =
  (deps: FlowDeps): JobBody =>
  async (scope) => {
    const { day } = scope;
    const { state } = day.cycle;
    const reason =
      state === 'ready' || state === 'trading'
        ? 'the market is open'
        : `the market is open; the pre-market scan was not finished (${state})`;
    await scope.step('trading', () => changeCycleState(deps, day, 'trading', reason));
  };
