import type { MarketEvent, MarketEventKind } from '../day/day.ts';

/** What happens in the market beside trades; the symbol `*` concerns all. */
export interface EventBook {
  /** The event of a kind that goes on in a minute; of those that overlap the first. */
  at(symbol: string, kind: MarketEventKind, minute: number): MarketEvent | undefined;
  /** The halts that concern a symbol. */
  haltsOf(symbol: string): MarketEvent[];
  /**
   * What happens in addition to the day's own events, in place of what was injected before. Tells of
   * each symbol whether other halts concern it now.
   */
  inject(injected: readonly MarketEvent[]): (symbol: string) => boolean;
}

const inOrder = (events: readonly MarketEvent[]): readonly MarketEvent[] =>
  events.toSorted(
    (left, right) => left.from_minute - right.from_minute || left.to_minute - right.to_minute,
  );

/** All halts, by whom they concern, to be compared. */
const describeHalts = (events: readonly MarketEvent[]): Map<string, string> => {
  const halts = events.filter(({ kind }) => kind === 'halt');
  return new Map(
    [...Map.groupBy(halts, ({ symbol }) => symbol)].map(([symbol, own]) => [
      symbol,
      JSON.stringify(own),
    ]),
  );
};

export const createEventBook = (ofDay: readonly MarketEvent[]): EventBook => {
  let events = inOrder(ofDay);
  const concerns = (event: MarketEvent, symbol: string, kind: MarketEventKind): boolean =>
    event.kind === kind && (event.symbol === symbol || event.symbol === '*');
  return {
    at: (symbol, kind, minute) =>
      events.find(
        (event) =>
          concerns(event, symbol, kind) && event.from_minute <= minute && minute < event.to_minute,
      ),
    haltsOf: (symbol) => events.filter((event) => concerns(event, symbol, 'halt')),
    inject: (injected) => {
      const before = describeHalts(events);
      events = inOrder([...ofDay, ...injected]);
      const after = describeHalts(events);
      const isChanged = (symbol: string): boolean => before.get(symbol) !== after.get(symbol);
      return (symbol) => isChanged('*') || isChanged(symbol);
    },
  };
};
