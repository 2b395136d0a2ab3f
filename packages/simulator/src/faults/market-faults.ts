import type { MarketEvent } from '../day/day.ts';
import type { Market } from '../market/market.ts';
import type { FaultList, ListedFault } from './fault-list.ts';
import { faultMinutes, type FaultMinutes } from './fault-minutes.ts';
import { isTapeEffect, placeOf, type MarketFault, type TapeEffect } from './fault-schema.ts';

interface Deps {
  list: FaultList;
  market: Market;
  now(): number;
  finished(): number;
  onClock(listener: (now: number) => void): void;
}

/** Market faults other than those of the tape. */
type StandingFault = MarketFault & { what: Exclude<MarketFault['what'], TapeEffect> };

interface Planned extends FaultMinutes {
  listed: ListedFault<StandingFault>;
  begun: boolean;
}

const isStanding = (listed: ListedFault): listed is ListedFault<StandingFault> => placeOf(listed.fault.where) === 'market' && !isTapeEffect((listed as ListedFault<MarketFault>).fault.what);

/**
 * Lets the list's market faults happen. They begin and end with minutes, never in the past, and nothing of them can be seen before.
 * A fault taken from the list ends at once; a gap that has happened stays, because prices do not come back.
 */
export const createMarketFaults = ({ list, market, now, finished, onClock }: Deps): void => {
  const { time } = market;
  let planned: Planned[] = [];

  const symbolsOf = ({ listed }: Planned): string[] => (listed.fault.where.market === '*' ? [...market.listings.keys()] : [listed.fault.where.market]);

  const apply = (): void => {
    const minute = finished();
    const events = planned.flatMap(({ listed, from_minute, to_minute }): MarketEvent[] => {
      const { kind } = listed.fault.what;
      return kind === 'gap' || kind === 'borrow_withdrawn' || kind === 'day_orders_only' ? [] : [{ symbol: listed.fault.where.market, kind, from_minute, to_minute }];
    });
    market.inject(events);
    const goingOn = (kind: 'borrow_withdrawn' | 'day_orders_only'): Set<string> =>
      new Set(planned.filter(({ listed, from_minute, to_minute }) => listed.fault.what.kind === kind && from_minute <= minute && minute < to_minute).flatMap(symbolsOf));
    const withdrawn = goingOn('borrow_withdrawn');
    const dayOrdersOnly = goingOn('day_orders_only');
    for (const symbol of market.listings.keys()) {
      market.setBorrow(symbol, withdrawn.has(symbol));
      market.setDayOrdersOnly(symbol, dayOrdersOnly.has(symbol));
    }
  };
  const applyGaps = (changed: Planned): void => {
    if (changed.listed.fault.what.kind !== 'gap') return;
    for (const symbol of symbolsOf(changed)) {
      const gaps = planned.filter((one) => symbolsOf(one).includes(symbol)).flatMap(({ listed, from_minute }) => (listed.fault.what.kind === 'gap' ? [{ from_minute, ratio: listed.fault.what.ratio }] : []));
      market.setGaps(symbol, gaps);
    }
  };

  /** What has just begun is written down once; what has ended gives its borrow back and takes every time in force again. */
  const follow = (): void => {
    const minute = finished();
    let changed = false;
    for (const one of planned) {
      if (!one.begun && one.from_minute <= minute && one.from_minute < one.to_minute) {
        one.begun = true;
        changed = true;
        one.listed.calls += 1;
        list.record(one.listed, { symbol: one.listed.fault.where.market, from: new Date(time.startOf(one.from_minute)).toISOString() });
      }
      changed ||= one.begun && one.to_minute === minute;
    }
    if (changed) apply();
  };

  list.onAdd((listed) => {
    if (!isStanding(listed)) return;
    const one: Planned = { listed, ...faultMinutes(listed.fault.when, list, time, now()), begun: false };
    planned = [...planned, one];
    apply();
    applyGaps(one);
    follow();
  });
  list.onRemove((listed) => {
    const one = planned.find((candidate) => candidate.listed === listed);
    if (!one) return;
    if (one.begun && one.listed.fault.what.kind === 'gap') return;
    // What has begun stays in the past as it was: minutes that a halt has emptied stay empty.
    if (one.begun) one.to_minute = Math.min(one.to_minute, finished());
    else planned = planned.filter((candidate) => candidate !== one);
    apply();
    applyGaps(one);
  });
  onClock(follow);
};
