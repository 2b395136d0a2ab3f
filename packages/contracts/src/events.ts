import { decimalString, instant, quantity, side, symbol, tradeDate } from '@catalyst/domain';
import { z } from 'zod';
import { accessKind } from './access-keys.ts';
import { signalKind } from './signal.ts';
import { cycleState } from './cycle.ts';

/**
 * Channel -> payload. An event announces a row that is already committed; who missed it reads the
 * owner.
 */
export const events = {
  'catalyst:scan_complete': z.object({
    cycle_id: z.uuid(),
    scan_id: z.uuid(),
    candidates_count: z.int(),
    symbols: z.array(symbol),
    timestamp: instant,
  }),
  'catalyst:position_update': z.object({
    cycle_id: z.uuid().nullable(),
    position_id: z.uuid(),
    symbol,
    status: z.string(),
    qty: decimalString,
    unrealized_pnl_usd: decimalString,
    realized_pnl_usd: decimalString,
  }),
  'catalyst:risk_alert': z.object({
    cycle_id: z.uuid().nullable(),
    severity: z.enum(['info', 'warning', 'critical']),
    code: z.string(),
    message: z.string(),
    used_ratio: z.number().nullable(),
  }),
  'catalyst:order_filled': z.object({
    cycle_id: z.uuid().nullable(),
    position_id: z.uuid().nullable(),
    client_order_id: z.string(),
    symbol,
    side,
    qty: quantity,
    price: decimalString,
    filled_at: instant,
  }),
  'catalyst:news_catalyst': z.object({
    symbol,
    catalyst_type: z.string(),
    strength: z.number(),
    sentiment: z.number(),
    article_id: z.string(),
    source: z.string(),
  }),
  'catalyst:cycle_state': z.object({
    cycle_id: z.uuid(),
    trade_date: tradeDate,
    from: cycleState.nullable(),
    to: cycleState,
  }),
  'catalyst:trade_proposed': z.object({
    cycle_id: z.uuid(),
    proposal_id: z.uuid(),
    symbol,
    summary: z.string(),
    expires_at: instant,
  }),
  'catalyst:trading_signal': z.object({
    /** Null for a row about the desk itself. */
    cycle_id: z.uuid().nullable(),
    seq: z.int(),
    kind: signalKind,
    symbol: symbol.nullable(),
  }),
  'catalyst:access_key_revoked': z.object({ key_id: z.uuid(), kind: accessKind, name: z.string() }),
  'catalyst:report_ready': z.object({
    cycle_id: z.uuid(),
    trade_date: tradeDate,
    report_id: z.uuid(),
    realized_pnl_usd: decimalString,
  }),
} as const satisfies Record<string, z.ZodType>;

export type Channel = keyof typeof events;
export type EventPayload<C extends Channel> = z.infer<(typeof events)[C]>;
export const channels = Object.keys(events) as Channel[];

export const envelope = z.object({
  id: z.uuid(),
  name: z.enum(channels as [Channel, ...Channel[]]),
  version: z.literal(1),
  /** The publishing service's gapless number. */
  seq: z.int().min(1),
  at: instant,
  source: z.string(),
  run_id: z.string(),
  request_id: z.string(),
  causation_id: z.string().nullable(),
  payload: z.unknown(),
});
export type Envelope = z.infer<typeof envelope>;
