import {
  add,
  compare,
  multiply,
  subtract,
  type DecimalString,
  type Instant,
} from '@catalyst/domain';

interface CountedPosition {
  position_id: string;
  status: string;
  qty: DecimalString;
  entry_price: DecimalString | null;
  exited_at: Instant | null;
  realized_pnl_usd: DecimalString;
  unrealized_pnl_usd: DecimalString;
}
interface CountedOrder {
  position_id: string | null;
  role: string;
  qty: DecimalString;
  filled_qty: DecimalString;
  limit_price: DecimalString | null;
}

/**
 * Dollars of the client's own trades since an instant: realised on what ended since then or is still
 * open, and not realised on what is held.
 */
export const resultSince = (positions: readonly CountedPosition[], since: Instant): DecimalString =>
  positions
    .filter(
      ({ status, exited_at }) =>
        status !== 'closed' || (exited_at !== null && Date.parse(exited_at) >= Date.parse(since)),
    )
    .reduce<DecimalString>(
      (sum, { realized_pnl_usd, unrealized_pnl_usd, status }) =>
        add(sum, realized_pnl_usd, status === 'closed' ? '0' : unrealized_pnl_usd),
      '0',
    );

/** Dollars in what is held, at its entry, and in what may still be bought, at its limit. */
export const notionalInUse = (
  open: readonly CountedPosition[],
  liveOrders: readonly CountedOrder[],
): DecimalString =>
  add(
    '0',
    ...open
      .filter(({ qty }) => compare(qty, 0) > 0)
      .map(({ qty, entry_price }) => multiply(qty, entry_price ?? '0')),
    ...liveOrders
      .filter(({ role }) => role === 'entry')
      .map(({ qty, filled_qty, limit_price }) =>
        multiply(subtract(qty, filled_qty), limit_price ?? '0'),
      ),
  );
