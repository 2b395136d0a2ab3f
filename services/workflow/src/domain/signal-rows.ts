import {
  SIGNAL_VERSION,
  signalFacts,
  type SignalFacts,
  type TradingSignal,
} from '@catalyst/contracts';
import {
  compare,
  entrySide,
  Exact,
  type DecimalString,
  type Direction,
  type Instant,
  type TradeDate,
} from '@catalyst/domain';
import type { OrderIntent } from '@catalyst/contracts';

/** A row of the log before it has its number. */
export type UnnumberedSignal = TradingSignal extends infer Row
  ? Row extends TradingSignal
    ? Omit<Row, 'v' | 'seq'>
    : never
  : never;

export const numbered = (row: UnnumberedSignal, seq: number): TradingSignal =>
  ({ v: SIGNAL_VERSION, seq, ...row }) as TradingSignal;

/** What is known of a stock beside its prices. */
export interface StockFacts {
  sector: string | null;
  market_cap_usd: DecimalString | null;
  market_cap_as_of: TradeDate | null;
}

export interface Announced {
  intent: OrderIntent;
  confidence: number;
  catalyst_type: string | null;
  source: string | null;
  pattern: string | null;
  reason: string;
  headline: string | null;
  relative_volume: number | null;
  chain: Omit<SignalFacts['chain'], 'headline'>;
}

/**
 * What friends and their filters look at. A market capitalization of a later date than the decision
 * is not known yet.
 */
export const factsOf = (
  { intent, confidence, headline, relative_volume, chain, ...told }: Announced,
  { sector, market_cap_usd, market_cap_as_of }: StockFacts,
  decided_at: Instant,
  valid_until: Instant,
): SignalFacts => {
  const isKnown =
    market_cap_usd !== null && market_cap_as_of !== null && market_cap_as_of <= decided_at;
  return {
    ...told,
    symbol: intent.symbol,
    side: entrySide(intent.direction),
    order_type: intent.limit_price === null ? 'market' : 'limit',
    entry_price: intent.limit_price ?? intent.entry_price,
    stop_price: intent.stop_price,
    target_price: intent.target_price,
    confidence,
    sector,
    price: intent.entry_price,
    relative_volume,
    market_cap: isKnown ? Number(market_cap_usd) : null,
    market_cap_as_of: isKnown ? market_cap_as_of : null,
    valid_until,
    chain: { ...chain, headline },
  };
};

/** What of a row about a trade its later rows repeat. */
export const repeatedFacts = (first: TradingSignal): SignalFacts => signalFacts.parse(first);

/** Where a trade stands by the log. */
export type TradeState = 'announced' | 'entered' | 'cancelled' | 'closed';

export interface KeptState {
  first_seq: number;
  last_seq: number;
  state: TradeState;
  stop_price: DecimalString | null;
  target_price: DecimalString | null;
}

/** The state of a trade after one more row about it; pure, so that the log alone makes it again. */
export const foldSignal = (before: KeptState | undefined, row: TradingSignal): KeptState | null => {
  if (row.kind === 'signal')
    return {
      first_seq: row.seq,
      last_seq: row.seq,
      state: 'announced',
      stop_price: row.stop_price,
      target_price: row.target_price,
    };
  if (!('about' in row)) return null;
  if (!before)
    throw new Error(`signal ${row.seq} is about ${row.about.seq}, which is not before it`);
  const last_seq = row.seq;
  if (row.kind === 'levels') return { ...before, last_seq, ...row.levels };
  return { ...before, last_seq, state: row.kind };
};

/** A position as the desk's book has it, with its live protection. */
export interface TradePosition {
  position_id: string;
  intent_id: string;
  direction: Direction;
  status: 'opening' | 'open' | 'closing' | 'closed';
  entered_qty: DecimalString;
  entry_price: DecimalString | null;
  entered_at: Instant | null;
  exit_price: DecimalString | null;
  exited_at: Instant | null;
  exit_reason: string | null;
  initial_stop_price: DecimalString | null;
  entry_status: string | null;
  entry_reason: string | null;
  live_stop_price: DecimalString | null;
  live_target_price: DecimalString | null;
}

/** A later row without what it repeats. */
export type LaterRow =
  | Pick<Extract<TradingSignal, { kind: 'entered' }>, 'kind' | 'entered'>
  | Pick<Extract<TradingSignal, { kind: 'levels' }>, 'kind' | 'levels'>
  | Pick<Extract<TradingSignal, { kind: 'cancelled' }>, 'kind' | 'cancelled'>
  | Pick<Extract<TradingSignal, { kind: 'closed' }>, 'kind' | 'closed'>;

/** Profit in units of the first risk, to three decimals; null where one of the prices is unknown. */
const rMultiple = ({
  direction,
  entry_price,
  exit_price,
  initial_stop_price,
}: TradePosition): number | null => {
  if (entry_price === null || exit_price === null || initial_stop_price === null) return null;
  const risk = new Exact(entry_price).minus(initial_stop_price).abs();
  if (risk.isZero()) return null;
  const gain = new Exact(exit_price).minus(entry_price).times(direction === 'long' ? 1 : -1);
  return gain.dividedBy(risk).toDecimalPlaces(3).toNumber();
};

const isOther = (left: DecimalString | null, right: DecimalString | null): boolean =>
  left === null || right === null ? left !== right : compare(left, right) !== 0;

/**
 * What the log has yet to tell of a trade, in its order. A moment without a stop is no level: the
 * next one is told.
 */
export const laterRows = (
  { state, stop_price, target_price }: KeptState,
  position: TradePosition,
  at: Instant,
): LaterRow[] => {
  if (state === 'cancelled' || state === 'closed') return [];
  const isEntered = compare(position.entered_qty, 0) > 0;
  if (!isEntered)
    return position.status === 'closed'
      ? [
          {
            kind: 'cancelled',
            cancelled: {
              code: position.entry_status ?? 'unknown',
              reason: position.entry_reason ?? 'the entry was not filled',
            },
          },
        ]
      : [];
  const rows: LaterRow[] = [];
  if (state === 'announced' && position.entry_price !== null)
    rows.push({
      kind: 'entered',
      entered: { price: position.entry_price, entered_at: position.entered_at ?? at },
    });
  const levels = {
    stop_price: position.live_stop_price,
    target_price: position.live_target_price,
  };
  if (
    position.status === 'open' &&
    levels.stop_price !== null &&
    (isOther(levels.stop_price, stop_price) || isOther(levels.target_price, target_price))
  )
    rows.push({ kind: 'levels', levels });
  if (position.status === 'closed')
    rows.push({
      kind: 'closed',
      closed: {
        price: position.exit_price,
        closed_at: position.exited_at ?? at,
        reason: position.exit_reason ?? 'unknown',
        r_multiple: rMultiple(position),
      },
    });
  return rows;
};
