import { compare, stableId, toTimeId } from '@catalyst/domain';
import { symbolsOfInterest } from '../../domain/market-view.ts';
import { listWaitingProposals } from '../../store/proposals.ts';
import { listHeld } from '../../store/desk-reads.ts';
import type { FlowDeps } from '../flow-deps.ts';
import { expireOld, finishInterruptedExecutions } from '../execute-proposal.ts';
import { entryRefused, raiseAlert } from '../raise-alert.ts';
import { tellPriceAges } from '../tell-price-ages.ts';
import type { JobBody, JobScope } from '../run-job.ts';
import { createFetchMinute } from './fetch-minute.ts';

/** Minutes between two reconciliations while the market is open. */
const RECONCILE_EVERY = 15;

/** Protection and profit of what is held, and the limits; over the daily loss all is closed. */
const watchPositions = async (deps: FlowDeps, { day, due_at, note }: JobScope): Promise<void> => {
  const { trading, risk, settle } = deps;
  const { cycle_id } = day.cycle;
  const { positions, mended, acts_mark } = await trading.monitorPositions({ body: { cycle_id } });
  await settle(acts_mark);
  for (const { symbol, action, is_refused } of mended) {
    note(`${symbol} mended: ${action}`);
    if (is_refused) await raiseAlert(deps, cycle_id, entryRefused(symbol, action));
  }

  const { flatten, status } = await risk.checkLimits({ body: { cycle_id } });
  if (flatten && positions.some((position) => position.status !== 'closed')) {
    await trading.closeAllPositions({
      body: {
        request_id: stableId('risk_flatten', cycle_id, due_at),
        by: 'workflow',
        reason: 'risk_flatten',
      },
    });
    await settle();
    note('over a limit: closing everything');
  }
  const held = positions.filter(({ qty }) => compare(qty, 0) > 0).map(({ symbol }) => symbol);
  await tellPriceAges(deps, cycle_id, held, status.stale_prices);
};

/** Holds the book against the broker's; a difference is told. */
const reconcile = async (deps: FlowDeps, { day }: JobScope): Promise<void> => {
  const { cycle_id } = day.cycle;
  const { reconciled, differences } = await deps.trading.reconcile({ body: { cycle_id } });
  await deps.settle();
  if (reconciled) return;
  const listed = differences.map(
    ({ kind, symbol, desk, broker }) => `${kind} ${symbol ?? ''} ${desk} against ${broker}`,
  );
  await raiseAlert(deps, cycle_id, {
    severity: 'warning',
    code: 'NOT_RECONCILED',
    message: `the desk differs from the broker: ${listed.join('; ')}`,
    details: { differences },
  });
};

/**
 * Each minute: bars, protection and profit of what is held, and the limits; over the daily loss
 * everything is closed. Bars and positions know nothing of each other, so that neither waits for
 * the other, and a failure of one leaves the other its end.
 */
export const createWatchMinute = (deps: FlowDeps): JobBody => {
  const fetchMinute = createFetchMinute(deps);
  return async (scope) => {
    const { database, clock, log } = deps;
    const { day, due_at } = scope;
    const now = clock.now();
    const [held, waiting] = await Promise.all([listHeld(database), listWaitingProposals(database)]);
    if (waiting.some(({ expires_at }) => expires_at <= now)) await expireOld(deps, now);
    const symbols = symbolsOfInterest(
      held.map(({ symbol }) => symbol),
      day.view,
    );
    const ends = await clock.together([
      () => watchPositions(deps, scope),
      () => fetchMinute(scope, symbols),
    ]);
    const [failure, other] = ends.filter((end) => end.status === 'rejected');
    // the job ends with the first; the second must not be lost behind it
    if (other) log.warn('minute_failed_twice', { due_at, error: other.reason });
    if (failure) throw failure.reason;
    if (toTimeId(due_at) % RECONCILE_EVERY === 0) await reconcile(deps, scope);
    // an execution whose order's fate was unknown; last, so that it never keeps the desk from
    // watching
    await finishInterruptedExecutions(deps, waiting);
  };
};
