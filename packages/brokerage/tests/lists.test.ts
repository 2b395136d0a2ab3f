import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createLog, createMetrics, systemClock, type Metrics } from '@catalyst/service-kit';
import { createBrokerage, type Brokerage, type UnreadItem } from '../src/index.ts';
import { startAnswering, type AnsweringServer } from './answering-server.ts';
import { bracket, fillActivity } from './recorded-payloads.ts';

let vendor: AnsweringServer;
let brokerage: Brokerage;
let metrics: Metrics;
let unread: UnreadItem[];
const tell = (item: UnreadItem): void => void unread.push(item);

beforeEach(async () => {
  vendor = await startAnswering();
  metrics = createMetrics('test');
  unread = [];
  brokerage = createBrokerage({
    config: {
      ALPACA_API_KEY: 'PKTEST',
      ALPACA_SECRET_KEY: 'secret',
      ALPACA_TRADING_URL: vendor.url,
      ALPACA_DATA_URL: vendor.url,
      ALPACA_STREAM_URL: 'ws://127.0.0.1:9/stream',
      ALPACA_DATA_FEED: 'iex',
    },
    log: createLog('test', 'error'),
    metrics,
    clock: systemClock,
    mode: 'paper',
  });
});
afterEach(() => vendor.close());

const T = '2026-03-10T14:02:00Z';
const bar = { t: T, o: 1, h: 2, l: 1, c: 2, v: 10, n: 1, vw: 1.5 };
const quote = { t: T, ap: 2, as: 1, bp: 1, bs: 1 };
const position = {
  symbol: 'AAPL',
  asset_class: 'us_equity',
  side: 'long',
  qty: '1',
  qty_available: '1',
  avg_entry_price: '1',
  current_price: '1',
  unrealized_pl: '0',
};
const asset = {
  class: 'us_equity',
  symbol: 'AAPL',
  name: 'Apple',
  exchange: 'NASDAQ',
  status: 'active',
  tradable: true,
  marginable: true,
  shortable: true,
  easy_to_borrow: true,
  fractionable: true,
};
const split = { symbol: 'AAPL', ex_date: '2026-03-10', new_rate: 2, old_rate: 1 };
const fee = {
  id: '20260311000000000::fee',
  activity_type: 'FEE',
  activity_sub_type: 'TAF',
  date: '2026-03-11',
  net_amount: '-0.02',
  status: 'executed',
};
const active = { symbol: 'AAPL', volume: 1, trade_count: 1 };
const [leg] = bracket.legs;

/** Alpaca's own example of a multi-leg order of options, shortened to what a reader looks at. */
const mleg = {
  ...bracket,
  id: 'mleg-1',
  client_order_id: 'mleg-1',
  symbol: '',
  asset_class: '',
  side: '',
  order_class: 'mleg',
  legs: [{ ...leg, symbol: 'AAPL241213C00250000', asset_class: 'us_option', type: '' }],
};
const crypto = { asset_class: 'crypto', symbol: 'BTC/USD', qty: '1e-9' };

