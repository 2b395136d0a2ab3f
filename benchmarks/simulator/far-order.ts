/** A limit far below the market: taken, never filled. */
export const farOrder = (symbol: string, id: string) => ({
  symbol,
  qty: '1',
  side: 'buy',
  type: 'limit',
  limit_price: '1.00',
  time_in_force: 'day',
  client_order_id: id,
});
