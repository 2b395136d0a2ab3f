import type { OrderIntent, RefusalCode, RiskParameters, TradingState } from '@catalyst/contracts';
import {
  Exact,
  isOnTick,
  toCents,
  toDecimalString,
  type DecimalString,
  type Direction,
} from '@catalyst/domain';
import { riskRatio } from './kelly.ts';

/**
 * Capacity that is taken: a position, a pending entry, or an approval that may still become one.
 */
export interface Commitment {
  symbol: string;
  sector: string | null;
  notional_usd: DecimalString;
  /**
   * Return correlation with the symbol under review; null when there is too little history to say.
   */
  correlation: number | null;
  kind: 'position' | 'approval';
}

/** Everything a review looks at, read under one lock. */
export interface RiskFacts {
  now: string;
  trading_state: TradingState;
  trading_state_reason: string;
  is_reconciled: boolean;
  account: {
    equity_usd: DecimalString;
    last_equity_usd: DecimalString;
    buying_power_usd: DecimalString;
  } | null;
  commitments: readonly Commitment[];
  sector: string | null;
  is_shortable: boolean;
  quote: { bid_price: DecimalString; ask_price: DecimalString; quoted_at: string } | null;
  last_entry_at: string | null;
  /** When the symbol was last approved. */
  last_approved_at: string | null;
  /** Losing trades in a row on this symbol today. */
  consecutive_losses: number;
  /** R multiples of the desk's closed trades, oldest first. */
  closed_r_multiples: readonly number[];
}

export interface Refusal {
  verdict: 'refused';
  code: RefusalCode;
  message: string;
  limit: string;
  value: string;
  max_qty: DecimalString;
}
export interface Approval {
  verdict: 'approved';
  qty: DecimalString;
  risk_usd: DecimalString;
  notional_usd: DecimalString;
  sizing: Record<string, string>;
}

/** Dollars lost today as a share of the limit; 0 on a winning day. */
export const dailyLossUsedRatio = (
  equity: DecimalString,
  lastEquity: DecimalString,
  limitUsd: number,
): number => Math.max(0, new Exact(lastEquity).minus(equity).div(limitUsd).toNumber());

const percent = (ratio: number): string => `${(ratio * 100).toFixed(2)} %`;

/** Shares that each limit allows, whole shares only; the smallest of them counts. */
const sizeCaps = (
  intent: OrderIntent,
  facts: RiskFacts,
  account: NonNullable<RiskFacts['account']>,
  limits: RiskParameters,
): Record<string, Exact> => {
  const entry = new Exact(intent.entry_price);
  const perShareRisk = entry.minus(intent.stop_price).abs();
  const equity = new Exact(account.equity_usd);
  const { ratio, method } = riskRatio(facts.closed_r_multiples, limits.risk_per_trade_ratio);
  const lossRoom = new Exact(limits.daily_loss_limit_usd)
    .plus(account.equity_usd)
    .minus(account.last_equity_usd);
  const sectorHeld = facts.commitments
    .filter((held) => held.sector !== null && held.sector === facts.sector)
    .reduce((sum, held) => sum.plus(held.notional_usd), new Exact(0));
  // buying power at the broker does not know of approvals that have not become orders yet
  const promised = facts.commitments
    .filter((held) => held.kind === 'approval')
    .reduce((sum, held) => sum.plus(held.notional_usd), new Exact(0));
  const shares = (usd: Exact, perShare: Exact): Exact => Exact.max(0, usd.div(perShare)).floor();
  return {
    [`risk_per_trade (${method})`]: shares(equity.times(ratio), perShareRisk),
    daily_loss_room: shares(lossRoom, perShareRisk),
    max_position_ratio: shares(equity.times(limits.max_position_ratio), entry),
    max_sector_ratio:
      facts.sector === null
        ? new Exact(Infinity)
        : shares(equity.times(limits.max_sector_ratio).minus(sectorHeld), entry),
    buying_power: shares(new Exact(account.buying_power_usd).minus(promised), entry),
  };
};

const isBeyond = (direction: Direction, price: string, reference: string): boolean => {
  const order = new Exact(price).comparedTo(reference);
  return direction === 'long' ? order > 0 : order < 0;
};

