import type { ScanPhase } from '@catalyst/contracts';
import { stableId } from '@catalyst/domain';
import { symbolsOfInterest, viewOfScan, type MarketView } from '../../domain/market-view.ts';
import { listHeld } from '../../store/desk-reads.ts';
import { changeCycleState } from '../change-cycle-state.ts';
import { SCAN_STEP } from '../cycle-book.ts';
import type { Desk } from '../desk.ts';
import { raiseAlert } from '../raise-alert.ts';
import type { JobBody, JobScope } from '../run-job.ts';
import { collect } from './collect-news.ts';

const scan = async (desk: Desk, scope: JobScope, phase: ScanPhase): Promise<void> => {
  const { day, due_at } = scope;
  const { cycle_id, universe_size } = day.cycle;
  const known = new Set(day.view?.watchlist);
  const view = await scope.step(
    SCAN_STEP,
    async (): Promise<MarketView | null> => {
      const answer = await desk.scanner.startScan({
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
    await raiseAlert(desk, cycle_id, {
      severity: 'warning',
      code: 'SCAN_FAILED',
      message: `the ${phase} scan due at ${due_at} failed; the candidates of the one before stay`,
    });
    return;
  }
  day.view = view;
  // whom this scan found first has no minute bars yet, and a trigger needs them
  const fresh = view.watchlist.filter((symbol) => !known.has(symbol));
  if (fresh.length > 0) await desk.technical.ingestBars({ body: { symbols: fresh } });
  scope.note(`${view.candidates.length} candidates`);
};

/**
 * 08:00: news, then the funnel; the day is ready for the open even where the scan failed, since it
 * is scanned again after it.
 */
export const createPremarketScan =
  (desk: Desk): JobBody =>
  async (scope) => {
    const { day } = scope;
    await scope.step('scanning', () =>
      changeCycleState(desk, day, 'scanning', 'the pre-market scan begins'),
    );
    await collect(desk, scope);
    await scan(desk, scope, 'pre_market');
    await scope.step('ready', () =>
      changeCycleState(
        desk,
        day,
        'ready',
        `the pre-market scan left ${day.view?.candidates.length ?? 0} candidates`,
      ),
    );
  };

/** After the open: news, the bars of whom the desk watches, and the funnel again. */
export const createRescan =
  (desk: Desk): JobBody =>
  async (scope) => {
    await collect(desk, scope);
    const symbols = symbolsOfInterest(
      (await listHeld(desk.database)).map(({ symbol }) => symbol),
      scope.day.view,
    );
    if (symbols.length > 0) await desk.technical.ingestBars({ body: { symbols } });
    await scan(desk, scope, 'intraday');
  };

export const createMarketOpen =
  (desk: Desk): JobBody =>
  async (scope) => {
    const { day } = scope;
    const { state } = day.cycle;
    const reason =
      state === 'ready' || state === 'trading'
        ? 'the market is open'
        : `the market is open; the pre-market scan was not finished (${state})`;
    await scope.step('trading', () => changeCycleState(desk, day, 'trading', reason));
  };
