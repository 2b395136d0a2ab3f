import {
  catalystType,
  decimalString,
  instant,
  quantity,
  side,
  symbol,
  tradeDate,
} from '@catalyst/domain';
import { z } from 'zod';
import { article } from './news.ts';
import { outsideText } from './outside-text.ts';
import { orderIntent, riskDecision } from './risk-decision.ts';
import { scanResult } from './scanner.ts';
import { scanPhase } from './technical.ts';
import { order, position } from './trading/index.ts';
import { cycleState, decision } from './cycle.ts';
import { proposal } from './proposal.ts';

/** What the desk read of a stock; what it did not score has no sentiment and no catalyst. */
const storyArticle = article.omit({ summary: true, symbols: true }).extend({
  sentiment: z.number().nullable(),
  scored_by: z.string().nullable(),
  catalyst_type: catalystType.nullable(),
  catalyst_strength: z.number().nullable(),
  /** True for an article that repeats another. */
  is_repeat: z.boolean(),
});

/** One step of an order's life, and who told of it. */
const orderChange = z.object({
  occurred_at: instant,
  event: z.string(),
  status: z.string(),
  told_by: z.enum(['desk', 'stream', 'rest']),
  /** Where a price of it was moved from and to; null for what moved none. */
  from_price: decimalString.nullable(),
  to_price: decimalString.nullable(),
  why: outsideText.nullable(),
});

/** The way of the stock's price from an instant to the last bar of the date that the desk has. */
const priceMove = z.object({
  since: instant,
  /** The close of the bar that had just ended then. */
  price: decimalString,
  highest: decimalString,
  lowest: decimalString,
  last: decimalString,
  /** End of the last bar. */
  until: instant,
});

const storyOrder = order.omit({ symbol: true }).extend({
  /** The order whose leg, or in whose place, it is. */
  parent_client_order_id: z.string().nullable(),
  changes: z.array(orderChange),
  fills: z.array(
    z.object({
      execution_id: z.string(),
      qty: quantity,
      price: decimalString,
      filled_at: instant,
    }),
  ),
});

/** One stock on one trading date, from the headlines to the result; each list in order of time. */
export const symbolStory = z.object({
  symbol,
  name: outsideText,
  sector: z.string().nullable(),
  cycle_id: z.uuid(),
  trade_date: tradeDate,
  cycle_state: cycleState,
  /** What became of it, in one sentence. */
  verdict: z.string(),
  news: z.array(storyArticle),
  /** What each scan made of it: the last stage that it entered, and the reason kept there. */
  scans: z.array(
    scanResult
      .omit({ symbol: true })
      .extend({ scan_id: z.uuid(), phase: scanPhase, completed_at: instant }),
  ),
  decisions: z.array(
    decision
      .omit({ symbol: true, cycle_id: true })
      .extend({ scan_id: z.uuid().nullable(), pattern: z.string().nullable() }),
  ),
  signals: z.array(
    z.object({
      seq: z.int(),
      signal_id: z.uuid(),
      decision_id: z.uuid(),
      side,
      entry_price: decimalString,
      stop_price: decimalString,
      target_price: decimalString,
      confidence: z.number(),
      created_at: instant,
      valid_until: instant,
    }),
  ),
  /** What risk said of each intent. */
  reviews: z.array(
    z.object({
      intent_id: z.uuid(),
      decided_at: instant,
      intent: orderIntent,
      decision: riskDecision,
    }),
  ),
  /** Trades that waited for a person's yes, with what risk said of them. */
  proposals: z.array(proposal.omit({ symbol: true, cycle_id: true })),
  orders: z.array(storyOrder),
  positions: z.array(position.omit({ symbol: true })),
  /** What it did after the last exit, or where nothing was bought after the last decision or scan. */
  afterwards: priceMove.nullable(),
});
export type SymbolStory = z.infer<typeof symbolStory>;
