import { MINUTE_MS } from './trading-time.ts';

/**
 * Ids that belong to a minute: the first, which is no print's, then those of its prints, then those
 * of what is told later.
 */
export const IDS_PER_MINUTE = 32;

/** One trade as the tape prints it. */
export interface Print {
  at_ms: number;
  /** Unique for its symbol, across days too, and increasing. */
  id: number;
  price: number;
  /** Shares. */
  size: number;
  /** The exchange's code on the tape: "Q". */
  exchange: string;
  /**
   * Sale conditions in the alphabet of the tape: "@" or " " a regular sale, T extended hours, O
   * opening, 6 closing, I an odd lot.
   */
  conditions: readonly string[];
  tape: string;
  /** What has become of it since: absent where it stands as it was told. */
  update?: 'canceled' | 'incorrect' | 'corrected';
}

/** The best bid and offer from `at_ms` on. */
export interface QuotePoint {
  at_ms: number;
  bid: number;
  ask: number;
  /** Shares. */
  bid_size: number;
  ask_size: number;
  exchange: string;
  /** Where the print came from that moved the quote. */
  moved_by: string;
  conditions: readonly string[];
  tape: string;
}

/** Shares below which a trade is an odd lot, which makes no price of a bar. */
export const ROUND_LOT = 100;

type ConditionSets = Readonly<
  Record<'regular' | 'odd' | 'extended' | 'extended_odd' | 'opening' | 'closing', readonly string[]>
>;
const conditionSets = (regular: string): ConditionSets => ({
  regular: [regular],
  odd: [regular, 'I'],
  extended: [regular, 'T'],
  extended_odd: [regular, 'T', 'I'],
  opening: [regular, 'O'],
  closing: [regular, '6'],
});
const CONDITIONS = { C: conditionSets('@'), other: conditionSets(' ') };
/** Sale conditions in the alphabet of a tape. */
export const saleConditions = (tape: string): ConditionSets =>
  CONDITIONS[tape === 'C' ? 'C' : 'other'];

/** The id before those of a minute's prints, which follow it. */
export const idBefore = (start_ms: number): number =>
  Math.floor(start_ms / MINUTE_MS) * IDS_PER_MINUTE;
