import { add, toCents, type DecimalString } from './money.ts';
import { regulatoryFees, type Sale } from './regulatory-fees.ts';
import type { TradeDate } from './time.ts';

/** A fee as the broker charged it, in dollars; REG is the SEC's, TAF is FINRA's. */
export interface ChargedFee {
  kind: string;
  amount_usd: DecimalString;
}

export interface DayFees {
  fees_usd: DecimalString;
  /** True while a part of it is reckoned from the dated rates, since the broker has not charged it yet. */
  is_estimated: boolean;
}

/** The kind of a fee whose kind the broker did not tell. */
export const UNNAMED_FEE = 'FEE';

/**
 * What the trades of a date cost: what the broker charged, and of the regulators' fees that it
 * charges later an estimate. A fee that does not say what it is for may be any of them: then nothing
 * is estimated beside it.
 */
export const dayFees = (
  date: TradeDate,
  sales: readonly Sale[],
  charged: readonly ChargedFee[],
): DayFees => {
  const kinds = new Set(charged.map(({ kind }) => kind));
  const { sec, taf } = regulatoryFees(date, sales);
  const due = (kind: string, fee: DecimalString): DecimalString =>
    kinds.has(kind) || kinds.has(UNNAMED_FEE) ? '0' : fee;
  const estimate = add(due('REG', sec), due('TAF', taf));
  return {
    fees_usd: toCents(add(estimate, ...charged.map(({ amount_usd }) => amount_usd))),
    is_estimated: Number(estimate) > 0,
  };
};
