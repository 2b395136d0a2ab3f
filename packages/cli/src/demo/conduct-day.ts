import type { CycleProgress, DailyReport, SessionMode } from '@catalyst/contracts';
import { later, newYorkTime } from '@catalyst/domain';
import { describeProgress } from '../describe-progress.ts';
import type { DeskClients } from '../desk-connection.ts';
import type { Progress } from '../terminal.ts';

/** Simulated minutes per request: long enough to be fast, short enough to watch. */
const chunk_ms = 10 * 60_000;
/** Whoever follows is told of each minute. */
const followed_ms = 60_000;
/** A cycle that has not ended so long after the bell never will. */
const after_close_ms = 2 * 60 * 60_000;

const hasEnded = ({ cycle: { state } }: CycleProgress): boolean =>
  state === 'closed' || state === 'failed';

type Options = {
  trade_date: string;
  session_mode: SessionMode;
  progress: Progress;
  signal: AbortSignal;
  /** Done after each minute, where somebody follows the desk. */
  follow?: (() => Promise<void>) | undefined;
};

/**
 * Opens the cycle of the recorded day and conducts it until it has ended; answers its end and its
 * report.
 */
export const conductDay = async (
  { workflow, reporting }: DeskClients,
  { trade_date, session_mode, progress, signal, follow }: Options,
): Promise<{ end: CycleProgress; report: DailyReport }> => {
  await workflow.startCycle({ body: { trade_date, session_mode } });
  let now = await workflow.showCurrentCycle();
  const from = Math.max(Date.parse(now.as_of), Date.parse(newYorkTime(trade_date, '04:00')));
  const close = Date.parse(now.cycle.close_at);
  const give_up_at = later(now.cycle.close_at, after_close_ms);
  let to = new Date(from).toISOString();
  while (!hasEnded(now)) {
    signal.throwIfAborted();
    if (to >= give_up_at)
      throw new Error(
        `the cycle of ${trade_date} is still ${now.cycle.state} two hours after the close`,
      );
    to = later(to, follow ? followed_ms : chunk_ms);
    await workflow.advanceReplay({ body: { to } });
    await follow?.();
    now = await workflow.showCurrentCycle();
    progress.update(
      Math.min(1, (Date.parse(now.as_of) - from) / (close - from)),
      describeProgress(now),
    );
  }
  progress.update(1, describeProgress(now));
  return { end: now, report: await reporting.showDailyReport({ params: { trade_date } }) };
};
