export type Api = 'trading-api' | 'market-data-api';

/** One operation of Alpaca's specifications and what the simulator does with it. */
export interface Endpoint {
  api: Api;
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  path: string;
  /** Why it is not served; null where it is. */
  why: string | null;
  /**
   * What a reader should know of a served one; empty where it does what Alpaca's documentation
   * says.
   */
  note: string;
}

type Line = readonly [methods: string, path: string, note?: string];

const endpoints = (api: Api, lines: readonly Line[], why: string | null): Endpoint[] =>
  lines.flatMap(([methods, path, note = '']) =>
    methods
      .split(' ')
      .map((method) => ({ api, method: method as Endpoint['method'], path, why, note })),
  );

const unserved = (api: Api, why: string, ...lines: readonly Line[]): Endpoint[] =>
  endpoints(api, lines, why);

const trading = endpoints(
  'trading-api',
  [
    ['get', '/v2/account'],
    [
      'get patch',
      '/v2/account/configurations',
      'per account; the fields of the ended pattern-day-trader rule are passed over',
    ],
    [
      'get',
      '/v2/account/activities',
      'fills, and the fees of the day once they are booked; other types are empty lists',
    ],
    ['get', '/v2/account/activities/{activity_type}', 'the same of one type'],
    [
      'get',
      '/v2/account/portfolio/history',
      'on days before the trade date the account stood flat at its opening cash; points carry the start of their window',
    ],
    [
      'get post delete',
      '/v2/orders',
      'every filter of the list; an order names its security by symbol or asset id',
    ],
    ['get patch delete', '/v2/orders/{order_id}'],
    ['get', '/v2/orders:by_client_order_id'],
    [
      'get delete',
      '/v2/positions',
      "closing with `cancel_orders`; the `body` of a position that is not closed is its error, as the changelog of Alpaca's Broker API of November 2026 says, where the specification knows only an order",
    ],
    [
      'get delete',
      '/v2/positions/{symbol_or_asset_id}',
      'closing by `qty` or `percentage`; whole shares unless the position is fractional',
    ],
    ['get', '/v2/assets', "the day's securities; all are active, none has attributes"],
    ['get', '/v2/assets/{symbol_or_asset_id}', 'symbol, id or CUSIP; CUSIPs are invented'],
    ['get', '/v2/clock'],
    [
      'get',
      '/v2/calendar',
      "the day's calendar, continued by the exchange's rules from 2001 to the end of the year after",
    ],
    [
      'get',
      '/v3/clock',
      'NYSE, NASDAQ and IEX under each of their names; other markets are refused',
    ],
    ['get', '/v3/calendar/{market}', 'the same markets'],
    ['get post', '/v2/watchlists'],
    ['get put post delete', '/v2/watchlists/{watchlist_id}'],
    ['get put post delete', '/v2/watchlists:by_name'],
    ['delete', '/v2/watchlists/{watchlist_id}/{symbol}'],
    [
      'get',
      '/v2/corporate_actions/announcements',
      "splits and cash dividends whose ex date has come; all dates are the ex date, but a dividend's `payable_date`, 14 days later",
    ],
    ['get', '/v2/corporate_actions/announcements/{id}'],
  ],
  null,
);

const CRYPTO = 'crypto and its wallets: days hold US stocks only';
const OPTIONS = 'options: days hold US stocks only';
const PERPETUALS = 'perpetual futures: days hold US stocks only';
const FIXED_INCOME = 'fixed income: days hold US stocks only';

const tradingUnserved = [
  ...unserved(
    'trading-api',
    'locates: hard-to-borrow shares cannot be located; a short sale of them is refused',
    ['get post', '/v1/locates'],
    ['get', '/v1/locates/{locate_id}'],
    ['get', '/v1/locates/quotes'],
  ),
  ...unserved(
    'trading-api',
    'server-sent events of activities: `trade_updates`, `GET /v2/events/trades` and `GET /v2/account/activities` tell the same',
    ['get', '/v2beta1/events/activities'],
  ),
  ...unserved(
    'trading-api',
    FIXED_INCOME,
    ['get', '/v2/assets/fixed_income/us_corporates'],
    ['get', '/v2/assets/fixed_income/us_treasuries'],
  ),
  ...unserved(
    'trading-api',
    OPTIONS,
    ['get', '/v2/options/contracts'],
    ['get', '/v2/options/contracts/{symbol_or_id}'],
    ['post', '/v2/positions/{symbol_or_contract_id}/do-not-exercise'],
    ['post', '/v2/positions/{symbol_or_contract_id}/exercise'],
  ),
  ...unserved(
    'trading-api',
    PERPETUALS,
    ['get', '/v2/perpetuals/account_vitals'],
    ['get post', '/v2/perpetuals/leverage'],
    ['get', '/v2/perpetuals/wallets'],
    ['get', '/v2/perpetuals/wallets/fees/estimate'],
    ['get post', '/v2/perpetuals/wallets/transfers'],
    ['get', '/v2/perpetuals/wallets/transfers/{transfer_id}'],
    ['get post', '/v2/perpetuals/wallets/whitelists'],
    ['delete', '/v2/perpetuals/wallets/whitelists/{whitelisted_address_id}'],
  ),
  ...unserved(
    'trading-api',
    'tokenization: no shares leave the simulator',
    ['post', '/v2/tokenization/mint'],
    ['get', '/v2/tokenization/requests'],
  ),
  ...unserved(
    'trading-api',
    CRYPTO,
    ['get', '/v2/wallets'],
    ['get', '/v2/wallets/fees/estimate'],
    ['get post', '/v2/wallets/transfers'],
    ['get', '/v2/wallets/transfers/{transfer_id}'],
    ['get post', '/v2/wallets/whitelists'],
    ['delete', '/v2/wallets/whitelists/{whitelisted_address_id}'],
  ),
];

