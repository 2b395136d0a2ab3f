import type { Bar } from '@catalyst/domain';
import { checkTrigger, type TriggerDecision } from './breakout.ts';
import type { Pattern } from './pattern.ts';

/** A pattern below this confidence is no reason to trade. */
export const MIN_CONFIDENCE = 0.7;
const VOLUME_MINUTES = 20;
// a minute without trades has no bar: the newest bar must still be the minute that just ended
const MAX_BAR_AGE_MINUTES = 1;

export interface TriggerChoice {
  confirmed: boolean;
  reason: string;
  /** The minute that just ended has no bar, so that nothing can be said of it. */
  bar_missing: boolean;
  pattern: Pattern | null;
  close: number | null;
  volume_ratio: number | null;
}

const isIntraday = (pattern: Pattern): number => (pattern.timeframe === '1day' ? 1 : 0);

/**
 * Holds the minute that just ended against the set-ups seen before it began: intraday ones first,
 * since their stop belongs to this day, then the surest.
 * `minutes` are the session's finished one-minute bars, oldest first; `patterns` were detected without the last of them.
 */
export const chooseTrigger = (
  patterns: readonly Pattern[],
  minutes: readonly Bar[],
  nowTimeId: number,
): TriggerChoice => {
  const none = (reason: string, bar_missing = false): TriggerChoice => ({
    confirmed: false,
    reason,
    bar_missing,
    pattern: null,
    close: minutes.at(-1)?.close ?? null,
    volume_ratio: null,
  });
  const last = minutes.at(-1);
  if (!last) return none('no minute of the session has a bar yet', true);
  const age = nowTimeId - (last.time_id + 1);
  if (age >= MAX_BAR_AGE_MINUTES)
    return none(
      `the minute that just ended has no bar: nothing was traded, or it is late; the last one ended ${age} ${age === 1 ? 'minute' : 'minutes'} before`,
      true,
    );
  const setups = patterns
    .filter((pattern) => pattern.confidence > MIN_CONFIDENCE)
    .toSorted((left, right) => isIntraday(left) - isIntraday(right));
  if (setups.length === 0) return none(`no pattern with a confidence above ${MIN_CONFIDENCE}`);

  const before = minutes.slice(0, -1).slice(-VOLUME_MINUTES);
  const averageVolume =
    before.length === 0
      ? Number.NaN
      : before.reduce((sum, bar) => sum + bar.volume, 0) / before.length;
  const decided = setups.map((pattern): { pattern: Pattern; decision: TriggerDecision } => ({
    pattern,
    decision: checkTrigger(pattern, last, averageVolume),
  }));
  const best = decided.find(({ decision }) => decision.triggered) ?? decided[0]!;
  return {
    confirmed: best.decision.triggered,
    bar_missing: false,
    reason: `${best.pattern.pattern} (${best.pattern.timeframe}): ${best.decision.reason}`,
    pattern: best.pattern,
    close: last.close,
    volume_ratio: best.decision.evidence.volume_ratio,
  };
};
