import type { CycleState } from '@catalyst/contracts';
import type { ExitReason } from '@catalyst/domain';
import { AppError } from '@catalyst/service-kit';
import { appendLog, updateCycleState } from '../store/cycles.ts';
import type { CycleDay } from './cycle-book.ts';
import type { FlowDeps } from './flow-deps.ts';

/**
 * Moves a cycle into a state: the row, its log and its event in one transaction. A cycle that is
 * there already stays as it is.
 */
export const changeCycleState = async (
  { database, clock, bus, book, audit, log }: FlowDeps,
  day: CycleDay,
  to: CycleState,
  reason: string,
  { by, ...more }: { by?: string; exit_reason?: ExitReason } = {},
): Promise<void> => {
  const { cycle_id, trade_date, state: from } = day.cycle;
  if (from === to) return;
  const at = clock.now();
  const moved = await database.transaction(async (tx) => {
    if (!(await updateCycleState(tx, cycle_id, from, to, at))) return false;
    tx.beforeCommit(() =>
      appendLog(tx, {
        cycle_id,
        at,
        kind: 'transition',
        title: `${from} -> ${to}`,
        details: { from, to, reason, ...more, ...(by && { by }) },
      }),
    );
    bus.stage(tx, 'catalyst:cycle_state', { cycle_id, trade_date, from, to });
    if (by)
      audit(tx, {
        on_behalf_of: by,
        action: 'cycle_state_changed',
        subject: cycle_id,
        details: { from, to, reason },
      });
    return true;
  });
  if (!moved) {
    book.forget();
    throw new AppError(
      'SERVICE_UNAVAILABLE',
      `the cycle of ${trade_date} was moved by another process; its state is read again`,
    );
  }
  day.cycle = { ...day.cycle, state: to, updated_at: at };
  await bus.changeStanding();
  log.info('cycle_state_changed', { from, to, reason });
};
