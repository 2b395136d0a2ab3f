import type { Cycle, SessionMode } from '@catalyst/contracts';
import { AppError } from '@catalyst/service-kit';
import { appendLog, updateSessionMode } from '../store/cycles.ts';
import type { CycleDay } from './cycle-book.ts';
import type { FlowDeps } from './flow-deps.ts';
import { handedOn } from './handed-on.ts';

interface Asked {
  session_mode: SessionMode;
  by: string;
  reason: string;
  caller: string;
}

/** A session trades by itself at the operator's word alone. @throws OPERATOR_ONLY */
export const refuseAutonomous = (session_mode: SessionMode, caller: string): void => {
  if (session_mode === 'autonomous' && caller !== 'cli')
    throw new AppError(
      'OPERATOR_ONLY',
      "only the operator lets a session trade by itself, with the operator's own key",
    );
};

/** From here on the session proposes, at anybody's word; or trades by itself, at the operator's. */
export const setSessionMode = async (
  { database, clock, bus, audit }: FlowDeps,
  day: CycleDay | null,
  { session_mode, by, reason, caller }: Asked,
): Promise<Cycle> => {
  if (!day || day.cycle.state === 'closed' || day.cycle.state === 'failed')
    throw new AppError(
      'CYCLE_NOT_ACTIVE',
      day
        ? `the session of ${day.cycle.trade_date} is ${day.cycle.state}: its mode decides nothing any more`
        : 'no session is open: start_trading_session opens one, and it takes its mode then',
    );
  refuseAutonomous(session_mode, caller);
  const { cycle_id, trade_date, state, session_mode: from } = day.cycle;
  if (from === session_mode) return day.cycle;
  const at = clock.now();
  await database.transaction(async (tx) => {
    await updateSessionMode(tx, cycle_id, session_mode, at);
    tx.beforeCommit(() =>
      appendLog(tx, {
        cycle_id,
        at,
        kind: 'transition',
        title: `${from} -> ${session_mode}`,
        details: { from, to: session_mode, reason, by: handedOn(by) },
      }),
    );
    bus.stage(tx, 'catalyst:cycle_state', { cycle_id, trade_date, from: state, to: state });
    audit(tx, {
      on_behalf_of: by,
      action: 'session_mode_changed',
      subject: cycle_id,
      details: { from, to: session_mode, reason },
    });
  });
  day.cycle = { ...day.cycle, session_mode, updated_at: at };
  await bus.changeStanding();
  return day.cycle;
};
