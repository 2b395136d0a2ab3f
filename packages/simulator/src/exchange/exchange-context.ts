import type { Market } from '../market/market.ts';
import type { Ledger } from '../ledger.ts';
import type { Account } from './account.ts';
import { rareStatuses } from './order-states.ts';
import type { WireOrder } from './order.ts';

/** Statuses that a fault script may set directly; they neither fill nor end an order. */
export const scriptedStatuses = ['new', ...rareStatuses] as const;
export type ScriptedStatus = (typeof scriptedStatuses)[number];

export type TradeEvent =
  | ScriptedStatus
  | 'pending_new'
  | 'accepted'
  | 'held'
  | 'partial_fill'
  | 'fill'
  | 'pending_cancel'
  | 'canceled'
  | 'order_cancel_rejected'
  | 'expired'
  | 'pending_replace'
  | 'replaced'
  | 'order_replace_rejected'
  | 'rejected';

/**
 * The `data` of one `trade_updates` frame. `seq` is the simulator's own addition: gapless per
 * account, from 1.
 */
export interface TradeUpdate {
  event: TradeEvent;
  seq: number;
  at: string;
  timestamp: string;
  /** A ULID; those of an account sort in the order of `seq`. */
  event_id: string;
  execution_id: string;
  price?: string;
  qty?: string;
  position_qty?: string;
  order: WireOrder;
}

export interface ExchangeOptions {
  /** Share of a minute's volume that one account's orders on a symbol may take. */
  volume_share: number;
  /**
   * Whether the end of the other exit is streamed when a target fills; Alpaca does not always do
   * so.
   */
  stream_oco_cancels: boolean;
  /**
   * `next_bar` (as usual): an order meets only bars that start at or after its arrival. `at_once`: what the standing quote fills is filled on arrival,
   * which is what a client expects of a clock that runs by itself.
   */
  fills?: 'next_bar' | 'at_once';
  /**
   * How long a cancel is `pending_cancel` and a replaced order `pending_replace`, in simulated
   * milliseconds; meanwhile the order may still fill. 0, as usual, does both in the same instant.
   */
  latency_ms?: number;
  /**
   * Price impact as a multiple of the bar's range x the square root of the order's share of its
   * volume; 0.6, as usual, is one sigma for a whole minute's volume, 0 none.
   */
  impact_ratio?: number;
  /**
   * `through`, as usual: a resting limit that is only touched, not traded through, waits behind
   * those who came before. `none`: a touch fills.
   */
  limit_queue?: 'none' | 'through';
  /**
   * Furthest distance of a limit from the last trade as a ratio of it, 0.5 for a half; null or
   * absent refuses none.
   */
  limit_collar_ratio?: number | null;
}

/** What every part of the exchange works with. */
export interface ExchangeContext {
  market: Market;
  ledger: Ledger;
  options: ExchangeOptions;
  now(): number;
  /** Minutes of the trade date that are over. */
  finished(): number;
  publish(account: Account, update: TradeUpdate): void;
}
