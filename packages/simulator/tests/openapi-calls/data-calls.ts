import type { Call } from './call.ts';

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
