import fc from 'fast-check';
import type { Answer } from './open-account.ts';
import { servedEndpoints } from './served-endpoints/served-endpoints.ts';

export const served = servedEndpoints.filter(({ why }) => why === null);
const PARAMETERS = [
  'symbols',
  'symbol',
  'timeframe',
  'start',
  'end',
  'limit',
  'adjustment',
  'asof',
  'feed',
  'currency',
  'page_token',
  'sort',
  'by',
  'top',
  'tape',
  'include_content',
  'types',
  'ids',
  'region',
  'status',
  'after',
  'until',
  'direction',
  'nested',
  'side',
  'asset_class',
  'before_order_id',
  'after_order_id',
  'client_order_id',
  'qty',
  'percentage',
  'cancel_orders',
  'attributes',
  'exchange',
  'date_type',
  'markets',
  'time',
  'timezone',
  'name',
  'ca_types',
  'since',
  'date',
  'activity_types',
  'category',
  'page_size',
  'period',
  'timeframe',
  'intraday_reporting',
  'pnl_reset',
  'cashflow_types',
];
/**
 * Values with which readers of queries go wrong: no number, negative, huge, another notation,
 * arrays, objects, prototypes, half an encoding.
 */
const NASTY = [
  '',
  ' ',
  'NaN',
  'Infinity',
  '-1',
  '0',
  '1e9',
  '0x10',
  '99999999999999999999',
  '1.5',
  'null',
  'undefined',
  'true',
  '[]',
  '{}',
  '__proto__',
  'constructor',
  'toString',
  'ACME',
  'acme',
  'ACME,,OTHR',
  ',',
  'ACME,GONE',
  '2026-03-10',
  '2026-02-30',
  '0000-00-00',
  '9999-12-31',
  '-271821-04-20',
  '2026-03-10T10:00:00Z',
  '2026-03-10T25:00:00Z',
  '1Min',
  '60Min',
  '1Day',
  '1Month',
  'all',
  'raw,split',
  '%',
  '%00',
  '%F0%9F%98%80',
  "' OR 1=1 --",
  '../../etc/passwd',
  'QUNNRXwy',
  'fA==',
  'x'.repeat(3_000),
  '\u202e',
  '1D',
  '0D',
  '9999A',
  'NYSE',
  'EUR',
  'USD',
];
const value = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...NASTY) },
  fc.string({ maxLength: 40, unit: 'binary' }),
);
const encoded = (text: string): string => encodeURIComponent(text.toWellFormed());
export const query = fc
  .array(
    fc.tuple(
      fc.constantFrom(...PARAMETERS),
      fc.constantFrom('', '[]', '[a]', '[__proto__]'),
      value,
    ),
    { maxLength: 6 },
  )
  .map((pairs) =>
    pairs.map(([name, suffix, text]) => `${name}${suffix}=${encoded(text)}`).join('&'),
  );
export const segment = fc
  .oneof(
    fc.constantFrom(
      'ACME',
      'GONE',
      '00000000-0000-4000-8000-000000000000',
      'first',
      '__proto__',
      'FILL',
      'stocks',
      'crypto',
      'NYSE',
      'trade',
      '..',
      '%2e',
    ),
    value,
  )
  .map(encoded)
  .map((text) => text || 'x');
export const jsonBody = fc.oneof(
  fc.json({ maxDepth: 4 }),
  fc
    .record(
      {
        symbol: fc.oneof(fc.constant('ACME'), fc.jsonValue()),
        qty: fc.jsonValue(),
        notional: fc.jsonValue(),
        side: fc.oneof(fc.constantFrom('buy', 'sell'), fc.jsonValue()),
        type: fc.oneof(
          fc.constantFrom('market', 'limit', 'stop', 'stop_limit', 'trailing_stop'),
          fc.jsonValue(),
        ),
        time_in_force: fc.oneof(fc.constantFrom('day', 'gtc', 'ioc'), fc.jsonValue()),
        limit_price: fc.jsonValue(),
        stop_price: fc.jsonValue(),
        trail_percent: fc.jsonValue(),
        order_class: fc.oneof(fc.constantFrom('bracket', 'oco', 'oto'), fc.jsonValue()),
        take_profit: fc.jsonValue(),
        stop_loss: fc.jsonValue(),
        client_order_id: fc.jsonValue(),
        extended_hours: fc.jsonValue(),
        name: fc.jsonValue(),
        symbols: fc.jsonValue(),
        no_shorting: fc.jsonValue(),
      },
      { requiredKeys: [] },
    )
    .map((fields) => JSON.stringify(fields)),
  fc.string({ maxLength: 60 }),
);

/**
 * What every refusal must be: Alpaca's statuses, and its body, with a code from the trading API.
 */
const isRefusal = ({ status, body }: Answer): boolean =>
  [400, 403, 404, 422].includes(status) && typeof body?.message === 'string';
export const isFine = (answer: Answer): boolean =>
  [200, 204, 207].includes(answer.status) || isRefusal(answer);
