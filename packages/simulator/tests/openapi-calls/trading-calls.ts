import type { Call } from './call.ts';

/**
 * The trading API's specification knows only an order as the `body` of a closed position. Alpaca's
 * changelog of 3 November 2026 (Broker API, the same operation) says what was always sent: an order
 * where the status is 200, else the error, with `symbol`, `existing_qty`, `held_for_orders` and
 * `available` where shares are held.
 */
const withoutErrorsOfPositions = (answer: unknown): unknown =>
  (answer as { status: number; body: unknown }[]).map(({ body, ...row }) =>
    row.status === 200 ? { ...row, body } : row,
  );

/** Calls whose paths name what the exchange has made; `ids` are found before. */
export const tradingCalls = (ids: {
  entry: string;
  waiting: string;
  second: string;
  asset: string;
  announcement: string;
  watchlist: string;
}): Record<string, Call[]> => ({
  'get /v2/account': [{ asked: '/v2/account' }],
  'get /v2/account/configurations': [{ asked: '/v2/account/configurations' }],
  'patch /v2/account/configurations': [
    { asked: '/v2/account/configurations', body: { trade_confirm_email: 'none' } },
  ],
  'get /v2/account/activities': [
    { asked: '/v2/account/activities' },
    { asked: '/v2/account/activities?activity_types=DIV,FEE' },
    { asked: '/v2/account/activities?category=non_trade_activity' },
  ],
  'get /v2/account/activities/{activity_type}': [
    { asked: '/v2/account/activities/FILL?direction=asc&page_size=1' },
    { asked: '/v2/account/activities/JNLC' },
  ],
  'get /v2/account/portfolio/history': [
    '',
    '?period=1D&timeframe=1Min',
    '?period=1W&timeframe=1H&intraday_reporting=extended_hours',
    '?period=1A',
    '?start=2026-03-09&timeframe=15Min&intraday_reporting=continuous&pnl_reset=no_reset',
    '?cashflow_types=CSD,DIV',
  ].map((query) => ({ asked: `/v2/account/portfolio/history${query}` })),
  'get /v2/orders': [
    '',
    '?status=all&nested=true',
    '?status=closed&side=buy&symbols=ACME&asset_class=us_equity&limit=1&direction=asc',
    `?status=all&after_order_id=${ids.entry}`,
    '?after=2026-03-10&until=2026-03-11',
  ].map((query) => ({ asked: `/v2/orders${query}` })),
  'get /v2/orders:by_client_order_id': [
    { asked: '/v2/orders:by_client_order_id?client_order_id=entry' },
  ],
  'get /v2/orders/{order_id}': [
    { asked: `/v2/orders/${ids.entry}` },
    { asked: `/v2/orders/${ids.entry}?nested=true` },
  ],
  'post /v2/orders': [
    {
      asked: '/v2/orders',
      body: {
        symbol: 'ACME',
        qty: '5',
        side: 'buy',
        type: 'limit',
        limit_price: '0.45',
        time_in_force: 'gtc',
      },
    },
    {
      asked: '/v2/orders',
      body: {
        symbol: 'OTHR',
        qty: '5',
        side: 'buy',
        type: 'stop',
        stop_price: '0.7',
        time_in_force: 'day',
      },
    },
    {
      asked: '/v2/orders',
      body: { symbol: 'ACME', notional: '100', side: 'buy', type: 'market', time_in_force: 'day' },
    },
  ],
  'patch /v2/orders/{order_id}': [
    { asked: `/v2/orders/${ids.waiting}`, body: { limit_price: '0.48', qty: '101' } },
  ],
  'delete /v2/orders/{order_id}': [{ asked: `/v2/orders/${ids.second}`, status: 204 }],
  'get /v2/positions': [{ asked: '/v2/positions' }],
  'get /v2/positions/{symbol_or_asset_id}': [
    { asked: '/v2/positions/ACME' },
    { asked: `/v2/positions/${ids.asset}` },
  ],
  'delete /v2/orders': [{ asked: '/v2/orders', status: 207 }],
  'delete /v2/positions/{symbol_or_asset_id}': [
    { asked: '/v2/positions/ACME?qty=10' },
    { asked: '/v2/positions/ACME?percentage=12.5' },
  ],
  'delete /v2/positions': [
    { asked: '/v2/positions', status: 207 },
    { asked: '/v2/positions', status: 207, except: withoutErrorsOfPositions },
    { asked: '/v2/positions?cancel_orders=true', status: 207 },
  ],
  'get /v2/assets': [
    { asked: '/v2/assets' },
    { asked: '/v2/assets?status=active&asset_class=us_equity&exchange=NASDAQ' },
    { asked: '/v2/assets?asset_class=crypto' },
    { asked: '/v2/assets?attributes=ipo' },
  ],
  'get /v2/assets/{symbol_or_asset_id}': [
    { asked: '/v2/assets/OTHR' },
    { asked: `/v2/assets/${ids.asset}` },
  ],
  'get /v2/clock': [{ asked: '/v2/clock' }],
  'get /v2/calendar': [
    { asked: '/v2/calendar' },
    { asked: '/v2/calendar?start=2026-03-01&end=2026-03-31' },
    { asked: '/v2/calendar?start=2025-12-20&end=2026-01-05&date_type=SETTLEMENT' },
  ],
  'get /v3/clock': [
    { asked: '/v3/clock' },
    { asked: '/v3/clock?markets=XNYS,IEX&time=2026-07-04T12:00:00Z' },
  ],
  'get /v3/calendar/{market}': [
    { asked: '/v3/calendar/NYSE' },
    { asked: '/v3/calendar/XNAS?start=2026-11-20&end=2026-11-30&timezone=UTC' },
  ],
  'get /v2/watchlists': [{ asked: '/v2/watchlists' }],
  'post /v2/watchlists': [
    { asked: '/v2/watchlists', body: { name: 'another', symbols: ['OTHR', null] } },
  ],
  'get /v2/watchlists/{watchlist_id}': [{ asked: `/v2/watchlists/${ids.watchlist}` }],
  'put /v2/watchlists/{watchlist_id}': [
    { asked: `/v2/watchlists/${ids.watchlist}`, body: { name: 'renamed', symbols: ['ACME'] } },
  ],
  'post /v2/watchlists/{watchlist_id}': [
    { asked: `/v2/watchlists/${ids.watchlist}`, body: { symbol: 'OTHR' } },
  ],
  'delete /v2/watchlists/{watchlist_id}/{symbol}': [
    { asked: `/v2/watchlists/${ids.watchlist}/OTHR` },
  ],
  'get /v2/watchlists:by_name': [{ asked: '/v2/watchlists:by_name?name=renamed' }],
  'put /v2/watchlists:by_name': [
    { asked: '/v2/watchlists:by_name?name=renamed', body: { name: 'renamed again' } },
  ],
  'post /v2/watchlists:by_name': [
    { asked: '/v2/watchlists:by_name?name=renamed%20again', body: { symbol: 'OTHR' } },
  ],
  'delete /v2/watchlists:by_name': [
    { asked: '/v2/watchlists:by_name?name=renamed%20again', status: 204 },
  ],
  'delete /v2/watchlists/{watchlist_id}': [],
  'get /v2/corporate_actions/announcements': [
    {
      asked:
        '/v2/corporate_actions/announcements?ca_types=Dividend,Split&since=2026-01-01&until=2026-03-10',
    },
  ],
  'get /v2/corporate_actions/announcements/{id}': [
    { asked: `/v2/corporate_actions/announcements/${ids.announcement}` },
  ],
});
