import { endpoints, unserved } from './endpoint.ts';
import { CRYPTO, FIXED_INCOME, OPTIONS, PERPETUALS } from './reasons.ts';

export const tradingServed = endpoints(
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

export const tradingUnserved = [
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
