import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { nyseCalendar } from '@catalyst/domain';
import { createLog, systemClock } from '@catalyst/runtime';
import { startSimulator, type Day, type Simulator } from '@catalyst/simulator';
import { eventually } from '@catalyst/testkit';
import {
  createBrokerage,
  forPurpose,
  type Brokerage,
  type BrokerageOptions,
  type TradeUpdate,
} from '../src/index.ts';

const minutes = Array.from({ length: 390 }, (_, index) => 570 + index);
const day: Day = {
  dir: 'a-day-of-tests',
  trade_date: '2026-03-10',
  kind: 'generated',
  seed: 7,
  description: '',
  notes: [],
  refused_bars: [],
  calendar: nyseCalendar('2026-02-20', '2026-03-12'),
  securities: [
    {
      symbol: 'ACME',
      name: 'Acme Corporation',
      exchange: 'NASDAQ',
      sector: null,
      tradable: true,
      shortable: true,
      easy_to_borrow: true,
      marginable: true,
      fractionable: true,
    },
  ],
  minute_bars: new Map([
    [
      'ACME',
      minutes.map((minute) => ({
        minute,
        open: 100,
        high: minute === 603 ? 105 : 100,
        low: 100,
        close: 100,
        volume: 100_000,
        trade_count: 10,
        vwap: 100,
      })),
    ],
  ]),
  daily_bars: new Map([['ACME', []]]),
  volume_profile: new Map([['ACME', Array.from({ length: 1440 }, () => 1000)]]),
  events: [],
  corporate_actions: ['2026-02-26', '2026-03-10'].map((ex_date) => ({
    symbol: 'ACME',
    type: 'cash_dividend',
    ex_date,
    new_rate: null,
    old_rate: null,
    cash: '0.5',
  })),
  news: [
    {
      id: 9,
      created_at: '2026-03-10T13:00:00Z',
      updated_at: '2026-03-10T13:00:00Z',
      headline: 'Acme wins',
      summary: 's',
      content: 'long',
      author: 'a',
      source: 'northwire',
      url: 'https://news.example/9',
      symbols: ['ACME'],
    },
  ],
};
/** Longer than what guards shares is waited for. */
const SLOW_MS = 5000;
const bracket = {
  client_order_id: 'cat-1',
  symbol: 'ACME',
  side: 'buy',
  type: 'limit',
  order_class: 'bracket',
  time_in_force: 'day',
  qty: '100',
  limit_price: '100.5',
  take_profit: { limit_price: '104' },
  stop_loss: { stop_price: '98' },
} as const;

let simulator: Simulator;
let options: BrokerageOptions;
let broker: Brokerage;
const closers: (() => void)[] = [];
const step = (clock: string) =>
  simulator.simulation.stepTo(Date.parse(`2026-03-10T${clock}:00-04:00`));

beforeEach(async () => {
  simulator = await startSimulator({ day, at: '10:00' });
  const [account] = simulator.accounts;
  options = {
    config: {
      ALPACA_API_KEY: account!.key_id,
      ALPACA_SECRET_KEY: account!.secret_key,
      ALPACA_TRADING_URL: simulator.url,
      ALPACA_DATA_URL: simulator.url,
      ALPACA_STREAM_URL: simulator.stream_url,
      ALPACA_DATA_FEED: 'sip',
    },
    log: createLog('test', 'error'),
    clock: systemClock,
    mode: 'replay',
  };
  broker = createBrokerage(options);
});
afterEach(async () => {
  for (const close of closers.splice(0)) close();
  await simulator.close();
});

const listen = () => {
  const updates: TradeUpdate[] = [];
  const breaks = { reconnected: 0, garbage: 0 };
  const subscription = broker.trade_updates.subscribe({
    onUpdate: (update) => void updates.push(update),
    onReconnect: () => {
      breaks.reconnected += 1;
    },
    onGarbage: () => {
      breaks.garbage += 1;
    },
  });
  closers.push(subscription.close);
  return { updates, breaks, subscription };
};

