import { afterEach, describe, expect, it } from '@jest/globals';
import { openAccount, type OpenAccount } from './open-account.ts';
import { flat, OPEN, quietDay, security, smallDay } from './small-day.ts';
import { openStream } from './streams/open-stream.ts';

let account: OpenAccount;
afterEach(() => account.close());

/** Go's RFC3339Nano: no zero at the end of a fraction, none without digits. */
const NANO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{0,8}[1-9])?(Z|[+-]\d\d:\d\d)$/;
const digits = (text: string): number => /\.(\d+)/.exec(text)?.[1]?.length ?? 0;

/**
 * The answer to a market order of one share on a paper account on 2026-09-15, as a user's log has
 * it, once it was filled.
 */
const PAPER_ORDER = {
  id: 'cf8f8e43-4a36-42da-af5f-983e0c726d34',
  client_order_id: '23153aff-5b4c-477d-b686-528db48613cc',
  created_at: '2026-09-15T16:20:35.29220537Z',
  updated_at: '2026-09-15T16:20:36.028259861Z',
  submitted_at: '2026-09-15T16:20:35.313259061Z',
  filled_at: '2026-09-15T16:20:36.026665173Z',
  expired_at: null,
  canceled_at: null,
  failed_at: null,
  replaced_at: null,
  replaced_by: null,
  replaces: null,
  asset_id: 'b0b6dd9d-8b9b-48a9-ba46-b9d54906e415',
  symbol: 'AAPL',
  asset_class: 'us_equity',
  notional: null,
  qty: '1',
  filled_qty: '1',
  filled_avg_price: '330.41',
  order_class: '',
  order_type: 'market',
  type: 'market',
  side: 'buy',
  position_intent: 'buy_to_open',
  time_in_force: 'day',
  limit_price: null,
  stop_price: null,
  status: 'filled',
  extended_hours: false,
  legs: null,
  trail_percent: null,
  trail_price: null,
  hwm: null,
  subtag: null,
  source: null,
  expires_at: '2026-09-15T20:00:00Z',
};

/** What a client can tell from a value without knowing it. */
const shape = (value: unknown): string => {
  if (typeof value !== 'string') return value === null ? 'null' : typeof value;
  if (/^\d{4}-\d\d-\d\dT/.test(value))
    return NANO.test(value) ? (digits(value) > 6 ? 'nanoseconds' : 'seconds') : 'no RFC3339Nano';
  if (/^[0-9a-f]{8}-/.test(value)) return 'uuid';
  if (/^\d+(\.\d+)?$/.test(value)) return 'number as text';
  return value === '' ? 'empty' : 'text';
};
const shapeOf = (order: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(order).map(([name, value]) => [name, shape(value)]));

describe('an order', () => {
  it('has the fields and shapes of one on a paper account', async () => {
    account = await openAccount(quietDay([]), { at: '10:00' });
    const { body: taken } = await account.place({ qty: '1' });
    await account.step('10:01');
    const { body: filled } = await account.get(`/v2/orders/${taken.id}`);
    expect(shapeOf(filled)).toEqual(shapeOf(PAPER_ORDER));
    const times = [filled.created_at, filled.submitted_at, filled.updated_at, filled.filled_at];
    expect(new Set(times).size).toBeGreaterThanOrEqual(3);
    expect(taken.created_at < taken.submitted_at && taken.submitted_at < taken.updated_at).toBe(
      true,
    );
    // cut to milliseconds it is the simulated instant
    expect(new Date(filled.filled_at).toISOString()).toBe('2026-03-10T14:01:00.000Z');
  });

  it.each([
    [{}, ''],
    [{ order_class: null }, ''],
    [{ order_class: '' }, ''],
    [{ order_class: 'simple' }, 'simple'],
    [
      {
        order_class: 'bracket',
        take_profit: { limit_price: '110' },
        stop_loss: { stop_price: '90' },
      },
      'bracket',
    ],
  ])('has the class that it was given, %j', async (fields, expected) => {
    account = await openAccount(quietDay([]), { at: '10:00' });
    const { body } = await account.place(fields);
    expect(body.order_class).toBe(expected);
    expect((await account.get(`/v2/orders/${body.id}`)).body.order_class).toBe(expected);
    expect(new Set(account.updates().map(({ order }) => order.order_class))).toEqual(
      new Set([expected]),
    );
  });

  it('that closes a position or replaces another has the class of a plain one', async () => {
    account = await openAccount(quietDay([]), { at: '10:00' });
    await account.place({});
    await account.step('10:01');
    const { body: limit } = await account.place({ type: 'limit', limit_price: '90', qty: '1' });
    const { body: replacing } = await account.request('PATCH', `/v2/orders/${limit.id}`, {
      limit_price: '91',
    });
    await account.request('DELETE', '/v2/orders');
    const closing = await account.request('DELETE', '/v2/positions/ACME?qty=10');
    expect([closing.body.order_class, replacing.order_class]).toEqual(['', '']);
  });
});

const limits = async (count: number): Promise<string[]> => {
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1)
    ids.push(
      (await account.place({ type: 'limit', limit_price: '50', qty: '1' })).body.id as string,
    );
  return ids;
};
const cut = (digitsKept: number) => (text: string) =>
  text.replace(/(\.\d*)Z$/, (_all, fraction: string) => `${fraction.slice(0, digitsKept + 1)}Z`);

