import type { MarketEvent } from '../day/day.ts';
import type { Market } from '../market/market.ts';
import { MINUTE_MS, MINUTES_PER_DAY } from '../market/trading-time.ts';
import type { FaultList, ListedFault } from './fault-list.ts';
import { placeOf, type MarketFault } from './fault-schema.ts';

interface Deps {
  list: FaultList;
  market: Market;
  now(): number;
  finished(): number;
  onClock(listener: (now: number) => void): void;
}

interface Planned {
  listed: ListedFault<MarketFault>;
  from_minute: number;
  to_minute: number;
  begun: boolean;
}

const isMarket = (listed: ListedFault): listed is ListedFault<MarketFault> => placeOf(listed.fault.where) === 'market';

/**
 * Lets the list's market faults happen. They begin and end with minutes, never in the past, and nothing of them can be seen before.
 * A fault taken from the list ends at once; a gap that has happened stays, because prices do not come back.
 */
export const createMarketFaults = ({ list, market, now, finished, onClock }: Deps): void => {
  const { time } = market;
  let planned: Planned[] = [];

  const minuteFrom = (clock: string): number => Math.ceil((list.instantOf(clock) - time.midnight_ms) / MINUTE_MS);
  /** The first minute of which nothing has been seen. */
  const nextMinute = (): number => Math.min(MINUTES_PER_DAY, Math.max(finished(), Math.ceil((now() - time.midnight_ms) / MINUTE_MS)));
  const symbolsOf = ({ listed }: Planned): string[] => (listed.fault.where.market === '*' ? [...market.listings.keys()] : [listed.fault.where.market]);

  const apply = (): void => {
    const minute = finished();
    const events = planned.flatMap(({ listed, from_minute, to_minute }): MarketEvent[] => {
      const { kind } = listed.fault.what;
      return kind === 'gap' || kind === 'borrow_withdrawn' ? [] : [{ symbol: listed.fault.where.market, kind, from_minute, to_minute }];
    });
    market.inject(events);
    const withdrawn = new Set(planned.filter(({ listed, from_minute, to_minute }) => listed.fault.what.kind === 'borrow_withdrawn' && from_minute <= minute && minute < to_minute).flatMap(symbolsOf));
    for (const symbol of market.listings.keys()) market.setBorrow(symbol, withdrawn.has(symbol));
  };
  const applyGaps = (changed: Planned): void => {
    if (changed.listed.fault.what.kind !== 'gap') return;
    for (const symbol of symbolsOf(changed)) {
      const gaps = planned.filter((one) => symbolsOf(one).includes(symbol)).flatMap(({ listed, from_minute }) => (listed.fault.what.kind === 'gap' ? [{ from_minute, ratio: listed.fault.what.ratio }] : []));
      market.setGaps(symbol, gaps);
    }
  };

  /** What has just begun is written down once; what has ended gives its borrow back. */
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
    if (!isMarket(listed)) return;
    const { from, to } = listed.fault.when;
    const one: Planned = { listed, from_minute: Math.max(nextMinute(), from === undefined ? 0 : minuteFrom(from)), to_minute: to === undefined ? MINUTES_PER_DAY : minuteFrom(to), begun: false };
    planned = [...planned, one];
    apply();
    applyGaps(one);
    follow();
  });
  list.onRemove((listed) => {
    const one = planned.find((candidate) => candidate.listed === listed);
    if (!one) return;
    if (one.begun && one.listed.fault.what.kind === 'gap') return;
    planned = planned.filter((candidate) => candidate !== one);
    apply();
    applyGaps(one);
  });
  onClock(follow);
};
