import { orderReasons, type TradingState } from '@catalyst/contracts';
import type { Instant } from '@catalyst/domain';

/** What stands of the trading state: the last change, the last stop, and the halt file. */
export interface TradingStanding {
  /** Null where nobody has armed the desk. */
  state: TradingState | null;
  reason: string | null;
  /** When a person or a limit last stopped the desk, whether it was resumed since or not. */
  stopped_at: Instant | null;
  /** What the halt file said when it was last seen, if nobody has resumed since. */
  sighted: string | null;
  /** What the halt file says now. */
  halt_file: string | null;
}

/** Why nothing is entered now; null where the desk is armed and nobody has stopped it. */
export const whyStopped = ({
  state,
  reason,
  sighted,
  halt_file,
}: TradingStanding): string | null => {
  const by_file = halt_file ?? sighted;
  if (by_file !== null) return `trading is halted by the halt file: ${by_file}`;
  if (state === null) return orderReasons.never_armed;
  return state === 'active' ? null : `trading is ${state}: ${reason}`;
};

/** True where what waits to be entered is taken back: a pause leaves it. */
export const isHalted = (standing: TradingStanding): boolean =>
  standing.halt_file !== null ||
  standing.sighted !== null ||
  standing.state === 'halted' ||
  standing.state === 'flattening';

/** True for an approval from before a stop: whoever stopped the desk did not mean it to go on. */
export const isVoid = (approved_at: Instant, { stopped_at }: TradingStanding): boolean =>
  stopped_at !== null && Date.parse(stopped_at) >= Date.parse(approved_at);
