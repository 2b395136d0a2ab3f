import { describe, expect, it } from '@jest/globals';
import type { DayBar } from '../../src/day/day.ts';
import { createFaults } from '../../src/faults/create-faults.ts';
import type { Fault } from '../../src/faults/fault-schema.ts';
import { createSimulation } from '../../src/simulation.ts';
import { at, bar, CLOSE, flat, OPEN, smallDay } from '../small-day.ts';

/** Tells whose bars have been read: a symbol's bars and bands are made from them anew. */
class WatchedBars extends Map<string, DayBar[]> {
  read: string[] = [];
  override get(symbol: string): DayBar[] | undefined {
    this.read.push(symbol);
    return super.get(symbol);
  }
}

const open = () => {
  const day = smallDay({
    bars: {
      ACME: flat(OPEN, CLOSE, 100),
      OTHR: flat(OPEN, CLOSE, 100),
      MORE: flat(OPEN, CLOSE, 100),
    },
  });
  const bars = new WatchedBars(day.minute_bars);
  const simulation = createSimulation({
    day: { ...day, minute_bars: bars },
    at: '10:00',
    accounts: 1,
    cash: '100000',
    exchange: { volume_share: 0.1, stream_oco_cancels: true },
  });
  const { list } = createFaults(simulation, () => null);
  return {
    simulation,
    market: simulation.market,
    list,
    stepTo: (clock: string) => simulation.stepTo(Date.parse(at(clock))),
    /** The symbols that `work` has made anew, in order. */
    rebuilt: (work: () => unknown): string[] => {
      bars.read = [];
      work();
      return bars.read;
    },
  };
};
const fault = (
  kind: 'halt' | 'wide_spread' | 'stale_quote' | 'borrow_withdrawn' | 'day_orders_only',
  market = 'ACME',
  when: { from?: string; to?: string } = { from: '10:02', to: '10:04' },
): Fault => ({ where: { market }, when, what: { kind } });
const gap = (market: string, from: string): Fault => ({
  where: { market },
  when: { from },
  what: { kind: 'gap', ratio: 0.99 },
});

describe('the work of market faults', () => {
  it('is none while the clock runs, whether faults begin, go on, end or are over', () => {
    const { list, simulation, market, rebuilt, stepTo } = open();
    list.add([
      fault('halt'),
      fault('wide_spread', '*'),
      fault('stale_quote', 'OTHR'),
      fault('borrow_withdrawn', '*'),
      fault('day_orders_only'),
      gap('MORE', '10:02'),
    ]);
    const { changes } = market;
    expect(
      rebuilt(() => {
        for (let tick = 0; tick < 6 * 20; tick += 1) simulation.advanceTo(simulation.now() + 3_000);
      }),
    ).toEqual([]);
    expect(market.changes).toBe(changes);
    expect(simulation.ledger.after(0).filter(({ kind }) => kind === 'fault')).toHaveLength(6);
    list.add([fault('halt', 'ACME', {})]);
    stepTo('10:07');
    list.remove();
    expect(
      rebuilt(() => {
        for (let tick = 0; tick < 20; tick += 1) simulation.advanceTo(simulation.now() + 50);
      }),
    ).toEqual([]);
  });

  it('makes only the symbols anew whose halts or gaps have changed, each once for a whole list', () => {
    const { list, rebuilt, stepTo } = open();
    for (const kind of [
      'wide_spread',
      'stale_quote',
      'borrow_withdrawn',
      'day_orders_only',
    ] as const) {
      expect(rebuilt(() => list.add([{ ...fault(kind, '*'), id: kind }]))).toEqual([]);
      expect(rebuilt(() => list.remove(kind))).toEqual([]);
    }
    expect(rebuilt(() => list.add([fault('halt')]))).toEqual(['ACME']);
    expect(rebuilt(() => list.add([gap('MORE', '10:01')]))).toEqual(['MORE']);
    const many = Array.from({ length: 50 }, (_, index) =>
      fault('halt', '*', { from: `10:${10 + index}` }),
    );
    expect(rebuilt(() => list.add(many))).toEqual(['ACME', 'OTHR', 'MORE']);
    stepTo('10:15');
    expect(rebuilt(() => list.remove())).toEqual(['ACME', 'OTHR', 'MORE']);
    const gaps = Array.from({ length: 20 }, (_, index) => gap('OTHR', `10:${20 + index}`));
    expect(rebuilt(() => list.add(gaps))).toEqual(['OTHR']);
    expect(rebuilt(() => list.remove())).toEqual(['OTHR']);
  });

  it('does not grow with faults that have come and gone', () => {
    const { list, market, rebuilt, stepTo } = open();
    let told = 0;
    const { inject } = market;
    market.inject = (events) => {
      told = events.length;
      inject(events);
    };
    stepTo('10:01');
    for (let round = 0; round < 100; round += 1) {
      list.add([fault('halt', 'ACME', {}), fault('wide_spread', '*', {})]);
      list.remove();
    }
    expect(told).toBe(0);
    for (let round = 0; round < 100; round += 1) list.add([fault('halt', 'ACME', { to: '10:02' })]);
    stepTo('10:02');
    list.remove();
    list.add([fault('halt', 'OTHR', {})]);
    expect(told).toBe(2);
    expect(rebuilt(() => list.remove())).toEqual(['OTHR']);
    expect(
      [market.barAt('ACME', 600), market.barAt('ACME', 601), market.barAt('ACME', 602)].map(
        Boolean,
      ),
    ).toEqual([true, false, true]);
  });
});

describe('what is over', () => {
  it('stays as it was, though faults are taken away and others come', () => {
    const { list, market, stepTo } = open();
    list.add([
      { ...fault('halt'), id: 'halt' },
      { ...fault('wide_spread', 'OTHR'), id: 'wide' },
      { ...fault('borrow_withdrawn', 'MORE', { from: '10:02' }), id: 'borrow' },
    ]);
    const spreads = () =>
      [601, 602, 603, 604]
        .map((minute) => market.quote('OTHR', minute)!)
        .map(({ ask, bid }) => ask.minus(bid).toNumber());
    stepTo('10:03');
    expect(market.listings.get('MORE')!.security.shortable).toBe(false);
    list.remove();
    expect(market.listings.get('MORE')!.security.shortable).toBe(true);
    list.add([fault('halt', 'ACME', { from: '10:05' })]);
    stepTo('10:06');
    expect(
      [601, 602, 603, 604, 605].map((minute) => market.happening('ACME', 'halt', minute)),
    ).toEqual([false, true, false, false, true]);
    expect(
      [601, 602, 603, 604].map((minute) => market.barAt('ACME', minute) !== undefined),
    ).toEqual([true, false, true, true]);
    expect(spreads()).toEqual([0.04, 2, 0.04, 0.04]);
  });

  it('is not touched by a gap whose time was over before it was added', () => {
    const { list, market, stepTo } = open();
    stepTo('10:05');
    list.add([
      {
        where: { market: 'ACME' },
        when: { from: '10:00', to: '10:01' },
        what: { kind: 'gap', ratio: 0.5 },
      },
    ]);
    expect(stepTo('10:06').bars).toBe(3);
    expect(market.barAt('ACME', 605)).toMatchObject(bar(605, 100, 100, 100, 100));
  });

  it('counts as bars of a step those that a halt has left', () => {
    const { list, stepTo } = open();
    expect(stepTo('10:02').bars).toBe(6);
    list.add([fault('halt', '*', { from: '10:03', to: '10:05' })]);
    expect(stepTo('10:06').bars).toBe(6);
  });
});