const LAST = '`feed` iex, delayed_sip; otc, boats and overnight are empty';

const data = endpoints(
  'market-data-api',
  [
    [
      'get',
      '/v2/stocks/bars',
      'all timeframes, adjustments and paging; feed `iex` shows two to four per cent of the volume at the same prices; no symbol was renamed, so `asof` changes nothing',
    ],
    ['get', '/v2/stocks/{symbol}/bars', 'the same'],
    [
      'get',
      '/v2/stocks/trades',
      'the trade date, made from its minute bars; none of earlier sessions',
    ],
    ['get', '/v2/stocks/{symbol}/trades', 'the same'],
    ['get', '/v2/stocks/quotes', 'the trade date; none of earlier sessions'],
    ['get', '/v2/stocks/{symbol}/quotes', 'the same'],
    [
      'get',
      '/v2/stocks/auctions',
      "the session's opening and closing prints; of earlier sessions open and close of the daily bar, without a size",
    ],
    ['get', '/v2/stocks/{symbol}/auctions', 'the same'],
    ['get', '/v2/stocks/bars/latest', LAST],
    ['get', '/v2/stocks/{symbol}/bars/latest', 'the same'],
    ['get', '/v2/stocks/quotes/latest', LAST],
    ['get', '/v2/stocks/{symbol}/quotes/latest', 'the same'],
    ['get', '/v2/stocks/trades/latest', LAST],
    ['get', '/v2/stocks/{symbol}/trades/latest', 'the same'],
    ['get', '/v2/stocks/snapshots', LAST],
    ['get', '/v2/stocks/{symbol}/snapshot', 'the same'],
    ['get', '/v2/stocks/meta/conditions/{ticktype}'],
    ['get', '/v2/stocks/meta/exchanges'],
    [
      'get',
      '/v1beta1/screener/stocks/most-actives',
      'those of the session before until the first minute after the open is over',
    ],
    [
      'get',
      '/v1beta1/screener/{market_type}/movers',
      'stocks; those of the session before until the first minute after the open is over',
    ],
    ['get', '/v1beta1/news'],
    [
      'get',
      '/v1/corporate-actions',
      'the same, chosen and sorted by `process_date`: of a split the ex date, of a dividend the `payable_date`',
    ],
  ],
  null,
);

const many = (prefix: string, ...names: string[]): Line[] =>
  names.map((name) => ['get', `${prefix}/${name}`]);

const dataUnserved = [
  ...unserved(
    'market-data-api',
    PERPETUALS,
    ...many(
      '/v1beta1/crypto-perps/{loc}/latest',
      'bars',
      'orderbooks',
      'pricing',
      'quotes',
      'trades',
    ),
  ),
  ...unserved(
    'market-data-api',
    FIXED_INCOME,
    ...many('/v1beta1/fixed_income/latest', 'prices', 'quotes'),
  ),
  ...unserved(
    'market-data-api',
    'foreign exchange: prices are in dollars',
    ...many('/v1beta1/forex', 'latest/rates', 'rates'),
  ),
  ...unserved(
    'market-data-api',
    'indices: a day holds no index values',
    ...many('/v1beta1/indices', 'latest/values', 'values'),
  ),
  ...unserved('market-data-api', 'logos: fictional companies have none', [
    'get',
    '/v1beta1/logos/{symbol}',
  ]),
  ...unserved(
    'market-data-api',
    OPTIONS,
    ...many(
      '/v1beta1/options',
      'bars',
      'meta/conditions/{ticktype}',
      'meta/exchanges',
      'quotes/latest',
      'snapshots',
      'snapshots/{underlying_symbol}',
      'trades',
      'trades/latest',
    ),
  ),
  ...unserved(
    'market-data-api',
    CRYPTO,
    ...many(
      '/v1beta3/crypto/{loc}',
      'bars',
      'latest/bars',
      'latest/orderbooks',
      'latest/quotes',
      'latest/trades',
      'quotes',
      'snapshots',
      'trades',
    ),
  ),
];

/** Every operation of the trading and the market data specification. */
export const servedEndpoints: readonly Endpoint[] = [
  ...trading,
  ...data,
  ...tradingUnserved,
  ...dataUnserved,
];

/** The table as the README shows it. */
export const endpointTable = (): string => {
  const served = Map.groupBy(
    servedEndpoints.filter(({ why }) => why === null),
    ({ path }) => path,
  );
  const lines = [...served].map(
    ([path, operations]) =>
      `| ${operations.map(({ method }) => method.toUpperCase()).join(', ')} | \`${path}\` | ${operations[0]!.note} |`,
  );
  const refused = Map.groupBy(
    servedEndpoints.filter(({ why }) => why !== null),
    ({ why }) => why as string,
  );
  const reasons = [...refused].map(
    ([why, operations]) =>
      `| ${why} | ${[...new Set(operations.map(({ path }) => `\`${path}\``))].join(', ')} |`,
  );
  return [
    '| served | path | |',
    '| --- | --- | --- |',
    ...lines,
    '',
    '| not served, 404 | paths |',
    '| --- | --- |',
    ...reasons,
  ].join('\n');
};
