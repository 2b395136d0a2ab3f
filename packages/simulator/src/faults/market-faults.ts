import type { MarketEvent, MarketEventKind } from '../day/day.ts';
import type { PriceGap } from '../market/bar-series.ts';
import type { Market } from '../market/market.ts';
import type { FaultList, ListedFault } from './fault-list.ts';
import { faultMinutes, type FaultMinutes } from './fault-minutes.ts';
import { isTapeEffect, placeOf, type MarketFault, type TapeEffect } from './fault-schema.ts';

/** What faults of the market need: the list, the day, and the clock that runs through it. */
export interface MarketFaultDeps {
  list: FaultList;
  market: Market;
  now(): number;
  finished(): number;
  onClock(listener: (now: number) => void): void;
}

/** Market faults other than those of the tape. */
type StandingFault = MarketFault & { what: Exclude<MarketFault['what'], TapeEffect> };
type BorrowKind = Exclude<StandingFault['what']['kind'], MarketEventKind | 'gap'>;

interface Planned extends FaultMinutes {
  listed: ListedFault<StandingFault>;
  begun: boolean;
}

const isStanding = (listed: ListedFault): listed is ListedFault<StandingFault> =>
  placeOf(listed.fault.where) === 'market' &&
  !isTapeEffect((listed as ListedFault<MarketFault>).fault.what);

const isOf = (one: Planned, kind: StandingFault['what']['kind']): boolean =>
  one.listed.fault.what.kind === kind;
const concerns = ({ listed }: Planned, symbol: string): boolean =>
  listed.fault.where.market === '*' || listed.fault.where.market === symbol;

/** The event of the market that a fault is; none for gaps and for what concerns borrowing. */
const eventOf = ({ listed, from_minute, to_minute }: Planned): MarketEvent[] => {
  const { where, what } = listed.fault;
  return what.kind === 'gap' || what.kind === 'borrow_withdrawn' || what.kind === 'day_orders_only'
    ? []
    : [{ symbol: where.market, kind: what.kind, from_minute, to_minute }];
};

/**
 * Lets the list's market faults happen. They begin and end with minutes, never in the past, and
 * nothing of them can be seen before. A fault taken from the list ends at once; a gap that has
 * happened stays, because prices do not come back.
 */
export const createMarketFaults = ({
  list,
  market,
  now,
  finished,
  onClock,
}: MarketFaultDeps): void => {
  const { time } = market;
  /** What is still to begin or going on, and the gaps that have happened. */
  let planned: Planned[] = [];
  /**
   * What is over stays in the past as it was, such as minutes that a halt has emptied; the same one
   * twice is one.
   */
  const past = new Map<string, MarketEvent>();

  const symbolsOf = (some: readonly Planned[]): string[] =>
    some.length === 0
      ? []
      : [...market.listings.keys()].filter((symbol) => some.some((one) => concerns(one, symbol)));
  const gapsOf = (symbol: string): PriceGap[] =>
    planned.flatMap((one) =>
      one.listed.fault.what.kind === 'gap' && concerns(one, symbol)
        ? [{ from_minute: one.from_minute, ratio: one.listed.fault.what.ratio }]
        : [],
    );

  const borrowSetters: readonly [BorrowKind, (symbol: string, on: boolean) => void][] = [
    ['borrow_withdrawn', market.setBorrow],
    ['day_orders_only', market.setDayOrdersOnly],
  ];
  const applyBorrow = (changed: readonly Planned[]): void => {
    const minute = finished();
    for (const [kind, set] of borrowSetters) {
      const goingOn = planned.filter(
        (one) => isOf(one, kind) && one.from_minute <= minute && minute < one.to_minute,
      );
      for (const symbol of symbolsOf(changed.filter((one) => isOf(one, kind))))
        set(
          symbol,
          goingOn.some((one) => concerns(one, symbol)),
        );
    }
  };
  /**
   * Tells the market, once, what has been added or taken away. Events and gaps bring their minutes
   * along, so nothing need be told when those come.
   */
  const apply = (changed: readonly Planned[]): void => {
    if (changed.some((one) => eventOf(one).length > 0))
      market.inject([...past.values(), ...planned.flatMap(eventOf)]);
    for (const symbol of symbolsOf(changed.filter((one) => isOf(one, 'gap'))))
      market.setGaps(symbol, gapsOf(symbol));
    applyBorrow(changed);
  };
  const keepPast = (over: readonly Planned[]): void => {
    for (const event of over.flatMap(eventOf))
      if (event.from_minute < event.to_minute) past.set(JSON.stringify(event), event);
  };

  /**
   * What has just begun is written down once; what has just ended gives its borrow back and takes
   * every time in force again.
   */
  const follow = (): void => {
    const minute = finished();
    const beginning = planned.filter(({ begun, from_minute }) => !begun && from_minute <= minute);
    for (const one of beginning) {
      one.begun = true;
      one.listed.calls += 1;
      list.record(one.listed, {
        symbol: one.listed.fault.where.market,
        from: new Date(time.startOf(one.from_minute)).toISOString(),
      });
    }
    const ending = planned.filter((one) => one.to_minute <= minute && !isOf(one, 'gap'));
    if (ending.length > 0) planned = planned.filter((one) => !ending.includes(one));
    keepPast(ending);
    applyBorrow([...beginning, ...ending]);
  };

  list.onAdd((added) => {
    const entering = added
      .filter(isStanding)
      .map((listed): Planned => ({
        listed,
        ...faultMinutes(listed.fault.when, list, time, now()),
        begun: false,
      }))
      .filter(({ from_minute, to_minute }) => from_minute < to_minute);
    planned = [...planned, ...entering];
    apply(entering);
    follow();
  });
  list.onRemove((removed) => {
    const gone = new Set<ListedFault>(removed);
    const leaving = planned.filter(
      (one) => gone.has(one.listed) && !(one.begun && isOf(one, 'gap')),
    );
    planned = planned.filter((one) => !leaving.includes(one));
    keepPast(
      leaving
        .filter(({ begun }) => begun)
        .map((one) => ({ ...one, to_minute: Math.min(one.to_minute, finished()) })),
    );
    apply(leaving);
  });
  onClock(follow);
};
