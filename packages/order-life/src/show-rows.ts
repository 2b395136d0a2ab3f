import type { Account, Order, Position } from '@catalyst/contracts';
import { rMultiple } from '@catalyst/domain';
import type { AccountRow, OrderRow, PositionRow } from './book-rows.ts';

/** The order as the contract shows it. */
export const toOrder = (row: OrderRow): Order => {
  const {
    client_order_id,
    broker_order_id,
    cycle_id,
    position_id,
    symbol,
    side,
    role,
    type,
    order_class,
    time_in_force,
    qty,
    filled_qty,
    filled_avg_price,
    limit_price,
    stop_price,
    status,
    reason,
    created_at,
    updated_at,
  } = row;
  return {
    client_order_id,
    broker_order_id,
    cycle_id,
    position_id,
    symbol,
    side,
    role,
    type,
    order_class,
    time_in_force,
    qty,
    filled_qty,
    filled_avg_price,
    limit_price,
    stop_price,
    status,
    reason,
    created_at,
    updated_at,
  };
};

/** The position as the contract shows it. */
export const toPosition = (row: PositionRow): Position => {
  const {
    position_id,
    cycle_id,
    symbol,
    direction,
    status,
    qty,
    entered_qty,
    entry_price,
    entered_at,
    exit_price,
    exited_at,
    exit_reason,
    initial_stop_price,
    target_price,
    last_price,
    last_price_at,
    unrealized_pnl_usd,
    realized_pnl_usd,
    is_protected,
    is_adopted,
    intent_id,
  } = row;
  const r_multiple =
    status === 'closed' && entry_price !== null && exit_price !== null
      ? rMultiple(direction, entry_price, exit_price, initial_stop_price)
      : null;
  return {
    position_id,
    cycle_id,
    symbol,
    direction,
    status,
    qty,
    entered_qty,
    entry_price,
    entered_at,
    exit_price,
    exited_at,
    exit_reason,
    initial_stop_price,
    target_price,
    last_price,
    last_price_at,
    unrealized_pnl_usd,
    realized_pnl_usd,
    r_multiple,
    is_protected,
    is_adopted,
    intent_id,
  };
};

/** The account as the contract shows it. */
export const toAccount = (row: AccountRow, mode: Account['mode']): Account => {
  const { account_number, equity_usd, last_equity_usd, cash_usd, buying_power_usd, read_at } = row;
  return { account_number, mode, equity_usd, last_equity_usd, cash_usd, buying_power_usd, read_at };
};