interface ListCase {
  route: string;
  /** The answer with a good item of AAPL and others beside it. */
  body(others: unknown[]): unknown;
  /** How many items were read. */
  read(): Promise<number>;
  /** A stock's item that nobody can read, and the field that says so. */
  odd: [item: unknown, field: string];
  /** What is no US stock. */
  foreign?: unknown;
}
const size = (found: Map<unknown, unknown>): number => found.size;
const LISTS: Record<string, ListCase> = {
  orders: {
    route: 'GET /v2/orders',
    body: (others) => [...others, bracket],
    read: async () => (await brokerage.orders.listOrders({ status: 'all' }, tell)).length,
    odd: [{ ...bracket, id: 'odd', filled_qty: null }, 'filled_qty'],
    foreign: mleg,
  },
  legs: {
    route: 'GET /v2/orders',
    body: (others) => [{ ...bracket, legs: [...others, leg] }],
    read: async () => (await brokerage.orders.listOrders({ status: 'all' }, tell))[0]!.legs.length,
    odd: [{ ...leg, id: 'odd', side: 'neither' }, 'side'],
    foreign: { ...leg, ...crypto },
  },
  positions: {
    route: 'GET /v2/positions',
    body: (others) => [...others, position],
    read: async () => (await brokerage.account.listPositions(tell)).length,
    odd: [{ ...position, symbol: 'ODD', avg_entry_price: null }, 'avg_entry_price'],
    foreign: { ...position, ...crypto },
  },
  fills: {
    route: 'GET /v2/account/activities/FILL',
    body: (others) => [...others, fillActivity(1)],
    read: async () => (await brokerage.account.listFills({}, tell)).length,
    odd: [{ ...fillActivity(2), price: null }, 'price'],
    foreign: { ...fillActivity(2), symbol: 'SPY261218P00550000' },
  },
  fees: {
    route: 'GET /v2/account/activities/FEE',
    body: (others) => [...others, fee],
    read: async () => (await brokerage.account.listFees({ after: T }, tell)).length,
    odd: [{ ...fee, net_amount: null }, 'net_amount'],
    foreign: { ...fee, symbol: 'SPY261218P00550000' },
  },
  assets: {
    route: 'GET /v2/assets',
    body: (others) => [...others, asset],
    read: async () => (await brokerage.reference.listAssets(tell)).length,
    odd: [{ ...asset, symbol: 'ODD', status: 'under_review' }, 'status'],
    foreign: { ...asset, class: 'crypto', symbol: 'BTC/USD', exchange: null },
  },
  calendar: {
    route: 'GET /v2/calendar',
    body: (others) => [...others, { date: '2026-03-10', open: '09:30', close: '16:00' }],
    read: async () =>
      (await brokerage.reference.listCalendar('2026-03-10', '2026-03-11', tell)).length,
    odd: [{ date: '2026-03-11', open: null, close: '16:00' }, 'open'],
  },
  bars: {
    route: 'GET /v2/stocks/bars',
    body: (others) => ({ bars: { AAPL: [...others, bar] }, next_page_token: null }),
    read: async () =>
      (
        await brokerage.market_data.bars(
          { symbols: ['AAPL'], timeframe: '1min', start: T, end: T },
          tell,
        )
      ).get('AAPL')!.length,
    odd: [{ ...bar, h: null }, 'h'],
  },
  quotes: {
    route: 'GET /v2/stocks/quotes/latest',
    body: ([other]) => ({ quotes: { ...(other ? { ODD: other } : {}), AAPL: quote } }),
    read: async () => size(await brokerage.market_data.latestQuotes(['AAPL', 'ODD'])),
    odd: [{ ...quote, ap: null }, 'ap'],
  },
  snapshots: {
    route: 'GET /v2/stocks/snapshots',
    body: ([other]) => ({
      ...(other ? { ODD: other } : {}),
      AAPL: { latestTrade: { t: T, p: 1 }, latestQuote: null },
    }),
    read: async () => size(await brokerage.market_data.latestPriceTimes(['AAPL', 'ODD'])),
    odd: [{ latestTrade: { t: 'then' } }, 'latestTrade.t'],
  },
  'most actives': {
    route: 'GET /v1beta1/screener/stocks/most-actives',
    body: (others) => ({ most_actives: [...others, active], last_updated: T }),
    read: async () => (await brokerage.market_data.mostActives(100)).length,
    odd: [{ ...active, symbol: 'ODD', trade_count: null }, 'trade_count'],
    foreign: { ...active, symbol: 'BTC/USD' },
  },
  'corporate actions': {
    route: 'GET /v1/corporate-actions',
    body: (others) => ({
      corporate_actions: { forward_splits: [...others, split] },
      next_page_token: null,
    }),
    read: async () =>
      (
        await brokerage.market_data.corporateActions({
          from: '2026-03-01',
          to: '2026-03-11',
          tellUnread: tell,
        })
      ).length,
    odd: [{ ...split, symbol: 'ODD', new_rate: 0, old_rate: 0 }, 'new_rate'],
    foreign: { ...split, symbol: 'BTC/USD' },
  },
};
const counted = async (list: string, outcome: string): Promise<number> =>
  (await metrics.listItems.get()).values.find(
    ({ labels }) => labels.list === list && labels.outcome === outcome,
  )?.value ?? 0;

describe.each(Object.entries(LISTS))(
  'the list of %s',
  (list, { route, body, read, odd, foreign }) => {
    it("loses nothing but a stock's item that cannot be read, and tells of it", async () => {
      const [item, field] = odd;
      vendor.answer(route, { body: body([item]) });
      expect(await read()).toBe(1);
      expect(await counted(list, 'unread')).toBe(1);
      if (!['quotes', 'snapshots', 'most actives'].includes(list))
        expect(unread).toMatchObject([{ list, field }]);
    });
    it.each(['null', 'text'])('loses nothing to an item that is %s', async (kind) => {
      vendor.answer(route, { body: body([kind === 'null' ? null : 'odd']) });
      expect(await read()).toBe(1);
    });
    if (foreign !== undefined)
      it('passes over and counts what is no US stock', async () => {
        vendor.answer(route, { body: body([foreign]) });
        expect(await read()).toBe(1);
        expect(await counted(list, 'passed_over')).toBe(1);
        expect(unread).toEqual([]);
      });
  },
);

describe('what the broker has a new word for', () => {
  it.each([
    ['status', 'pending_review'],
    ['type', 'market_on_close'],
  ])('is an order with an unknown %s: read, and told', async (field, word) => {
    vendor.answer('GET /v2/orders', { body: [{ ...bracket, [field]: word }] });
    const [order] = await brokerage.orders.listOrders({ status: 'all' }, tell);
    expect(order).toMatchObject({ id: bracket.id, [field]: 'unknown' });
    expect(unread).toMatchObject([{ list: 'orders', symbol: 'AAPL', id: bracket.id, field }]);
  });
  it.each([
    ['sell_short', 'sell'],
    ['buy_to_cover', 'buy'],
  ])('of a side is one of the two that a book knows: %s', async (said, side) => {
    vendor.answer('GET /v2/account/activities/FILL', {
      body: [{ ...fillActivity(1), side: said }],
    });
    expect(await brokerage.account.listFills({}, tell)).toMatchObject([{ side }]);
  });
});

it('follows the pages of orders past one that cannot be read', async () => {
  const page = Array.from({ length: 500 }, (_, n) => ({ ...bracket, id: `order-${n}` }));
  page[499] = { ...page[499]!, filled_qty: null as never };
  vendor.answer('GET /v2/orders', { body: page }, { body: [{ ...bracket, id: 'last' }] });
  expect(await brokerage.orders.listOrders({ status: 'all' }, tell)).toHaveLength(500);
  expect(vendor.seen[1]?.query.get('after_order_id')).toBe('order-499');
});
