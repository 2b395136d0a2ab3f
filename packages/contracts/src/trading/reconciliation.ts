import { decimalString, instant } from '@catalyst/domain';
import { z } from 'zod';

export const difference = z.object({
  kind: z.enum(['position', 'order', 'fill', 'cash', 'protection']),
  symbol: z.string().nullable(),
  desk: z.string(),
  broker: z.string(),
  action: z.string(),
});
export const reconciliation = z.object({
  reconciliation_id: z.uuid(),
  reconciled: z.boolean(),
  checked_at: instant,
  orders: z.int(),
  fills: z.int(),
  open_positions: z.int(),
  open_orders: z.int(),
  desk_realized_pnl_usd: decimalString,
  broker_realized_pnl_usd: decimalString,
  differences: z.array(difference),
});
export type Reconciliation = z.infer<typeof reconciliation>;

/** A place where a row of the book is not what its history comes to, or a history is not one. */
export const rebuildDifference = z.object({
  of: z.enum(['order', 'position', 'history']),
  /** The row's name, or that of the log. */
  id: z.string(),
  symbol: z.string().nullable(),
  field: z.string(),
  row: z.string(),
  rebuilt: z.string(),
});
export type RebuildDifference = z.infer<typeof rebuildDifference>;
export const rebuildResult = z.object({
  orders: z.int(),
  positions: z.int(),
  events: z.int(),
  fills: z.int(),
  /** Rows from before histories were kept whole, which cannot be made again. */
  left_out: z.array(z.string()),
  differences: z.array(rebuildDifference),
});
export type RebuildResult = z.infer<typeof rebuildResult>;
