import { describe, expect, it } from '@jest/globals';
import { createMarket } from '../../src/market/market.ts';
import { createTape } from '../../src/market/tape.ts';
import { MOST_PRINTS } from '../../src/market/prints-along-bar.ts';
import { bar, quietDay } from '../small-day.ts';

const market = createMarket(
  quietDay([bar(600, 100, 103, 99, 102, 12_345), bar(601, 102, 104, 98, 98.5, 3)], {
    events: [{ symbol: 'ACME', kind: 'halt', from_minute: 610, to_minute: 612 }],
  }),
);
const tape = createTape(market);
const { time } = market;

describe('the tape', () => {
  it('tells a minute from its open over both extremes to its close, and adds up to its volume', () => {
    const prints = tape.trades('ACME', time.startOf(600), time.startOf(601));
    expect(prints).toHaveLength(MOST_PRINTS);
    expect(prints[0]!.price).toBe(100);
    expect(prints.at(-1)).toMatchObject({ price: 102, at_ms: time.startOf(601) - 2 });
    const prices = prints.map(({ price }) => price);
    expect(prices.indexOf(99)).toBeGreaterThan(0);
    expect(prices.indexOf(103)).toBeGreaterThan(prices.indexOf(99));
    expect([Math.min(...prices), Math.max(...prices)]).toEqual([99, 103]);
    expect(prints.reduce((sum, { size }) => sum + size, 0)).toBe(12_345);
    expect(prints.every(({ size }) => Number.isInteger(size) && size >= 1)).toBe(true);
    expect(
      prints.every(
        ({ at_ms, id }, index) =>
          index === 0 || (at_ms > prints[index - 1]!.at_ms && id > prints[index - 1]!.id),
      ),
    ).toBe(true);
  });

  it('has no more prints than shares, and none while a symbol is halted', () => {
    expect(
      tape
        .trades('ACME', time.startOf(601), time.startOf(602))
        .map(({ price, size }) => [price, size]),
    ).toEqual([
      [102, 1],
      [104, 1],
      [98.5, 1],
    ]);
    expect(tape.trades('ACME', time.startOf(610), time.startOf(612))).toEqual([]);
    expect(tape.quotes('ACME', time.startOf(610), time.startOf(612))).toEqual([]);
  });

  it('is the same told at once or in pieces, and ends each minute on the standing quote', () => {
    const whole = tape.trades('ACME', time.startOf(590), time.startOf(605));
    const pieces = Array.from(
      { length: 180 },
      (_, index) => time.startOf(590) + index * 5_000,
    ).flatMap((from) => tape.trades('ACME', from, from + 5_000));
    expect(pieces).toEqual(whole);
    for (let minute = 595; minute < 605; minute += 1) {
      const quote = market.quote('ACME', minute + 1)!;
      expect(
        tape.quotes('ACME', time.startOf(minute), time.startOf(minute + 1)).at(-1),
      ).toMatchObject({ at_ms: quote.at_ms, bid: quote.bid.toNumber(), ask: quote.ask.toNumber() });
    }
  });
});
