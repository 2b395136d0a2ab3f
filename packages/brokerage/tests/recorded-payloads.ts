/** Bodies in the shape that Alpaca's paper API sends (its OpenAPI documents, fields of the pattern-day-trader rule left out as since July 2026). */

const leg = {
  id: '7e22f9c2-5c59-4d43-9d2f-5f7f3d1f2d10', client_order_id: '1f2cbb05-6a4d-4c46-9a0c-37c7a35e0a61', created_at: '2026-03-10T14:02:00.123456789Z', updated_at: '2026-03-10T14:02:00.2Z',
  submitted_at: '2026-03-10T14:02:00.12Z', filled_at: null, expired_at: null, canceled_at: null, failed_at: null, replaced_at: null, replaced_by: null, replaces: null,
  asset_id: 'b0b6dd9d-8b9b-48a9-ba46-b9d54906e415', symbol: 'AAPL', asset_class: 'us_equity', notional: null, qty: '10', filled_qty: '0', filled_avg_price: null, order_class: 'bracket',
  order_type: 'limit', type: 'limit', side: 'sell', position_intent: 'sell_to_close', time_in_force: 'day', limit_price: '210.50', stop_price: null, status: 'held', extended_hours: false,
  legs: null, trail_percent: null, trail_price: null, hwm: null, subtag: null, source: null, expires_at: '2026-03-10T20:00:00Z',
};

export const bracket = {
  ...leg, id: '61e69015-8549-4bfd-b9c3-01e75843f47d', client_order_id: 'cat-1', side: 'buy', limit_price: '200.10', status: 'new', position_intent: 'buy_to_open',
  legs: [leg, { ...leg, id: '2a2b16f5-6d0e-4c3b-9d5c-8f7f4f3d2c11', client_order_id: '9c2fbb05-6a4d-4c46-9a0c-37c7a35e0a62', type: 'stop', order_type: 'stop', limit_price: null, stop_price: '195.5' }],
};

export const account = {
  id: 'e6fe16f3-64a4-4921-8928-cadf02f92f98', account_number: 'PA3ABCDEFGHI', status: 'ACTIVE', crypto_status: 'ACTIVE', currency: 'USD', buying_power: '199999.40', regt_buying_power: '199999.4',
  daytrading_buying_power: '0', cash: '100000.00', accrued_fees: '0', portfolio_value: '100000', trading_blocked: false, transfers_blocked: false, account_blocked: false, created_at: '2026-01-04T10:00:00Z',
  trade_suspended_by_user: false, multiplier: '2', shorting_enabled: true, equity: '100000', last_equity: '100500.25', long_market_value: '0', short_market_value: '0', initial_margin: '0', maintenance_margin: '0',
};

export const fillActivity = (n: number) => ({
  id: `20260310100200123::exec-${String(n).padStart(3, '0')}`, activity_type: 'FILL', transaction_time: '2026-03-10T14:02:00.123Z', type: 'fill', price: '200.05', qty: '10', side: 'sell_short', symbol: 'AAPL',
  leaves_qty: '0', order_id: bracket.id, cum_qty: '10', order_status: 'filled',
});