/** Checks that need no size, in the order of their weight; the first that fires answers. */
const findRefusal = (
  intent: OrderIntent,
  facts: RiskFacts,
  limits: RiskParameters,
): Omit<Refusal, 'verdict' | 'max_qty'> | null => {
  const refuse = (
    code: RefusalCode,
    message: string,
    limit: string | number,
    value: string | number,
  ) => ({ code, message, limit: String(limit), value: String(value) });
  const { symbol, direction } = intent;
  if (facts.trading_state === 'halted')
    return refuse(
      'TRADING_HALTED',
      `trading is halted (${facts.trading_state_reason}); a person must arm or resume it`,
      'active',
      'halted',
    );
  if (facts.trading_state !== 'active')
    return refuse(
      'ONLY_REDUCING',
      `the desk is ${facts.trading_state} (${facts.trading_state_reason}) and opens nothing new`,
      'active',
      facts.trading_state,
    );
  if (!facts.account)
    return refuse(
      'ACCOUNT_UNKNOWN',
      'the account has not been read from the broker yet',
      'known',
      'unknown',
    );
  if (!facts.is_reconciled)
    return refuse(
      'NOT_RECONCILED',
      'orders and positions are not reconciled with the broker',
      'reconciled',
      'differences',
    );
  if (facts.last_entry_at !== null && Date.parse(facts.now) > Date.parse(facts.last_entry_at))
    return refuse(
      'AFTER_LAST_ENTRY',
      `no new entries after ${facts.last_entry_at}`,
      facts.last_entry_at,
      facts.now,
    );

  const used = dailyLossUsedRatio(
    facts.account.equity_usd,
    facts.account.last_equity_usd,
    limits.daily_loss_limit_usd,
  );
  if (used >= 1)
    return refuse(
      'DAILY_LOSS_LIMIT',
      `today's loss uses ${percent(used)} of the daily limit of $${limits.daily_loss_limit_usd}`,
      limits.daily_loss_limit_usd,
      toCents(new Exact(facts.account.last_equity_usd).minus(facts.account.equity_usd)),
    );
  if (facts.commitments.some((held) => held.symbol === symbol))
    return refuse('ALREADY_HELD', `${symbol} is held or has an entry pending`, 0, 1);
  if (
    facts.last_approved_at !== null &&
    Date.parse(facts.now) - Date.parse(facts.last_approved_at) <
      limits.duplicate_window_seconds * 1000
  ) {
    return refuse(
      'DUPLICATE_INTENT',
      `${symbol} was approved less than ${limits.duplicate_window_seconds} s ago`,
      limits.duplicate_window_seconds,
      (Date.parse(facts.now) - Date.parse(facts.last_approved_at)) / 1000,
    );
  }
  if (facts.commitments.length >= limits.max_positions)
    return refuse(
      'MAX_POSITIONS',
      `${facts.commitments.length} positions and pending entries, at most ${limits.max_positions}`,
      limits.max_positions,
      facts.commitments.length,
    );
  if (direction === 'short' && !(limits.allow_short && facts.is_shortable))
    return refuse(
      'SHORT_NOT_ALLOWED',
      limits.allow_short ? `${symbol} cannot be borrowed` : 'short selling is off (allow_short)',
      'true',
      'false',
    );
  if (facts.consecutive_losses >= limits.max_consecutive_losses_per_symbol)
    return refuse(
      'LOSS_STREAK',
      `${symbol} lost ${facts.consecutive_losses} times in a row today`,
      limits.max_consecutive_losses_per_symbol,
      facts.consecutive_losses,
    );

  for (const price of [intent.limit_price, intent.stop_price, intent.target_price]) {
    if (price !== null && !isOnTick(price))
      return refuse(
        'PRICE_OFF_TICK',
        `${price} is not a price the exchange takes: two decimals from $1, four below`,
        'on tick',
        price,
      );
  }
  if (
    !isBeyond(direction, intent.entry_price, intent.stop_price) ||
    !isBeyond(direction, intent.target_price, intent.entry_price)
  ) {
    return refuse(
      'STOP_MISSING_OR_WRONG_SIDE',
      `a ${direction} needs its stop (${intent.stop_price}) and target (${intent.target_price}) on the right sides of the entry (${intent.entry_price})`,
      direction,
      `${intent.stop_price}/${intent.entry_price}/${intent.target_price}`,
    );
  }
  const risk = new Exact(intent.entry_price).minus(intent.stop_price).abs();
  const distance = risk.div(intent.entry_price).toNumber();
  if (distance < limits.min_stop_distance_ratio)
    return refuse(
      'STOP_TOO_CLOSE',
      `the stop is ${percent(distance)} from the entry, at least ${percent(limits.min_stop_distance_ratio)}`,
      limits.min_stop_distance_ratio,
      distance,
    );
  if (distance > limits.max_stop_distance_ratio)
    return refuse(
      'STOP_TOO_FAR',
      `the stop is ${percent(distance)} from the entry, at most ${percent(limits.max_stop_distance_ratio)}`,
      limits.max_stop_distance_ratio,
      distance,
    );
  const rewardToRisk = new Exact(intent.target_price)
    .minus(intent.entry_price)
    .abs()
    .div(risk)
    .toNumber();
  if (rewardToRisk < limits.min_reward_to_risk)
    return refuse(
      'REWARD_TO_RISK',
      `reward to risk is ${rewardToRisk.toFixed(2)}, at least ${limits.min_reward_to_risk}`,
      limits.min_reward_to_risk,
      rewardToRisk.toFixed(4),
    );

  if (!facts.quote)
    return refuse(
      'QUOTE_STALE',
      `there is no quote of ${symbol}`,
      limits.max_quote_age_seconds,
      'none',
    );
  const age = (Date.parse(facts.now) - Date.parse(facts.quote.quoted_at)) / 1000;
  if (!(age <= limits.max_quote_age_seconds))
    return refuse(
      'QUOTE_STALE',
      `the quote of ${symbol} is ${Math.round(age)} s old, at most ${limits.max_quote_age_seconds} s`,
      limits.max_quote_age_seconds,
      age,
    );
  const mid = new Exact(facts.quote.bid_price).plus(facts.quote.ask_price).div(2);
  const spread = mid.gt(0)
    ? new Exact(facts.quote.ask_price).minus(facts.quote.bid_price).div(mid).toNumber()
    : Number.NaN;
  if (!(spread >= 0 && spread <= limits.max_spread_ratio))
    return refuse(
      'SPREAD_TOO_WIDE',
      `the spread of ${symbol} is ${percent(spread)}, at most ${percent(limits.max_spread_ratio)}`,
      limits.max_spread_ratio,
      spread,
    );

  const related = facts.commitments.find(
    (held) => held.correlation !== null && held.correlation > limits.max_correlation,
  );
  if (related)
    return refuse(
      'CORRELATION',
      `${symbol} moves with ${related.symbol} (correlation ${related.correlation!.toFixed(2)}, at most ${limits.max_correlation})`,
      limits.max_correlation,
      related.correlation!.toFixed(4),
    );
  return null;
};

