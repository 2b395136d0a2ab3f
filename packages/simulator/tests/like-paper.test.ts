import { afterEach, describe, expect, it } from '@jest/globals';
import { answerDelay } from '../src/http/answer-delay.ts';
import type { SimulatorOptions } from '../src/index.ts';
import { openAccount, type OpenAccount } from './open-account.ts';
import { at, CLOSE, flat, OPEN, smallDay } from './small-day.ts';
import { openStream, type StreamMessage } from './streams/open-stream.ts';

const SYMBOLS = ['ACME', 'OTHR', 'ZED'];
const day = () =>
  smallDay({ bars: Object.fromEntries(SYMBOLS.map((symbol) => [symbol, flat(OPEN, CLOSE, 100)])) });

let account: OpenAccount;
const open = async (options: Partial<SimulatorOptions> = {}): Promise<OpenAccount> =>
  (account = await openAccount(day(), { at: '09:25', ...options }));
afterEach(() => account.close());

/** Steps to a New York time with milliseconds: "10:01:00.700". */
const stepTo = async (clock: string): Promise<void> => {
  const [, minute, rest] = /^(\d\d:\d\d):(\d\d\.\d{3})$/.exec(clock)!;
  const to = new Date(Date.parse(at(minute!)) + Number(rest) * 1_000).toISOString();
  const { status } = await account.request('POST', '/sim/step', { to });
  expect(status).toBe(200);
};
/** Symbols whose bar of a minute can be read. */
const known = async (minute: string): Promise<string[]> => {
  const path = `/v2/stocks/bars?symbols=${SYMBOLS.join()}&timeframe=1Min&feed=iex&start=${at(minute)}&end=${at(minute)}`;
  return Object.keys((await account.get(path)).body.bars).sort();
};

describe('bars that are late', () => {
  const late = { market: { bar_late_ms: 1_000 } };

  it('can be read from 0.7 to 1.3 seconds after their minute, each at an instant of its own that every run has', async () => {
    const instants = async (): Promise<Map<string, number>> => {
      await open(late);
      const found = new Map<string, number>();
      for (const minute of ['10:00', '10:01']) {
        const end = minute === '10:00' ? '10:01' : '10:02';
        await stepTo(`${end}:00.699`);
        expect(await known(minute)).toEqual([]);
        for (let ms = 700; ms <= 1_300; ms += 100) {
          await stepTo(`${end}:0${(ms / 1_000).toFixed(3)}`);
          for (const symbol of await known(minute))
            if (!found.has(symbol + minute)) found.set(symbol + minute, ms);
        }
        expect(await known(minute)).toEqual(SYMBOLS);
      }
      return found;
    };
    const first = await instants();
    expect(new Set(first.values()).size).toBeGreaterThan(2);
    await account.close();
    expect(await instants()).toEqual(first);
  });

  it('are told on the stream at the instant from which they can be read, and are in no longer bar before', async () => {
    await open(late);
    const stream = await openStream(account, '/v2/iex');
    await stream.authenticate();
    await stream.subscribe({ bars: ['*'], dailyBars: ['*'] });
    await stepTo('10:01:00.699');
    await stream.settled();
    const of = (minute: string) => (one: StreamMessage) =>
      one.t.startsWith(at(minute).slice(0, 16));
    const bars = () => stream.messages('b').filter(of('10:00'));
    expect(bars()).toEqual([]);
    const volumeOf = async (timeframe: string): Promise<number> =>
      (
        await account.get(
          `/v2/stocks/ACME/bars?timeframe=${timeframe}&start=2026-03-10&limit=1000&feed=sip`,
        )
      ).body.bars.reduce((sum: number, { v }: { v: number }) => sum + v, 0);
    const before = [await volumeOf('5Min'), await volumeOf('1Day')];
    for (let ms = 700; ms <= 1_300; ms += 50) {
      await stepTo(`10:01:0${(ms / 1_000).toFixed(3)}`);
      await stream.settled();
      expect(
        bars()
          .map(({ S }) => S)
          .sort(),
      ).toEqual(await known('10:00'));
    }
    expect(bars()).toHaveLength(3);
    expect(await volumeOf('5Min')).toBe(before[0]! + 10_000);
    expect(await volumeOf('1Day')).toBe(before[1]! + 10_000);
    stream.socket.terminate();
  });

  it('let orders meet their minute when it is over', async () => {
    await open(late);
    await stepTo('10:00:00.000');
    const { id } = (await account.place({ qty: '10' })).body;
    await stepTo('10:01:00.000');
    expect(await account.order(id)).toMatchObject({ status: 'filled' });
    expect(await known('10:00')).toEqual([]);
  });
});

