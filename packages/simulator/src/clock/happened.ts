import type { TradeEvent } from '../exchange/exchange-context.ts';
import type { Market } from '../market/market.ts';

/** What happened while the clock moved. Everything is counted of all accounts. */
export interface Happened {
  /** Minutes that ended. */
  minutes: number;
  /** 1-minute bars that were completed, of all securities. */
  bars: number;
  /** Articles that were published. */
  articles: number;
  /** Trade updates that were sent, fills included. */
  order_events: number;
  fills: number;
}

export interface HappenedCounter {
  countUpdate(event: TradeEvent): void;
  /** What happened since `begin`, the clock having moved from `from` to `to` (milliseconds). */
  since(begin: Pick<Happened, 'order_events' | 'fills'>, from: number, to: number): Happened;
  /** The counts so far, to be given to `since`. */
  begin(): Pick<Happened, 'order_events' | 'fills'>;
}

export const createHappenedCounter = ({ day, time, listings }: Market): HappenedCounter => {
  const published = day.news.map(({ created_at }) => Date.parse(created_at));
  let orderEvents = 0;
  let fills = 0;
  return {
    countUpdate: (event) => {
      orderEvents += 1;
      if (event === 'fill' || event === 'partial_fill') fills += 1;
    },
    begin: () => ({ order_events: orderEvents, fills }),
    since: (begin, from, to) => {
      const [first, last] = [time.finishedMinutes(from), time.finishedMinutes(to)];
      return {
        minutes: last - first,
        bars: [...listings.values()].reduce(
          (sum, { series }) => sum + series.countBefore(last) - series.countBefore(first),
          0,
        ),
        articles: published.filter((at) => at > from && at <= to).length,
        order_events: orderEvents - begin.order_events,
        fills: fills - begin.fills,
      };
    },
  };
};
