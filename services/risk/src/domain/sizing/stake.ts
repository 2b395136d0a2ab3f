import { edgeOf, KELLY_MIN_TRADES, kellyFraction } from './kelly.ts';
import type { ClosedTrade } from './closed-trade.ts';

const KELLY_PART = 0.25;
/** A stock that moves more than this share of its price on a mean day is traded smaller. */
const CALM_DAY = 0.05;
/** However wild, a fifth of the stake is left. */
const LEAST_CALM = 0.2;

/** One number that the stake came from, in words. */
export interface Factor {
  name: string;
  value: string;
  reason: string;
}
export interface Stake {
  method: 'fixed_fraction' | 'quarter_kelly';
  /** Share of the equity that may be lost at the stop. */
  ratio: number;
  factors: Factor[];
}

interface Given {
  trades: readonly ClosedTrade[];
  pattern: string | null;
  catalyst_type: string | null;
  base: number;
  /** Mean daily true range as a share of the price; null where it is not known. */
  daily_range: number | null;
}

const shown = (value: number): string => String(Number(value.toFixed(6)));

/**
 * Share of the equity to risk on a trade: the fixed `base`, from 30 closed trades on a quarter of
 * Kelly's f for trades of its pattern and catalyst, kept between a quarter of `base` and `base`, so
 * that a good streak never raises the stake and a bad one does not end the learning; less for a
 * stock that moves more than 5 % a day.
 */
export const sizeStake = ({ trades, pattern, catalyst_type, base, daily_range }: Given): Stake => {
  const calm = daily_range === null ? 1 : Math.max(LEAST_CALM, Math.min(1, CALM_DAY / daily_range));
  const volatility: Factor = {
    name: 'volatility',
    value: shown(calm),
    reason:
      daily_range === null
        ? 'the mean daily true range is not known'
        : `it moves ${(daily_range * 100).toFixed(2)} % on a mean day; up to ${CALM_DAY * 100} % the stake is whole`,
  };
  const basis: Factor = {
    name: 'base',
    value: shown(base),
    reason: 'risk_per_trade_ratio, of the equity',
  };
  if (trades.length < KELLY_MIN_TRADES)
    return {
      method: 'fixed_fraction',
      ratio: base * calm,
      factors: [
        basis,
        {
          name: 'history',
          value: String(trades.length),
          reason: `closed trades with a stop; from ${KELLY_MIN_TRADES} on they count`,
        },
        volatility,
      ],
    };
  const edge = edgeOf(trades, { pattern, catalyst_type });
  const kelly = kellyFraction(edge.kind);
  const part = Math.min(base, Math.max(base * KELLY_PART, kelly * KELLY_PART));
  const describe = ({ trades: count, win_rate, mean_win, mean_loss }: typeof edge.all): string =>
    `${count} trades: wins ${(win_rate * 100).toFixed(1)} %, mean win ${mean_win.toFixed(2)} R, mean loss ${mean_loss.toFixed(2)} R, drawn towards what is above`;
  return {
    method: 'quarter_kelly',
    ratio: part * calm,
    factors: [
      basis,
      { name: 'edge_all', value: shown(kellyFraction(edge.all)), reason: describe(edge.all) },
      {
        name: 'edge_pattern',
        value: shown(kellyFraction(edge.pattern)),
        reason: `${pattern ?? 'no pattern'}, ${describe(edge.pattern)}`,
      },
      {
        name: 'edge_kind',
        value: shown(kelly),
        reason: `${pattern ?? 'no pattern'} with ${catalyst_type ?? 'no catalyst'}, ${describe(edge.kind)}`,
      },
      {
        name: 'quarter_kelly',
        value: shown(part),
        reason: `a quarter of Kelly's ${shown(kelly)}, between ${shown(base * KELLY_PART)} and ${shown(base)}`,
      },
      volatility,
    ],
  };
};
