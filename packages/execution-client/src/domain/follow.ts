import {
  beforeClose,
  compare,
  Exact,
  inNewYork,
  sessionAt,
  subtract,
  type DecimalString,
  type Instant,
  type TradingHours,
} from '@catalyst/domain';
import {
  planEntry,
  planPrices,
  withAtMost,
  type EntryPlan,
  type Means,
  type PlannedSignal,
} from './entry-plan.ts';
import {
  narrowLimits,
  NOTHING_ASKED,
  type AllowedLimits,
  type AskedByDesk,
} from './narrow-limits.ts';
import type { OwnerLimits } from './owner-limits.ts';
import { skipCodes, type SkipCode } from './skip-code.ts';

/** Of a signal to enter, what decides. */
export interface EntrySignal extends PlannedSignal {
  symbol: string;
  /** 0 to 1. */
  confidence: number;
  valid_until: Instant;
}

export interface OwnQuote {
  bid_price: DecimalString;
  ask_price: DecimalString;
  quoted_at: Instant;
}

/** The own account and book; null where the broker did not tell. */
export interface OwnAccount extends Means {
  /** Why the broker takes no orders; null where it does. */
  blocked: string | null;
  /** Result of the client's own trades of the day, realised and not. */
  day_result_usd: DecimalString;
  /** Symbols that the client holds or enters. */
  own_symbols: readonly string[];
  /** Symbols that the account holds or orders without the client. */
  others_symbols: readonly string[];
  is_reconciled: boolean;
}

/** How things stand when a signal is decided. */
export interface Standing {
  now: Instant;
  /** Of the trading day at hand; null where the exchange is closed all day. */
  hours: TradingHours | null;
  /** The desk's own rows: halted since, or taken back. */
  is_desk_halted: boolean;
  is_cancelled: boolean;
  is_paused: boolean;
  /** Why the client has stopped itself; null where it has not. */
  stopped: string | null;
  /** Why the owner's limits cannot be read; null where they can. */
  limits_unread: string | null;
  is_dry_run: boolean;
  quote: OwnQuote | null;
  account: OwnAccount | null;
}

export type FollowDecision =
  | { decision: 'enter'; plan: EntryPlan }
  | {
      decision: 'skip';
      code: SkipCode;
      reason: string;
      /** What would have been entered, where only the dry run stood against it. */
      plan: EntryPlan | null;
    };

/** Minutes before the exchange's close at which the client sells by itself; none is entered then. */
export const CLOSES_BEFORE_MINUTES = 20;
const skip = (code: SkipCode, detail = '', plan: EntryPlan | null = null): FollowDecision => ({
  decision: 'skip',
  code,
  reason: detail === '' ? skipCodes[code] : `${skipCodes[code]}: ${detail}`,
  plan,
});

const isInHours = (now: Instant, { from, to }: OwnerLimits['entry_hours']): boolean => {
  const { clock } = inNewYork(now);
  return clock >= from && clock < to;
};

const isTradingTime = (now: Instant, hours: TradingHours | null): boolean =>
  hours !== null &&
  sessionAt(hours, now) === 'regular' &&
  now < beforeClose(hours, CLOSES_BEFORE_MINUTES);

/** What stands against any entry at this moment, whatever the signal. */
const againstAny = (
  standing: Standing,
  { entry_hours, daily_loss_usd, max_positions }: AllowedLimits,
): FollowDecision | null => {
  const { now, hours, is_desk_halted, is_paused, stopped, limits_unread, account } = standing;
  if (is_desk_halted) return skip('desk_halted');
  if (stopped !== null) return skip('stopped', stopped);
  if (is_paused) return skip('paused');
  if (limits_unread !== null) return skip('limits_unread', limits_unread);
  if (!isTradingTime(now, hours)) return skip('closes_soon');
  if (!isInHours(now, entry_hours))
    return skip('outside_hours', `${entry_hours.from} to ${entry_hours.to} in New York`);
  if (account === null) return skip('account_unknown');
  if (account.blocked !== null) return skip('account_blocked', account.blocked);
  if (!account.is_reconciled) return skip('not_reconciled');
  if (compare(account.day_result_usd, `-${daily_loss_usd}`) <= 0)
    return skip('daily_loss', `${account.day_result_usd} of ${daily_loss_usd}`);
  if (account.own_symbols.length >= max_positions)
    return skip('too_many_positions', `${account.own_symbols.length} of ${max_positions}`);
  return null;
};

