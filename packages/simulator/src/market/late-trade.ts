import { onTick } from './bar-series.ts';
import type { Market } from './market.ts';
import { MOST_PRINTS } from './prints-along-bar.ts';
import { idBefore, IDS_PER_MINUTE, ROUND_LOT, saleConditions } from './print.ts';
import type { Revision } from './revisions.ts';
import { seededNumber } from './seeded-number.ts';
import type { Tape } from './tape.ts';
import { MINUTE_MS } from './trading-time.ts';

/** The reporting facility of trades off the exchanges, where late reports come from. */
const REPORTING_FACILITY = 'D';
/** The last instant that belongs to a minute. */
const LAST_MS = MINUTE_MS - 1;

/** What the tape adds about a minute that is over. */
export interface Afterthought {
  symbol: string;
  minute: number;
  after_ms: number;
}

/**
 * The id of the next print that is told of a minute after its end: after those of its prints. Null
 * where the minute has had more than there are ids, or nothing traded in it.
 */
export const nextPrintId = (
  market: Market,
  tape: Tape,
  { symbol, minute }: Afterthought,
): number | null => {
  const start = market.time.startOf(minute);
  const end = start + MINUTE_MS;
  if (tape.trades(symbol, start, end).length === 0) return null;
  const earlier = market.revisions.between(symbol, start, Number.POSITIVE_INFINITY);
  const id =
    Math.max(
      idBefore(start) + MOST_PRINTS,
      ...earlier.flatMap((one) =>
        one.kind !== 'cancel_error' && one.trade.at_ms < end ? [one.trade.id] : [],
      ),
    ) + 1;
  return id < idBefore(start) + IDS_PER_MINUTE ? id : null;
};

/** A trade of a minute that is reported when the minute is over; null where there can be none. */
export const lateTrade = (
  market: Market,
  tape: Tape,
  about: Afterthought & { ratio: number; size: number },
): Revision | null => {
  const { symbol, minute, size } = about;
  const bar = market.barAt(symbol, minute);
  const id = nextPrintId(market, tape, about);
  if (!bar || id === null) return null;
  const start = market.time.startOf(minute);
  const { tape: letter } = tape.trades(symbol, start, start + MINUTE_MS)[0]!;
  const odd = size < ROUND_LOT;
  const regular = market.time.inRegularSession(minute);
  const name = regular ? (odd ? 'odd' : 'regular') : odd ? 'extended_odd' : 'extended';
  return {
    kind: 'late_trade',
    symbol,
    minute,
    told_ms: start + MINUTE_MS + about.after_ms,
    trade: {
      at_ms: start + LAST_MS,
      id,
      price: onTick(bar.close * about.ratio),
      size,
      exchange: REPORTING_FACILITY,
      conditions: saleConditions(letter)[name],
      tape: letter,
    },
  };
};

/** Trades that are reported late without a fault's asking: between two and ten seconds. */
const AFTER_MS = { least: 2_000, most: 10_000 };
const MOST_LOTS = 10;

interface Deps {
  market: Market;
  tape: Tape;
  finished(): number;
  onClock(listener: () => void): void;
}

/**
 * Reports a trade late, at the price at which the minute closed, in a seeded `ratio` of each
 * symbol's minutes.
 */
export const reportTradesLate = (
  { market, tape, finished, onClock }: Deps,
  ratio: number,
): void => {
  const { seed } = market.day;
  let looked = 0;
  const follow = (): void => {
    for (; looked < finished(); looked += 1)
      for (const symbol of market.listings.keys()) {
        const drawn = (name: string): number => seededNumber(seed, symbol, looked, name);
        if (drawn('late trade') >= ratio) continue;
        const trade = lateTrade(market, tape, {
          symbol,
          minute: looked,
          after_ms: Math.round(
            AFTER_MS.least + drawn('told after') * (AFTER_MS.most - AFTER_MS.least),
          ),
          ratio: 1,
          size: ROUND_LOT * (1 + Math.floor(drawn('late size') * MOST_LOTS)),
        });
        if (trade) market.revisions.add(trade);
      }
  };
  follow();
  onClock(follow);
};
