import { decimalString, direction, instant, symbol } from '@catalyst/domain';
import { z } from 'zod';
import { orderIntent, riskCheck, riskDecision } from './risk-decision.ts';
import { route } from './route.ts';
import { actReason, onBehalfOf } from './said-by.ts';

export const tradingState = z.enum(['halted', 'active', 'reducing', 'flattening']);
export type TradingState = z.infer<typeof tradingState>;

/** A trade whose size is asked for, without meaning to make it. */
export const sizeQuestion = z.strictObject({
  symbol,
  direction,
  entry_price: decimalString,
  limit_price: decimalString.nullable().default(null),
  stop_price: decimalString,
  pattern: z.string().max(60).optional(),
  catalyst_type: z.string().max(60).optional(),
});
export type SizeQuestion = z.infer<typeof sizeQuestion>;

export const positionSize = z.object({
  symbol,
  /** Whole shares that every limit allows; "0" where one allows none. */
  qty: decimalString,
  /** Share of the equity that may be lost at the stop, and how it was found. */
  stake_ratio: z.number().min(0),
  method: z.enum(['fixed_fraction', 'quarter_kelly']),
  /** What the stake came from, in the order in which it did. */
  factors: z.array(z.object({ name: z.string(), value: z.string(), reason: z.string() })),
  /** Each limit with the shares it allows and what it read. */
  caps: z.array(riskCheck),
  /** The limit that allows the fewest. */
  tightest: z.string(),
});
export type PositionSize = z.infer<typeof positionSize>;

/** A limit that cannot be evaluated now, or only for a part of what is held, and what it does then. */
export const limitInPart = z.object({
  limit: z.enum(['daily_loss_limit_usd', 'max_sector_ratio', 'max_correlation']),
  reason: z.string(),
});
export type LimitInPart = z.infer<typeof limitInPart>;

/** How much of a limit is used while the desk runs. */
export const limitUse = z.object({
  limit: z.enum([
    'daily_loss_limit_usd',
    'max_drawdown_usd',
    'max_positions',
    'max_gross_ratio',
    'max_position_ratio',
    'max_sector_ratio',
    'max_correlation',
    'max_consecutive_losses_per_symbol',
  ]),
  /** From the warning's share on it is told, from 1 on it is reached. */
  used_ratio: z.number().min(0),
  value: z.string(),
  /** What it is about, where it is about one thing: a symbol, two, a sector. */
  of: z.string().nullable(),
});
export type LimitUse = z.infer<typeof limitUse>;

export const riskStatus = z.object({
  trading_state: tradingState,
  reason: z.string(),
  /**
   * Equity now less equity at the last close, transfers out; null while the account has not been
   * read.
   */
  daily_pnl_usd: decimalString.nullable(),
  daily_loss_limit_usd: decimalString,
  /** Share of the daily loss limit that is used: 0.75 warns, 1 stops. */
  daily_loss_used_ratio: z.number().min(0),
  open_positions: z.int(),
  max_positions: z.int(),
  exposure_usd: decimalString,
  /** What is lost from here if every stop is hit at its price, waiting entries included. */
  open_risk_usd: decimalString.default('0'),
  equity_usd: decimalString.nullable(),
  live_approvals: z.int(),
  /**
   * Held stocks that nobody traded or quoted for two minutes: profit and limits are reckoned with
   * prices of that age; null where no price was ever seen.
   */
  stale_prices: z.array(
    z.object({
      symbol,
      last_price_at: instant.nullable(),
      age_seconds: z.int().nullable(),
    }),
  ),
  parameters_version: z.int(),
  /** Empty while every limit is evaluated in full. */
  limits_in_part: z.array(limitInPart),
  /** How much of each limit is used, the most first. */
  limits_used: z.array(limitUse).default([]),
});
export type RiskStatus = z.infer<typeof riskStatus>;

/** The status after an act of a person. */
export const tradingStateChange = riskStatus.extend({
  /** What a resume lifted, and who had set it; null where nothing was lifted. */
  lifted: z
    .object({
      trading_state: tradingState,
      reason: z.string(),
      set_by: z.string(),
      set_at: instant.nullable(),
      removed_halt_file: z.boolean(),
    })
    .nullable()
    .default(null),
});
export type TradingStateChange = z.infer<typeof tradingStateChange>;

