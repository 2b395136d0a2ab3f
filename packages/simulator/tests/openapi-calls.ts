import { bar, flat, OPEN, security, smallDay } from './small-day.ts';

const news = (id: number, fields: Record<string, unknown> = {}) => ({
  id,
  created_at: '2026-03-10T12:00:00Z',
  updated_at: '2026-03-10T12:00:05Z',
  headline: 'Acme wins a contract',
  summary: '',
  content: '<p>Acme wins.</p>',
  author: 'A. Writer',
  source: 'northwire',
  url: 'https://news.example/1',
  symbols: ['ACME'],
  ...fields,
});

export const day = smallDay({
  bars: {
    ACME: [...flat(500, 505, 100, 500), ...flat(OPEN, 700, 100), bar(700, 100, 105, 100, 104)],
    OTHR: flat(OPEN, 700, 0.5),
  },
  securities: [
    security('ACME'),
    security('OTHR', { exchange: 'ARCA', marginable: false, easy_to_borrow: false }),
  ],
  news: [news(1), news(2, { headline: 'No summary, no url', url: '', author: '' })] as never,
  corporate_actions: [
    {
      symbol: 'ACME',
      type: 'cash_dividend',
      ex_date: '2026-03-10',
      new_rate: null,
      old_rate: null,
      cash: '0.5',
    },
    {
      symbol: 'OTHR',
      type: 'reverse_split',
      ex_date: '2026-03-09',
      new_rate: '1',
      old_rate: '10',
      cash: null,
    },
    {
      symbol: 'ACME',
      type: 'forward_split',
      ex_date: '2026-02-09',
      new_rate: '2',
      old_rate: '1',
      cash: null,
    },
  ],
});

/**
 * Calls of one operation; those of one list are made in order, and each must be answered with its
 * status.
 */
export type Call = {
  asked: string;
  status?: number;
  body?: unknown;
  except?: (answer: unknown) => unknown;
};

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

/**
 * The market data API's specification has an object for every symbol; what Alpaca sends of one that
 * it does not know is null (alpaca-py#157, and the tests of its client for Go).
 */
const withoutUnknown = (answer: unknown): unknown =>
  Object.fromEntries(Object.entries(answer as object).filter(([, value]) => value !== null));

const both = (name: string, query: string): Record<string, Call[]> => ({
  [`get /v2/stocks/${name}`]: [
    { asked: `/v2/stocks/${name}?symbols=ACME,OTHR,GONE&${query}` },
    { asked: `/v2/stocks/${name}?symbols=GONE&${query}` },
  ],
  [`get /v2/stocks/{symbol}/${name}`]: [
    { asked: `/v2/stocks/ACME/${name}?${query}` },
    { asked: `/v2/stocks/OTHR/${name}?${query}&currency=USD` },
  ],
});
const latest = (name: string): Record<string, Call[]> => ({
  [`get /v2/stocks/${name}/latest`]: [
    '',
    '&feed=iex',
    '&feed=delayed_sip',
    '&feed=otc',
    '&currency=USD',
  ].map((query) => ({ asked: `/v2/stocks/${name}/latest?symbols=ACME,OTHR,GONE${query}` })),
  [`get /v2/stocks/{symbol}/${name}/latest`]: [
    { asked: `/v2/stocks/ACME/${name}/latest` },
    { asked: `/v2/stocks/OTHR/${name}/latest?feed=iex` },
  ],
});

export const dataCalls: Record<string, Call[]> = {
  'get /v2/stocks/bars': [
    '1Min&limit=5',
    '5Min&start=2026-03-05&limit=10000',
    '1Day&start=2026-02-01&adjustment=all',
    '1Week&start=2026-01-01&adjustment=split,spin-off',
    '12Month&start=2026-01-01',
    '1Hour&feed=iex&asof=-',
    '1Hour&feed=otc',
    '59T&sort=desc',
  ].map((query) => ({ asked: `/v2/stocks/bars?symbols=ACME,OTHR&timeframe=${query}` })),
  'get /v2/stocks/{symbol}/bars': [
    '15Min',
    '1M&start=2026-01-01',
    '1W&start=2026-01-01&sort=desc',
  ].map((query) => ({ asked: `/v2/stocks/ACME/bars?timeframe=${query}` })),
  ...both('trades', 'start=2026-03-10T13:00:00Z&limit=1000'),
  ...both('quotes', 'start=2026-03-10T13:00:00Z&limit=1000&sort=desc'),
  ...both('auctions', 'start=2026-03-01'),
  ...latest('bars'),
  ...latest('quotes'),
  ...latest('trades'),
  'get /v2/stocks/snapshots': [
    { asked: '/v2/stocks/snapshots?symbols=ACME,OTHR,GONE', except: withoutUnknown },
    { asked: '/v2/stocks/snapshots?symbols=ACME&feed=iex' },
  ],
  'get /v2/stocks/{symbol}/snapshot': [
    { asked: '/v2/stocks/ACME/snapshot' },
    { asked: '/v2/stocks/ACME/snapshot?currency=USD&feed=delayed_sip' },
  ],
  'get /v2/stocks/meta/conditions/{ticktype}': ['trade', 'quote'].flatMap((type) =>
    ['A', 'B', 'C'].map((tape) => ({ asked: `/v2/stocks/meta/conditions/${type}?tape=${tape}` })),
  ),
  'get /v2/stocks/meta/exchanges': [{ asked: '/v2/stocks/meta/exchanges' }],
  'get /v1beta1/screener/stocks/most-actives': [
    { asked: '/v1beta1/screener/stocks/most-actives' },
    { asked: '/v1beta1/screener/stocks/most-actives?by=trades&top=1' },
  ],
  'get /v1beta1/screener/{market_type}/movers': [
    { asked: '/v1beta1/screener/stocks/movers' },
    { asked: '/v1beta1/screener/stocks/movers?top=1' },
  ],
  'get /v1beta1/news': [
    { asked: '/v1beta1/news?symbols=ACME' },
    { asked: '/v1beta1/news?symbols=ACME&include_content=true&limit=1' },
    { asked: '/v1beta1/news?exclude_contentless=true&sort=asc' },
  ],
  'get /v1/corporate-actions': [
    { asked: '/v1/corporate-actions?symbols=ACME,OTHR&start=2026-01-01&end=2026-04-01' },
    { asked: '/v1/corporate-actions?types=cash_dividend&end=2026-04-01' },
    { asked: '/v1/corporate-actions?region=non_us' },
  ],
};

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