describe("the broker's seam, against the simulated exchange", () => {
  it('places a bracket and hears of its fills in the order of seq; a pong comes after every update before it', async () => {
    const { updates, subscription } = listen();
    await subscription.ready;
    expect(await broker.orders.submitOrder(bracket)).toMatchObject({
      outcome: 'accepted',
      order: { status: 'pending_new', legs: [{ status: 'held' }, { status: 'held' }] },
    });
    step('10:04');
    await subscription.ping();
    expect(updates.map(({ seq }) => seq)).toEqual(
      Array.from({ length: simulator.simulation.accounts[0]!.seq }, (_, index) => index + 1),
    );
    const fills = updates.filter(({ event }) => event === 'fill');
    expect(fills).toMatchObject([
      { qty: '100', position_qty: '100', timestamp: '2026-03-10T14:01:00.000Z' },
      { qty: '100', price: '104', position_qty: '0' },
    ]);
    const activities = await broker.account.listFills({});
    expect(activities.map(({ execution_id }) => execution_id)).toEqual(
      fills.map(({ execution_id }) => execution_id),
    );
  });

  it('sends nothing twice: the same client order id finds the first order', async () => {
    const [first, second] = [
      await broker.orders.submitOrder(bracket),
      await broker.orders.submitOrder(bracket),
    ];
    expect(second).toEqual({
      ...first,
      order: { ...('order' in first && first.order), status: 'new' },
    });
    expect(await broker.orders.listOrders({ status: 'all' })).toHaveLength(1);
  });

  it('sends what guards shares again where the broker is slow to see it, which takes one of the two', async () => {
    const late = { kind: 'delay', ms: SLOW_MS, delays: 'request' };
    await fetch(`${simulator.url}/sim/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ where: { rest: 'POST /v2/orders' }, when: { nth: 1 }, what: late }),
    });
    const { orders } = createBrokerage({ ...options, mode: 'paper' });
    const begun = performance.now();
    const guard = await forPurpose('protection', () => orders.submitOrder(bracket));
    expect(guard).toMatchObject({ outcome: 'accepted' });
    expect(performance.now() - begun).toBeLessThan(SLOW_MS);
    await eventually(async () => {
      const rows = (await (await fetch(`${simulator.url}/sim/ledger`)).text()).split('\n');
      expect(rows.filter((row) => row.includes('must be unique'))).toHaveLength(1);
    }, 2 * SLOW_MS);
    expect(await orders.listOrders({ status: 'all' })).toHaveLength(1);
  });

  it('hears no update of the time in which its stream was away, and says when it is back', async () => {
    const { updates, breaks, subscription } = listen();
    await subscription.ready;
    await broker.orders.submitOrder(bracket);
    await subscription.ping();
    const heard = updates.length;
    const { port } = new URL(simulator.url);
    await simulator.close();
    await eventually(() => expect(subscription.isListening()).toBe(false));
    await expect(subscription.ping(200)).rejects.toMatchObject({ code: 'VENDOR_UNAVAILABLE' });
    const [account] = simulator.accounts;
    simulator = await startSimulator({
      day,
      at: '10:00',
      port: Number(port),
      credentials: { key_id: account!.key_id, secret_key: account!.secret_key },
    });
    await eventually(() => expect(breaks.reconnected).toBe(1));
    await broker.orders.submitOrder(bracket);
    await subscription.ping();
    expect(updates.length).toBe(heard * 2);
    expect(breaks.garbage).toBe(0);
  });

  it('is told of refused keys at once', async () => {
    const refused = createBrokerage({
      config: {
        ALPACA_API_KEY: 'PKWRONG',
        ALPACA_SECRET_KEY: 'wrong',
        ALPACA_TRADING_URL: simulator.url,
        ALPACA_DATA_URL: simulator.url,
        ALPACA_STREAM_URL: simulator.stream_url,
        ALPACA_DATA_FEED: 'sip',
      },
      log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
      clock: systemClock,
      mode: 'replay',
    });
    await expect(
      refused.trade_updates.subscribe({
        onUpdate: () => {},
        onReconnect: () => {},
        onGarbage: () => {},
      }).ready,
    ).rejects.toMatchObject({ code: 'VENDOR_REFUSED_KEYS' });
    await expect(refused.account.getAccount()).rejects.toMatchObject({
      code: 'VENDOR_REFUSED_KEYS',
    });
  });

  it('reads account, clock, calendar, assets, bars, quotes, actives and news', async () => {
    expect(await broker.account.getAccount()).toMatchObject({
      equity: '100000',
      trading_blocked: false,
    });
    expect(await broker.reference.getClock()).toEqual({
      timestamp: '2026-03-10T14:00:00.000Z',
      is_open: true,
      next_open: '2026-03-11T13:30:00.000Z',
      next_close: '2026-03-10T20:00:00.000Z',
    });
    expect(await broker.reference.listCalendar('2026-03-09', '2026-03-10')).toMatchObject([
      { date: '2026-03-09', open: '09:30', close: '16:00' },
      { date: '2026-03-10' },
    ]);
    expect(await broker.reference.listAssets()).toMatchObject([{ symbol: 'ACME', tradable: true }]);
    const bars = await broker.market_data.bars({
      symbols: ['ACME'],
      timeframe: '1min',
      start: '2026-03-10T13:30:00.000Z',
      end: '2026-03-10T15:00:00.000Z',
    });
    expect(bars.get('ACME')).toHaveLength(30);
    expect((await broker.market_data.latestQuotes(['ACME'])).get('ACME')).toMatchObject({
      quoted_at: expect.any(String),
      bid_price: expect.stringMatching(/^99\.98|100/),
    });
    expect(await broker.market_data.mostActives(10)).toMatchObject([{ symbol: 'ACME' }]);
    expect(
      await broker.market_data.news({
        start: '2026-03-10T08:00:00.000Z',
        end: '2026-03-10T14:00:00.000Z',
      }),
    ).toMatchObject([{ id: 9, headline: 'Acme wins', symbols: ['ACME'] }]);
    // a dividend is processed, and so found, weeks after its ex-date
    expect(
      await broker.market_data.corporateActions({ from: '2026-03-01', to: '2026-03-10' }),
    ).toMatchObject([
      { symbol: 'ACME', ex_date: '2026-03-10', action_type: 'cash_dividend', cash_usd: '0.5' },
    ]);
  });
});
