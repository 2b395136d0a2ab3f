import type { TradeLevels } from './pattern.ts';

/** A stop nearer than this share of the average true range is noise, not protection. */
const MIN_STOP_RANGES = 0.5;
const ATR_STOP_RANGES = 2;
const MIN_REWARD_TO_RISK = 2;

export interface LevelsInput {
  /** The trigger; the entry is planned there. */
  level: number;
  /** The low that must hold for the pattern to stay true. */
  structure_stop: number;
  /** Average true range of the timeframe, dollars. */
  average_range: number;
  /** The target that the pattern measures; raised to twice the risk where it is nearer. */
  measured_target: number;
}

/**
 * Entry, stop and target of a long set-up: the tighter of 2 x ATR and structure that is not inside
 * the noise. Null where no sane stop exists.
 */
export const planTrade = ({
  level,
  structure_stop,
  average_range,
  measured_target,
}: LevelsInput): TradeLevels | null => {
  const atrStop = level - ATR_STOP_RANGES * average_range;
  const structural =
    structure_stop > atrStop && level - structure_stop >= MIN_STOP_RANGES * average_range;
  const stop = structural ? structure_stop : atrStop;
  const risk = level - stop;
  if (!(stop > 0) || !(risk > 0)) return null;
  const target = Math.max(measured_target, level + MIN_REWARD_TO_RISK * risk);
  return {
    level,
    entry: level,
    stop,
    stop_basis: structural ? 'structure' : 'atr',
    target,
    reward_to_risk: (target - level) / risk,
  };
};