describe('trades that are reported late', () => {
  it('correct the bar at the next half minute, in about the asked part of the minutes and the same in every run', async () => {
    const corrected = async (): Promise<string[]> => {
      await open({ market: { late_trades_ratio: 0.05 } });
      const stream = await openStream(account, '/v2/sip');
      await stream.authenticate();
      await stream.subscribe({ updatedBars: ['*'] });
      await account.step('10:00');
      await account.step('16:05');
      await stream.settled();
      stream.socket.terminate();
      const told = stream.messages('u');
      for (const { v } of told) expect(v).toBeGreaterThan(10_000);
      return told.map(({ S, t, v }) => `${S} ${t} ${v}`);
    };
    const first = await corrected();
    // 1,080 minutes, of which a twentieth is 54 and four standard deviations are 29
    expect(Math.abs(first.length - 54)).toBeLessThan(29);
    const [symbol, stamp, volume] = first[10]!.split(' ');
    const bar = (
      await account.get(`/v2/stocks/${symbol}/bars?timeframe=1Min&start=${stamp}&end=${stamp}`)
    ).body.bars[0];
    expect(bar.v).toBe(Number(volume));
    await account.close();
    expect(await corrected()).toEqual(first);
  });
});

describe("IEX's own quotes", () => {
  const quotes = async (feed: string): Promise<{ t: string; bp: number; ap: number }[]> =>
    (
      await account.get(
        `/v2/stocks/ACME/quotes?feed=${feed}&limit=10000&start=${at('09:30')}&end=${at('11:00')}`,
      )
    ).body.quotes;
  /** Prices that move, so that each print makes a quote. */
  const moving = () =>
    smallDay({
      bars: {
        ACME: flat(OPEN, CLOSE, 100).map((one) => ({ ...one, high: 101, low: 99, vwap: 100 })),
      },
    });

  it('are some of all quotes, so that the latest is older, and never older than one that has been', async () => {
    account = await openAccount(moving(), { at: '09:25', market: { iex_quotes: 'own' } });
    await account.step('11:00');
    const key = ({ t, bp, ap }: { t: string; bp: number; ap: number }) => `${t} ${bp} ${ap}`;
    const all = (await quotes('sip')).map(key);
    const own = await quotes('iex');
    expect(own.length).toBeGreaterThan(20);
    expect(own.length).toBeLessThan(all.length / 5);
    expect(own.map(key).filter((one) => !all.includes(one))).toEqual([]);
    const latest = (await account.get('/v2/stocks/quotes/latest?symbols=ACME&feed=iex')).body;
    expect(latest.quotes.ACME).toMatchObject({ t: own.at(-1)!.t, bx: 'V', ax: 'V' });
    expect(Date.parse(own.at(-1)!.t)).toBeLessThan(Date.parse(at('11:00')));
  });

  it('are those of the session before until IEX has quoted', async () => {
    account = await openAccount(moving(), { at: '09:25', market: { iex_quotes: 'own' } });
    const { quotes: latest } = (await account.get('/v2/stocks/quotes/latest?symbols=ACME&feed=iex'))
      .body;
    expect(latest.ACME.t).toMatch(/^2026-03-09T20:00:00\.000\d+Z$/);
  });

  it('are told on its stream alone', async () => {
    account = await openAccount(moving(), { at: '09:25', market: { iex_quotes: 'own' } });
    const stream = await openStream(account, '/v2/iex');
    await stream.authenticate();
    await stream.subscribe({ quotes: ['ACME'] });
    await account.step('11:00');
    await stream.settled();
    expect(stream.messages('q').map(({ bp, ap }) => [bp, ap])).toEqual(
      (await quotes('iex')).map(({ bp, ap }) => [bp, ap]),
    );
    stream.socket.terminate();
  });
});

