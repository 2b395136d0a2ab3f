import type { HaltFile } from '../adapters/halt-file.ts';
import type { StateRow } from '../store/standing.ts';

/** The trading state that is in force beside what the database says. */
export type TradingStateInForce = (stored: StateRow | undefined) => StateRow;

/** The halt file rules over the database; a desk that nobody armed is halted. */
export const createTradingStateInForce =
  (haltFile: HaltFile): TradingStateInForce =>
  (stored) => {
    const reason = haltFile.read();
    if (reason !== null) return { state: 'halted', reason };
    return stored ?? { state: 'halted', reason: 'never armed' };
  };