/** Limits that a person may change, in the units of their names. */
export const riskParameters = z.strictObject({
  daily_loss_limit_usd: z.number().positive(),
  warning_ratio: z.number().gt(0).lt(1),
  max_position_ratio: z.number().gt(0).lte(1),
  max_positions: z.int().min(1),
  max_correlation: z.number().gt(0).lte(1),
  max_sector_ratio: z.number().gt(0).lte(1),
  risk_per_trade_ratio: z.number().gt(0).lte(0.05),
  min_reward_to_risk: z.number().min(0),
  min_stop_distance_ratio: z.number().min(0),
  max_stop_distance_ratio: z.number().gt(0).lt(1),
  max_spread_ratio: z.number().gt(0).lt(1),
  max_quote_age_seconds: z.number().positive(),
  duplicate_window_seconds: z.number().min(0),
  approval_lifetime_seconds: z.number().positive(),
  max_consecutive_losses_per_symbol: z.int().min(1),
  symbol_cool_down_seconds: z.number().min(0),
  max_account_age_seconds: z.number().positive(),
  max_reconciliation_age_seconds: z.number().positive(),
  max_price_gap_ratio: z.number().gt(0).lt(1),
  max_stop_true_ranges: z.number().positive(),
  max_volume_ratio: z.number().gt(0).lte(1),
  max_gross_ratio: z.number().gt(0),
  /** Dollars below the day's highest equity at which all is sold; without it nothing is. */
  max_drawdown_usd: z.number().positive().optional(),
  allow_short: z.boolean(),
});
export type RiskParameters = z.infer<typeof riskParameters>;

export const limitsInForce = z.object({
  version: z.int(),
  parameters: riskParameters,
  /** What each may be set to at least and at most: no file, tool or person leaves it. */
  ranges: z
    .partialRecord(riskParameters.keyof(), z.object({ min: z.number(), max: z.number() }))
    .default({}),
  /** What of the limits makes another idle on the account as it is. */
  warnings: z.array(z.string()).default([]),
});

const by = onBehalfOf;
const reason = actReason;

export const riskApi = {
  checkOrder: route('POST', '/api/v1/orders/check', {
    summary: 'Reviews an intent against every limit and reserves its capacity, as one atomic act.',
    body: orderIntent,
    response: riskDecision,
    repeatable: true,
  }),
  previewOrder: route('POST', '/api/v1/orders/preview', {
    summary: 'The same review without reserving anything.',
    body: orderIntent,
    response: riskDecision,
    scope: 'read',
    repeatable: true,
  }),
  sizePosition: route('POST', '/api/v1/positions/size', {
    summary:
      'How many shares a trade may be of, and how that came about: each factor of the stake, each limit with the shares it allows.',
    body: sizeQuestion,
    response: positionSize,
    scope: 'read',
    repeatable: true,
  }),
  checkLimits: route('POST', '/api/v1/limits/check', {
    summary:
      'Holds the account against the limits: warns at 75 % of the daily loss, at 100 % flattens; publishes alerts.',
    body: z.strictObject({ cycle_id: z.uuid() }),
    response: z.object({
      status: riskStatus,
      flatten: z.boolean(),
      /** A limit that sells is reached by this read alone: look again in five seconds. */
      confirm: z.boolean().default(false),
    }),
    repeatable: true,
  }),
  showStatus: route('GET', '/api/v1/status', {
    summary: 'The trading state and how much of each limit is used.',
    response: riskStatus,
  }),
  arm: route('POST', '/api/v1/arm', {
    summary:
      'Lets the desk trade; as installed it is halted until a person arms it once. It lifts nothing: a stop is resumed.',
    body: z.strictObject({ by, reason }),
    response: riskStatus,
    repeatable: true,
  }),
  changeTradingState: route('POST', '/api/v1/trading-state', {
    summary:
      'pause: no new entries (reducing). halt: nothing but exits. flatten: close everything. Nothing but resume lifts one of them, with a reason.',
    body: z.strictObject({ act: z.enum(['pause', 'halt', 'flatten', 'resume']), by, reason }),
    response: tradingStateChange,
    repeatable: true,
  }),
  showTradingState: route('GET', '/api/v1/state', {
    summary: 'The trading state and why it is so.',
    response: z.object({ state: tradingState, reason: z.string() }),
  }),
  showParameters: route('GET', '/api/v1/parameters', {
    summary: 'The limits in force and their version.',
    response: limitsInForce,
  }),
  showLimits: route('GET', '/api/v1/limits', {
    summary: 'The status and the limits in force beside it, of one reading.',
    response: z.object({ status: riskStatus, limits: limitsInForce }),
  }),
  updateParameter: route('PUT', '/api/v1/parameters/:name', {
    summary:
      'Changes one limit within its hard ceiling; a version with who, when, old and new is kept.',
    params: z.object({ name: z.string() }),
    body: z.strictObject({ value: z.union([z.number(), z.boolean()]), by, reason }),
    response: z.object({
      version: z.int(),
      name: z.string(),
      old_value: z.union([z.number(), z.boolean()]),
      new_value: z.union([z.number(), z.boolean()]),
    }),
  }),
};
