import { describe, expect, it } from '@jest/globals';
import { bar, smallDay } from '../../small-day.ts';
import { testTape, told, within } from './followed-tape.ts';

const tape = testTape();
const { start, open, step, trades, minuteBar } = tape;

describe('a trade that is reported late', () => {
  it('is told after its minute, and its bar again at the half-minute mark; history knows neither earlier', async () => {
    const stream = await open({ kind: 'late_trade', ratio: 1.02, size: 500 });
    await step(stream, '06:00');
    const first = { o: 100, h: 103, l: 99, c: 102, v: 12_000, n: 120, t: '2026-03-10T14:05:00Z' };
    const count = (await trades()).length;
    expect(told(stream, 'b').at(-1)).toMatchObject(first);
    expect(await minuteBar()).toMatchObject(first);
    await step(stream, '06:04');
    const late = { p: 104.04, s: 500, x: 'D', c: ['@'], t: within('14:05:59.999'), z: 'C' };
    expect(stream.messages().at(-1)).toMatchObject({ T: 't', S: 'ACME', ...late });
    expect(await trades()).toHaveLength(count + 1);
    expect((await trades()).at(-1)).toMatchObject(late);
    expect(await minuteBar()).toMatchObject(first);
    await step(stream, '06:30');
    const updated = {
      o: 100,
      h: 104.04,
      l: 99,
      c: 104.04,
      v: 12_500,
      n: 121,
      vw: 101.1216,
      t: '2026-03-10T14:05:00Z',
    };
    expect(told(stream, 'u')).toEqual([{ T: 'u', S: 'ACME', ...updated }]);
    expect(await minuteBar()).toEqual(updated);
    await step(stream, '07:00');
    const daily = (await tape.account.get('/v2/stocks/ACME/snapshot')).body.dailyBar;
    expect(daily).toMatchObject({ h: 104.04, v: 36 * 10_000 + 12_500 });
    expect(told(stream, 'd').at(-1)).toMatchObject({ h: daily.h, v: daily.v, n: daily.n });
  });
});

describe('a trade that is canceled', () => {
  it.each([
    ['cancel', 'C'],
    ['error', 'E'],
  ])(
    'by %s is told with its id; history marks it and the latest trade passes it over, while bars keep it for the day',
    async (action, a) => {
      const stream = await open({ kind: 'cancel_error', action, after_seconds: 20 });
      await step(stream, '06:19');
      const print = told(stream, 't').findLast(({ t }) => t.startsWith('2026-03-10T14:05:59.998'))!;
      const before = await minuteBar();
      expect(told(stream, 'x')).toEqual([]);
      expect((await trades()).some((trade) => 'u' in trade)).toBe(false);
      await step(stream, '06:20');
      expect(told(stream, 'x')).toEqual([
        {
          T: 'x',
          S: 'ACME',
          i: print.i,
          x: print.x,
          p: 102,
          s: print.s,
          a,
          t: within('14:06:20.000'),
          z: 'C',
        },
      ]);
      expect((await trades()).filter(({ u }) => u === 'canceled')).toMatchObject([
        { i: print.i, p: 102 },
      ]);
      await step(stream, '07:00');
      expect(told(stream, 'u')).toEqual([]);
      expect(await minuteBar()).toEqual(before);
    },
  );

  it('is not the latest trade any more', async () => {
    const account = await start(
      smallDay({ bars: { ACME: [bar(605, 100, 103, 99, 102, 12_000)] } }),
      { at: '10:04' },
    );
    await account.request(
      'POST',
      '/sim/faults',
      { where: { market: 'ACME' }, what: { kind: 'cancel_error' } },
      {},
    );
    await account.step('10:06');
    const latest = async () => (await account.get('/v2/stocks/ACME/trades/latest')).body.trade.p;
    expect(await latest()).toBe(102);
    await account.step('10:07');
    expect(await latest()).not.toBe(102);
    expect((await account.get('/v2/stocks/ACME/snapshot')).body.latestTrade.p).toBe(await latest());
  });
});

describe('a trade that is corrected', () => {
  it('is told with both its ids and prices; history holds the wrong and the right one, marked', async () => {
    const stream = await open({ kind: 'correction', ratio: 0.5 });
    await step(stream, '06:10');
    const print = told(stream, 't').findLast(({ t }) => t.startsWith('2026-03-10T14:05:59.998'))!;
    const [correction] = told(stream, 'c');
    expect(correction).toEqual({
      T: 'c',
      S: 'ACME',
      x: print.x,
      oi: print.i,
      op: 102,
      os: print.s,
      oc: ['@'],
      ci: expect.any(Number),
      cp: 51,
      cs: print.s,
      cc: ['@'],
      t: within('14:06:10.000'),
      z: 'C',
    });
    expect((await trades()).slice(-2)).toMatchObject([
      { i: print.i, p: 102, u: 'incorrect' },
      { i: correction!.ci, p: 51, u: 'corrected', t: within('14:05:59.998') },
    ]);
  });
});
