import { FULL_SESSION_MINUTES, OPEN_MINUTE, type SessionEnd } from '../volume-curve.ts';

/** A chart structure of the regular session. */
export type StructureName =
  | 'opening_range_breakout'
  | 'bull_flag'
  | 'quick_bull_flag'
  | 'resistance_break'
  | 'steady_trend'
  | 'fade';

export interface Structure {
  name: StructureName;
  /** When the breakout (or, for a flag, its pole) begins. */
  at_minute: number;
  /**
   * The breakout runs on and keeps its gain, stalls and comes back, or fails within a quarter of an
   * hour.
   */
  outcome: 'runs' | 'stalls' | 'fails';
}

/**
 * The first breakouts, and how long before the close the last must have begun for what follows it
 * to end in time.
 */
const FIRST_BREAKOUT = 598;

const BEFORE_CLOSE = 152;
const ROOM = FULL_SESSION_MINUTES - (FIRST_BREAKOUT - OPEN_MINUTE) - BEFORE_CLOSE;

/** The structure of a full session, moved closer to the open where the session closes early. */
export const fitStructure = (
  structure: Structure,
  { close_minute: close }: SessionEnd,
): Structure => {
  const room = close - BEFORE_CLOSE - FIRST_BREAKOUT;
  if (structure.at_minute <= FIRST_BREAKOUT || room >= ROOM) return structure;
  return {
    ...structure,
    at_minute: FIRST_BREAKOUT + Math.round(((structure.at_minute - FIRST_BREAKOUT) * room) / ROOM),
  };
};
