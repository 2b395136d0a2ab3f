import { endpoints, unserved, type Line } from './endpoint.ts';
import { CRYPTO, FIXED_INCOME, OPTIONS, PERPETUALS } from './reasons.ts';

const LAST = '`feed` iex, delayed_sip; otc, boats and overnight are empty';

export const dataServed = endpoints(
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

export const dataUnserved = [
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
