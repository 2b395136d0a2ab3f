import type { Left } from '@catalyst/contracts';
import type { ExitReason } from '@catalyst/domain';
import { stableId, toTimeId } from '@catalyst/domain';
import { messageOf } from '@catalyst/service-kit';
import { nextWindDownStep, RECONCILE_MINUTES, REPORT_MINUTES } from '../../domain/wind-down.ts';
import { findExitReason } from '../../store/cycles.ts';
import { changeCycleState } from '../change-cycle-state.ts';
import type { CycleDay } from '../cycle-book.ts';
import type { FlowDeps } from '../flow-deps.ts';
import { createEachOnItsOwn } from '../each-on-its-own.ts';
import { raiseAlert } from '../raise-alert.ts';
import { mayPass, type JobBody } from '../run-job.ts';

/**
 * Cancels every entry order and closes every position at market, each though the other failed; the
 * same `occasion` asks for the same acts.
 */
export const closeEverything = async (
  { trading, settle, log }: FlowDeps,
  cycle_id: string,
  reason: ExitReason,
  occasion: string,
  by: string,
): Promise<Left[]> => {
  const own = createEachOnItsOwn((error) => log.warn('close_failed_twice', { occasion, error }));
  await own.try(async () => {
    await trading.cancelAllOrders({
      body: { request_id: stableId('cancel_all', cycle_id, occasion), by },
    });
    await settle();
  });
  const closed = await own.try(async () => {
    const answer = await trading.closeAllPositions({
      body: { request_id: stableId('close_all', cycle_id, occasion), by, reason },
    });
    await settle();
    return answer;
  });
  own.end();
  return closed?.left ?? [];
};

const minutesInState = ({ cycle }: CycleDay, now: string): number =>
  toTimeId(now) - toTimeId(cycle.updated_at);

export const createClosePositions =
  (deps: FlowDeps): JobBody =>
  async (scope) => {
    const { day, due_at } = scope;
    await scope.step('closing', () =>
      changeCycleState(deps, day, 'closing', 'half an hour to the close', {
        exit_reason: 'end_of_day',
      }),
    );
    const left = await closeEverything(deps, day.cycle.cycle_id, 'end_of_day', due_at, 'workflow');
    for (const { symbol, why } of left) scope.note(`${symbol} is left: ${why}`);
  };

/** Each minute while closing: close again what is left, then reconcile, then report. */
export const createCloseRetry =
  (deps: FlowDeps): JobBody =>
  async (scope) => {
    const { trading, database, settle } = deps;
    const { day, due_at } = scope;
    const { cycle_id, close_at } = day.cycle;
    const [{ positions }, { orders }] = await Promise.all([
      trading.listPositions({ query: { status: 'open' } }),
      trading.listOrders({ query: { status: 'open' } }),
    ]);
    const left = [...positions, ...orders].map(({ symbol }) => symbol);
    const next = nextWindDownStep(
      { open_positions: positions.length, open_orders: orders.length },
      due_at >= close_at,
    );
    if (next === 'close_again') {
      scope.note(`not flat: ${[...new Set(left)].sort().join(', ')}`);
      await closeEverything(
        deps,
        cycle_id,
        await findExitReason(database, cycle_id),
        due_at,
        'workflow',
      );
      return;
    }
    if (next === 'give_up') {
      await scope.step('not_flat', () =>
        raiseAlert(deps, cycle_id, {
          severity: 'critical',
          code: 'NOT_FLAT',
          message: `the market closed and the desk still holds ${[...new Set(left)].sort().join(', ')}`,
        }),
      );
    }
    const { reconciled, differences } = await trading.reconcile({ body: { cycle_id } });
    await settle();
    if (!reconciled) {
      scope.note(`${differences.length} differences from the broker`);
      if (next === 'reconcile' && minutesInState(day, due_at) < RECONCILE_MINUTES) return;
      await scope.step('not_reconciled', () =>
        raiseAlert(deps, cycle_id, {
          severity: 'critical',
          code: 'NOT_RECONCILED',
          message: `the day is reported with ${differences.length} differences from the broker`,
          details: { differences },
        }),
      );
    }
    await scope.step('reporting', () =>
      changeCycleState(
        deps,
        day,
        'reporting',
        next === 'give_up' ? 'not flat, and the market is closed' : 'the desk is flat',
      ),
    );
  };

export const createMakeReport =
  (deps: FlowDeps): JobBody =>
  async (scope) => {
    const { day, due_at } = scope;
    const { cycle_id } = day.cycle;
    try {
      const { report_id, mail, open_positions } = await scope.step('report', async () => {
        const report = await deps.reporting.makeDailyReport({ body: { cycle_id } });
        return {
          report_id: report.report_id,
          mail: report.mail.status,
          open_positions: report.open_positions,
        };
      });
      scope.note(`report ${report_id}, mail ${mail}`);
      if (open_positions > 0)
        await scope.step('failed', () =>
          changeCycleState(
            deps,
            day,
            'failed',
            `the day ended with ${open_positions} open positions`,
          ),
        );
      else
        await scope.step('closed', () =>
          changeCycleState(deps, day, 'closed', 'the day is reported'),
        );
    } catch (error) {
      if ((deps.is_replay && mayPass(error)) || minutesInState(day, due_at) < REPORT_MINUTES)
        throw error;
      const message = `the report could not be made for ${REPORT_MINUTES} minutes: ${messageOf(error)}`;
      await raiseAlert(deps, cycle_id, { severity: 'critical', code: 'REPORT_FAILED', message });
      await changeCycleState(deps, day, 'failed', message);
    }
  };
