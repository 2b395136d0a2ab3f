import { stableId, toTimeId } from '@catalyst/domain';
import { symbolsOfInterest } from '../../domain/market-view.ts';
import { listWaitingProposals } from '../../store/proposals.ts';
import { listHeld } from '../../store/desk-reads.ts';
import type { FlowDeps } from '../flow-deps.ts';
import { expireOld, finishInterruptedExecutions } from '../execute-proposal.ts';
import { raiseAlert } from '../raise-alert.ts';
import type { JobBody } from '../run-job.ts';

/** Minutes between two reconciliations while the market is open. */
const RECONCILE_EVERY = 15;

/**
 * Each minute: bars, protection and profit of what is held, and the limits; over the daily loss
 * everything is closed.
 */
export const createWatchMinute =
  (deps: FlowDeps): JobBody =>
  async (scope) => {
    const { database, technical, trading, risk, clock, settle } = deps;
    const { day, due_at } = scope;
    const { cycle_id } = day.cycle;

    const now = clock.now();
    const [held, waiting] = await Promise.all([listHeld(database), listWaitingProposals(database)]);
    if (waiting.some(({ expires_at }) => expires_at <= now)) await expireOld(deps, now);
    const symbols = symbolsOfInterest(
      held.map(({ symbol }) => symbol),
      day.view,
    );
    if (symbols.length > 0) {
      const { refused } = await technical.ingestBars({ body: { symbols } });
      for (const { symbol, reason } of refused) scope.note(`bar of ${symbol} refused: ${reason}`);
    }
    const { positions, mended } = await trading.monitorPositions({ body: { cycle_id } });
    await settle();
    for (const { symbol, action } of mended) scope.note(`${symbol} mended: ${action}`);

    const { flatten } = await risk.checkLimits({ body: { cycle_id } });
    if (flatten && positions.some(({ status }) => status !== 'closed')) {
      await trading.closeAllPositions({
        body: {
          request_id: stableId('risk_flatten', cycle_id, due_at),
          by: 'workflow',
          reason: 'risk_flatten',
        },
      });
      await settle();
      scope.note('over a limit: closing everything');
    }
    if (toTimeId(due_at) % RECONCILE_EVERY === 0) {
      const { reconciled, differences } = await trading.reconcile({ body: { cycle_id } });
      await settle();
      if (!reconciled) {
        const message = `the desk differs from the broker: ${differences.map(({ kind, symbol, desk: ours, broker }) => `${kind} ${symbol ?? ''} ${ours} against ${broker}`).join('; ')}`;
        await raiseAlert(deps, cycle_id, {
          severity: 'warning',
          code: 'NOT_RECONCILED',
          message,
          details: { differences },
        });
      }
    }
    // an execution whose order's fate was unknown; last, so that it never keeps the desk from
    // watching
    await finishInterruptedExecutions(deps, waiting);
  };