describe('a limit of requests', () => {
  const ask = async (path: string) => {
    const { status, headers } = await account.get(path);
    const of = (name: string): number => Number(headers.get(`x-ratelimit-${name}`));
    return { status, limit: of('limit'), remaining: of('remaining'), reset: of('reset') };
  };
  const DATA = '/v2/stocks/ACME/trades/latest?feed=iex';

  it('counts a minute from its first request, for trading and for data alone, and refuses what is beyond', async () => {
    await open({ rate_limit: 3 });
    await stepTo('10:00:37.000');
    const reset = Date.parse(at('10:01')) / 1_000 + 37;
    expect(await ask('/v2/account')).toEqual({ status: 200, limit: 3, remaining: 2, reset });
    await stepTo('10:01:10.000');
    expect(await ask('/v2/account')).toMatchObject({ status: 200, remaining: 1, reset });
    expect(await ask('/v2/account')).toMatchObject({ status: 200, remaining: 0 });
    expect(await ask('/v2/account')).toEqual({ status: 429, limit: 3, remaining: 0, reset });
    expect(await ask(DATA)).toMatchObject({ status: 200, remaining: 2, reset: reset + 33 });
    await stepTo('10:01:36.999');
    expect(await ask('/v2/account')).toMatchObject({ status: 429, reset });
    await stepTo('10:01:37.000');
    expect(await ask('/v2/account')).toEqual({
      status: 200,
      limit: 3,
      remaining: 2,
      reset: reset + 60,
    });
  });

  it('that is not enforced is named as Alpaca has it, and refuses nothing', async () => {
    await open();
    for (let asked = 0; asked < 250; asked += 1)
      expect(await ask('/v2/clock')).toMatchObject({
        status: 200,
        limit: 200,
        remaining: Math.max(1, 199 - asked),
      });
  });
});

describe('answers that wait', () => {
  it('wait within their bounds, the n-th of a day always as long', () => {
    const delays = (seed: number): number[] =>
      Array.from({ length: 500 }, (_, nth) =>
        answerDelay(seed, nth, { least_ms: 20, most_ms: 60 }),
      );
    expect(Math.min(...delays(7))).toBeGreaterThanOrEqual(20);
    expect(Math.max(...delays(7))).toBeLessThanOrEqual(60);
    expect(new Set(delays(7)).size).toBeGreaterThan(400);
    expect(delays(7)).toEqual(delays(7));
    expect(delays(8)).not.toEqual(delays(7));
  });

  it('come so many milliseconds later, while what they are about is done at once', async () => {
    await open({ answer_delay: { least_ms: 40, most_ms: 60 } });
    await account.step('10:00');
    const times: number[] = [];
    for (let asked = 0; asked < 5; asked += 1) {
      const begun = performance.now();
      await account.get('/v2/account');
      times.push(performance.now() - begun);
    }
    for (const ms of times) expect(ms).toBeGreaterThan(39);
    let isAnswered = false;
    const update = new Promise<boolean>((resolve) =>
      account.simulator.simulation.onUpdate(() => resolve(isAnswered)),
    );
    await account.place({}).then(() => (isAnswered = true));
    expect(await update).toBe(false);
  });
});

describe('a simulator like a new paper account', () => {
  it('is late, limited and on the basic plan, unless it is told otherwise', async () => {
    await open({ like: 'paper' });
    await stepTo('10:01:00.000');
    expect(await known('10:00')).toEqual([]);
    const { headers } = await account.get('/v2/account');
    expect(headers.get('x-ratelimit-limit')).toBe('200');
    const recent = await account.get(`/v2/stocks/ACME/bars?timeframe=1Min&end=${at('10:00')}`);
    expect(recent.status).toBe(403);
    const answers = await Promise.all(Array.from({ length: 201 }, () => account.get('/v2/clock')));
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(2);
    await account.close();

    await open({ like: 'paper', data_plan: 'plus', rate_limit: 5, market: { bar_late_ms: 0 } });
    await stepTo('10:01:00.000');
    expect(await known('10:00')).toEqual(SYMBOLS);
    const plus = await account.get(`/v2/stocks/ACME/bars?timeframe=1Min&end=${at('10:00')}`);
    expect([plus.status, plus.headers.get('x-ratelimit-limit')]).toEqual([200, '5']);
  });
});