const againstThis = (
  { symbol, direction, confidence }: EntrySignal,
  { only_symbols, never_symbols, directions, min_confidence }: AllowedLimits,
): FollowDecision | null => {
  const isAllowed =
    (only_symbols.length === 0 || only_symbols.includes(symbol)) && !never_symbols.includes(symbol);
  if (!isAllowed) return skip('symbol_not_allowed', symbol);
  if (!directions.includes(direction)) return skip('direction_not_allowed', direction);
  if (confidence < min_confidence)
    return skip('confidence_too_low', `${confidence} of ${min_confidence}`);
  return null;
};

/** The price that an entry would meet now, and whether that is still the signal's. */
const againstQuote = (
  signal: EntrySignal,
  { now, quote }: Standing,
  { max_drift_ratio, max_spread_ratio, max_quote_age_s }: AllowedLimits,
): FollowDecision | null => {
  const age_ms = quote === null ? Number.NaN : Date.parse(now) - Date.parse(quote.quoted_at);
  if (quote === null || Number.isNaN(age_ms)) return skip('quote_unknown');
  if (age_ms > max_quote_age_s * 1000)
    return skip(
      'quote_unknown',
      `it is ${Math.round(age_ms / 1000)} s old, ${max_quote_age_s} at most`,
    );
  const { bid_price, ask_price } = quote;
  if (compare(bid_price, 0) <= 0 || compare(ask_price, bid_price) < 0) return skip('quote_unknown');
  const spread = new Exact(subtract(ask_price, bid_price)).div(bid_price);
  if (spread.gt(max_spread_ratio)) return skip('spread_too_wide', `${bid_price} to ${ask_price}`);
  const price = signal.direction === 'long' ? ask_price : bid_price;
  const drift = new Exact(price).minus(signal.entry_price).abs().div(signal.entry_price);
  if (drift.gt(max_drift_ratio))
    return skip('ran_away', `${price} now, ${signal.entry_price} at the signal`);
  return null;
};

const decideWithin = (
  signal: EntrySignal,
  limits: AllowedLimits,
  standing: Standing,
): FollowDecision => {
  if (standing.is_cancelled) return skip('cancelled');
  if (Date.parse(standing.now) >= Date.parse(signal.valid_until)) {
    const { date, clock } = inNewYork(signal.valid_until);
    return skip('expired', `it was until ${date} ${clock} New York`);
  }
  const against =
    againstThis(signal, limits) ??
    againstAny(standing, limits) ??
    againstQuote(signal, standing, limits);
  if (against !== null) return against;
  const account = standing.account!;
  if (account.own_symbols.includes(signal.symbol)) return skip('already_held', signal.symbol);
  if (account.others_symbols.includes(signal.symbol)) return skip('held_by_owner', signal.symbol);
  const prices = planPrices(signal, limits);
  if (prices === null) return skip('exits_not_sane');
  const plan = planEntry(prices, limits, account);
  if (plan === null) return skip('too_small');
  return standing.is_dry_run ? skip('dry_run', '', plan) : { decision: 'enter', plan };
};

/**
 * Whether a signal is entered, and with how many shares: the owner's limits first, then what the
 * desk asks on top, which can only lessen it. All that it needs is given; what is not known refuses.
 */
export const follow = (
  signal: EntrySignal,
  own: OwnerLimits,
  asked: AskedByDesk,
  standing: Standing,
): FollowDecision => {
  const byOwner = decideWithin(signal, narrowLimits(own, NOTHING_ASKED), standing);
  const isRefused = byOwner.decision === 'skip' && byOwner.code !== 'dry_run';
  if (isRefused) return byOwner;
  if (!asked.may_enter) return skip('server_narrowed', asked.why_not.join('; '));
  const narrowed = decideWithin(signal, narrowLimits(own, asked), standing);
  const isNarrowed = narrowed.decision === 'skip' && narrowed.code !== 'dry_run';
  if (isNarrowed) return skip('server_narrowed', narrowed.reason);
  // a nearer limit price alone would risk less a share, and so allow more shares
  const plan = withAtMost(narrowed.plan!, byOwner.plan!.qty);
  return { ...narrowed, plan };
};