const CAP_CODES: readonly [string, RefusalCode][] = [
  ['max_position_ratio', 'POSITION_SIZE_LIMIT'],
  ['max_sector_ratio', 'SECTOR_SHARE'],
  ['buying_power', 'BUYING_POWER'],
  ['daily_loss_room', 'DAILY_LOSS_LIMIT'],
];

/**
 * Holds an intent against every limit and finds its size. A refusal names the limit, the value and
 * the largest size that would pass.
 */
export const reviewIntent = (
  intent: OrderIntent,
  facts: RiskFacts,
  limits: RiskParameters,
): Refusal | Approval => {
  const refusal = findRefusal(intent, facts, limits);
  if (refusal) return { verdict: 'refused', ...refusal, max_qty: '0' };
  const caps = sizeCaps(intent, facts, facts.account!, limits);
  const largest = Object.values(caps).reduce((least, cap) => Exact.min(least, cap));
  const tightest = Object.entries(caps).find(([, cap]) => cap.eq(largest))![0];
  const code = CAP_CODES.find(([name]) => name === tightest)?.[1];
  const sizing = Object.fromEntries(
    Object.entries(caps).map(([name, cap]) => [
      name,
      cap.isFinite() ? toDecimalString(cap) : 'no limit',
    ]),
  );

  if (largest.lt(1)) {
    return {
      verdict: 'refused',
      code: code ?? 'SIZE_BELOW_ONE_SHARE',
      message: `${tightest} allows less than one share of ${intent.symbol} at ${intent.entry_price}`,
      limit: tightest,
      value: toDecimalString(largest),
      max_qty: '0',
    };
  }
  if (intent.qty !== null && new Exact(intent.qty).gt(largest)) {
    return {
      verdict: 'refused',
      code: code ?? 'POSITION_SIZE_LIMIT',
      message: `${tightest} allows at most ${toDecimalString(largest)} shares of ${intent.symbol}, ${intent.qty} were asked for`,
      limit: toDecimalString(largest),
      value: intent.qty,
      max_qty: toDecimalString(largest),
    };
  }
  const qty = intent.qty ?? toDecimalString(largest);
  const entry = new Exact(intent.entry_price);
  return {
    verdict: 'approved',
    qty,
    risk_usd: toCents(entry.minus(intent.stop_price).abs().times(qty)),
    notional_usd: toCents(entry.times(qty)),
    sizing: { ...sizing, tightest },
  };
};
