import { describe, expect, it } from '@jest/globals';
import type { Day } from '../../src/day/day.ts';
import { createMarket } from '../../src/market/market.ts';
import { createSimulation } from '../../src/simulation.ts';
import { createTradingStatuses } from '../../src/stream/trading-statuses.ts';
import { bar, flat, quietDay, CLOSE, OPEN } from '../small-day.ts';
import { openExchange, priceOf } from './open-exchange.ts';

/** From the given minute on everything trades at `price`. */
const stepTo = (minute: number, price: number) => flat(minute, CLOSE, price);
const told = (day: Day): [number, string, string][] => {
  const market = createMarket(day);
  const statuses = createTradingStatuses(market, market.time.at('09:00'));
  statuses.advanceTo(market.time.at('16:00'));
  return statuses
    .between(0, Infinity)
    .map(({ at_ms, code, reason_code }) => [market.time.finishedMinutes(at_ms), code, reason_code]);
};
const minutesOf = (day: Day): number[] =>
  createMarket(day)
    .listings.get('ACME')!
    .series.bars.map(({ minute }) => minute);

describe('a fall through the lower price band', () => {
  it('trades nothing in its minute and in five of pause, then goes on where the day stands', () => {
    const minutes = minutesOf(quietDay(stepTo(600, 80)));
    expect(minutes).toEqual([...minutes].filter((minute) => minute < 600 || minute >= 606));
    expect(minutes).toHaveLength(CLOSE - OPEN - 6);
  });

  it('is told as a pause with its reason and as a resumption, and bands come anew with the reopening price', () => {
    const day = quietDay(stepTo(600, 80));
    expect(told(day)).toEqual([
      [601, 'P', 'LUDP'],
      [606, 'T', ''],
    ]);
    const market = createMarket(day);
    expect(
      market
        .bandsBetween('ACME', 0, market.time.at('16:00'))
        .map(({ at_ms, up, down }) => [market.time.finishedMinutes(at_ms), up, down]),
    ).toEqual([
      [571, 110, 90],
      [607, 88, 72],
    ]);
  });

  it('lets orders be taken and wait; a stop far above is filled at the reopening, not at the band', () => {
    const desk = openExchange(stepTo(600, 80), {}, '09:58');
    const held = desk.place({ qty: '10' });
    desk.step('09:59');
    const stop = desk.place({ side: 'sell', qty: '10', type: 'stop', stop_price: '95' });
    desk.step('10:06');
    expect([held.status, stop.status]).toEqual(['filled', 'new']);
    desk.step('10:07');
    expect(stop.status).toBe('filled');
    expect(Number(priceOf(stop))).toBeLessThanOrEqual(80);
    const late = openExchange(stepTo(600, 80), {}, '10:02');
    const waiting = [
      late.place({ qty: '5', type: 'limit', limit_price: '85' }),
      late.place({ qty: '5', type: 'limit', limit_price: '85', time_in_force: 'gtc' }),
      late.place({ qty: '5', type: 'limit', limit_price: '85', time_in_force: 'ioc' }),
    ];
    expect(() => late.place({ qty: '5' })).toThrow(
      'market order rejected due to trading halt on symbol: "ACME", please place a limit order instead',
    );
    late.step('10:06');
    expect(waiting.map(({ status }) => status)).toEqual(['new', 'new', 'new']);
    expect(late.place({ qty: '5' }).status).toBe('new');
    late.step('10:07');
    expect(waiting.map(({ status }) => status)).toEqual(['filled', 'filled', 'filled']);
    expect(waiting.map((order) => Number(priceOf(order)) >= 80)).toEqual([true, true, true]);
  });

  it('with its own halt in the day is told once', () => {
    expect(
      told(
        quietDay(stepTo(600, 80), {
          events: [{ symbol: 'ACME', kind: 'halt', from_minute: 601, to_minute: 606 }],
        }),
      ),
    ).toEqual([
      [601, 'P', 'LUDP'],
      [606, 'T', ''],
    ]);
  });
});

describe('a minute that runs through a band', () => {
  const day = (close: number) => quietDay([bar(600, 100, 101, 85, close)]);

  it('trades up to the band, so that nothing is filled outside it', () => {
    const desk = openExchange([bar(600, 100, 101, 85, 95)], {});
    const far = desk.place({ qty: '10', type: 'limit', limit_price: '90' });
    const near = desk.place({ qty: '10', type: 'limit', limit_price: '90.01' });
    desk.step('10:01');
    expect([far.status, near.status]).toEqual(['new', 'filled']);
    expect(desk.simulation.market.barAt('ACME', 600)).toMatchObject({
      open: 100,
      high: 101,
      low: 90,
      close: 95,
    });
  });

  it('pauses where it would have closed beyond the band, and not where it comes back or ends on it', () => {
    expect([85, 90, 95].map((close) => told(day(close)).length)).toEqual([2, 0, 0]);
  });
});

describe('a pause near the close', () => {
  it('lasts until the closing auction, in which the order for the close is filled at the one price', () => {
    const desk = openExchange([...flat(953, 959, 80), bar(959, 79, 83, 78, 82)], {}, '15:40');
    const close = desk.place({ qty: '10', time_in_force: 'cls' });
    desk.step('15:59');
    expect(desk.simulation.market.lastTrade('ACME', 959)!.price).toBe(100);
    desk.step('16:00');
    expect([close.status, priceOf(close)]).toEqual(['filled', '82']);
    expect(
      told(quietDay([...flat(953, 959, 80), bar(959, 79, 83, 78, 82)])).map(([minute]) => minute),
    ).toEqual([954, 959]);
  });
});

describe('an imported day', () => {
  const imported = (): Day => ({ ...quietDay(stepTo(600, 80)), kind: 'imported' });

  it('keeps every trade that was recorded and pauses nothing, since the bands are only an estimate there', () => {
    expect(minutesOf(imported())).toHaveLength(CLOSE - OPEN);
    expect(told(imported())).toEqual([]);
  });

  it('obeys the bands from the minute in which a gap was put into it', () => {
    const market = createMarket(imported());
    market.setGaps('ACME', [{ from_minute: 700, ratio: 0.8 }]);
    expect(
      Array.from({ length: 1_440 }, (_, minute) => minute).filter((minute) =>
        market.happening('ACME', 'halt', minute),
      ),
    ).toEqual([701, 702, 703, 704, 705]);
    expect(market.barAt('ACME', 600)).toBeDefined();
    expect([market.barAt('ACME', 700), market.barAt('ACME', 706)?.open]).toEqual([undefined, 64]);
  });
});

describe('filled on arrival', () => {
  it('nothing pays more than the upper band, and size costs', async () => {
    const buy = async (qty: string, impact_ratio: number): Promise<number> => {
      const simulation = createSimulation({
        day: quietDay([bar(599, 100, 109, 100, 109, 10_000)]),
        at: '10:00',
        accounts: 1,
        cash: '1000000',
        exchange: { volume_share: 0.1, stream_oco_cancels: true, fills: 'at_once', impact_ratio },
      });
      const outcome = simulation.exchange.submit(simulation.accounts[0]!, {
        symbol: 'ACME',
        side: 'buy',
        type: 'market',
        time_in_force: 'day',
        qty,
      });
      await Promise.resolve();
      return outcome.ok ? Number(priceOf(outcome.value)) : Number.NaN;
    };
    expect(await buy('900', 100)).toBe(110);
    expect(await buy('900', 0.1)).toBeGreaterThan(await buy('1', 0.1));
  });
});