describe('the list of orders', () => {
  it.each([
    ['nanoseconds', (text: string) => text],
    ['microseconds, as in Python', cut(6)],
  ])('loses none of an instant to pages by until or after in %s', async (_name, asSent) => {
    account = await openAccount(quietDay([]), { at: '10:00' });
    const placed = await limits(60);
    const page = async (direction: string, bound: string): Promise<string[]> => {
      const found = new Set<string>();
      for (let from = ''; ;) {
        const query = from === '' ? '' : `&${bound}=${encodeURIComponent(asSent(from))}`;
        const { body } = await account.get(
          `/v2/orders?status=all&limit=25&direction=${direction}${query}`,
        );
        const fresh = body.filter(({ id }: { id: string }) => !found.has(id));
        if (fresh.length === 0) return [...found];
        for (const { id } of fresh) found.add(id);
        from = body.at(-1).submitted_at;
      }
    };
    expect(await page('desc', 'until')).toEqual(placed.toReversed());
    expect(await page('asc', 'after')).toEqual(placed);
  });
});

describe('times of an instant', () => {
  it('are the same in every run, differ from each other and vary in length', async () => {
    const told = async (): Promise<string[]> => {
      account = await openAccount(quietDay([]), { at: '10:00' });
      await limits(30);
      await account.place({ qty: '5' });
      await account.step('10:01');
      const times = account
        .updates()
        .flatMap(({ at, order }) => [at, order.created_at as string, order.submitted_at as string]);
      await account.close();
      return times;
    };
    const first = await told();
    expect(await told()).toEqual(first);
    expect(first.every((text) => NANO.test(text))).toBe(true);
    expect(new Set(first.map(digits)).size).toBeGreaterThan(1);
    const updates = account.updates().map(({ at }) => at);
    expect(new Set(updates).size).toBe(updates.length);
  });

  it('come before what the clock says then, and after what it said before', async () => {
    account = await openAccount(quietDay([]), { at: '10:00' });
    const clock = async (): Promise<string> => (await account.get('/v2/clock')).body.timestamp;
    const { body } = await account.place({ type: 'limit', limit_price: '50' });
    const now = await clock();
    expect(now).toMatch(NANO);
    expect(digits(now)).toBeGreaterThan(3);
    expect(now).toMatch(/^2026-03-10T10:00:00\.\d+-04:00$/);
    const seconds = (text: string): number => Number(/:(\d\d\.\d+)/.exec(text)![1]);
    expect(seconds(body.updated_at)).toBeLessThan(seconds(now));
    expect((await account.get('/v3/clock')).body.clocks[0].timestamp).toBe(now);
    await account.step('10:01');
    expect(await clock()).not.toBe(now.replace('10:00', '10:01'));
  });

  it('are those of trades and quotes too, the same by stream, history and latest', async () => {
    account = await openAccount(
      smallDay({ bars: { ACME: flat(OPEN, 660, 100) }, securities: [security('ACME')] }),
      { at: '10:00' },
    );
    const stream = await openStream(account, '/v2/sip');
    const packed = await openStream(account, '/v2/iex', { msgpack: true });
    for (const one of [stream, packed]) {
      await one.authenticate();
      await one.subscribe({ trades: ['*'], quotes: ['*'], bars: ['*'] });
    }
    await account.step('10:03');
    await Promise.all([stream.settled(), packed.settled()]);
    const times = (kind: string): string[] => stream.messages(kind).map(({ t }) => t);
    const history = async (name: string): Promise<string[]> =>
      (await account.get(`/v2/stocks/ACME/${name}?start=2026-03-10T14:00:00.001Z`)).body[name].map(
        ({ t }: { t: string }) => t,
      );
    for (const [kind, name] of [
      ['t', 'trades'],
      ['q', 'quotes'],
    ] as const) {
      expect(times(kind).length).toBeGreaterThan(2);
      expect(times(kind).every((text) => NANO.test(text) && digits(text) > 3)).toBe(true);
      expect(await history(name)).toEqual(times(kind));
      // going on a nanosecond after the last that was read neither repeats nor loses one
      const [second, third] = times(kind).slice(1) as [string, string];
      const after = second.replace(/(\.\d+)Z/, (_all, fraction: string) => {
        const next = BigInt(fraction.slice(1).padEnd(9, '0')) + 1n;
        return `.${String(next).padStart(9, '0')}Z`;
      });
      const { body: rest } = await account.get(
        `/v2/stocks/ACME/${name}?start=${after}&end=${third}`,
      );
      expect(rest[name].map(({ t }: { t: string }) => t)).toEqual([third]);
      const { body } = await account.get(`/v2/stocks/ACME/${name}/latest`);
      expect(body[name.slice(0, -1)].t).toBe(times(kind).at(-1));
    }
    expect(times('b')).toEqual(['14:00', '14:01', '14:02'].map((at) => `2026-03-10T${at}:00Z`));
    const [first] = packed.messages('q');
    expect((first!.t as Date).getTime()).toBe(Date.parse(times('q')[0]!));
    stream.socket.terminate();
    packed.socket.terminate();
  });
});
