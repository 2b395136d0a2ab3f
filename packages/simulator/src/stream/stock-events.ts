import type { PriceBand } from '../market/price-bands.ts';
import type { Print, QuotePoint } from '../market/print.ts';
import type { Revision } from '../market/revisions.ts';
import type { WireBar } from '../market/wire-bar.ts';
import { nanosecondsOf } from '../nanoseconds.ts';
import type { DataEvent } from './data-stream.ts';
import type { Imbalance } from './imbalances.ts';
import type { TradingStatus } from './trading-statuses.ts';
import { WireInstant } from './wire-instant.ts';

export type StockFeedName = 'sip' | 'iex' | 'delayed_sip';

/** IEX's code on the tape. */
export const IEX = 'V';

export interface TimedEvent extends DataEvent {
  at_ms: number;
}

const instant = (kind: string, symbol: string, at_ms: number): Date =>
  new WireInstant(at_ms, nanosecondsOf(kind, symbol, at_ms));
const event = (channel: string, symbol: string, at_ms: number, message: object): TimedEvent => ({
  channel,
  symbols: [symbol],
  at_ms,
  message,
});

export const statusEvent = ({
  symbol,
  at_ms,
  code,
  message,
  reason_code,
  reason,
  tape,
}: TradingStatus): TimedEvent =>
  event('statuses', symbol, at_ms, {
    T: 's',
    S: symbol,
    sc: code,
    sm: message,
    rc: reason_code,
    rm: reason,
    t: instant('status', symbol, at_ms),
    z: tape,
  });

export const bandEvent = (
  symbol: string,
  tape: string,
  { at_ms, up, down }: PriceBand,
): TimedEvent =>
  event('lulds', symbol, at_ms, {
    T: 'l',
    S: symbol,
    u: up,
    d: down,
    i: 'B',
    t: instant('band', symbol, at_ms),
    z: tape,
  });

export const tradeEvent = (
  symbol: string,
  { at_ms, id, exchange, price, size, conditions, tape }: Print,
): TimedEvent =>
  event('trades', symbol, at_ms, {
    T: 't',
    S: symbol,
    i: id,
    x: exchange,
    p: price,
    s: size,
    c: conditions,
    t: instant('trade', symbol, at_ms),
    z: tape,
  });

export const quoteEvent = (symbol: string, point: QuotePoint, exchange: string): TimedEvent =>
  event('quotes', symbol, point.at_ms, {
    T: 'q',
    S: symbol,
    bx: exchange,
    bp: point.bid,
    bs: point.bid_size,
    ax: exchange,
    ap: point.ask,
    as: point.ask_size,
    c: point.conditions,
    t: instant('quote', symbol, point.at_ms),
    z: point.tape,
  });

export const imbalanceEvent = ({ symbol, at_ms, price, tape }: Imbalance): TimedEvent =>
  event('imbalances', symbol, at_ms, {
    T: 'i',
    S: symbol,
    p: price,
    z: tape,
    t: instant('imbalance', symbol, at_ms),
  });

const BAR_KINDS = { bars: 'b', dailyBars: 'd', updatedBars: 'u' } as const;
export const barEvent = (
  channel: keyof typeof BAR_KINDS,
  symbol: string,
  at_ms: number,
  { t, o, h, l, c, v, n, vw }: WireBar,
): TimedEvent =>
  event(channel, symbol, at_ms, {
    T: BAR_KINDS[channel],
    S: symbol,
    o,
    h,
    l,
    c,
    v,
    n,
    vw,
    t: new WireInstant(Date.parse(t)),
  });

/**
 * A trade that is told late, as a trade; a correction and a cancellation, told when they happen.
 */
export const revisionEvent = (revision: Revision): TimedEvent => {
  const { symbol, told_ms: at_ms } = revision;
  if (revision.kind === 'late_trade') return { ...tradeEvent(symbol, revision.trade), at_ms };
  const { original } = revision;
  if (revision.kind === 'cancel_error') {
    return event('cancelErrors', symbol, at_ms, {
      T: 'x',
      S: symbol,
      i: original.id,
      x: original.exchange,
      p: original.price,
      s: original.size,
      a: revision.action,
      t: instant('revision', symbol, at_ms),
      z: original.tape,
    });
  }
  const { trade } = revision;
  return event('corrections', symbol, at_ms, {
    T: 'c',
    S: symbol,
    x: original.exchange,
    oi: original.id,
    op: original.price,
    os: original.size,
    oc: original.conditions,
    ci: trade.id,
    cp: trade.price,
    cs: trade.size,
    cc: trade.conditions,
    t: instant('revision', symbol, at_ms),
    z: original.tape,
  });
};
