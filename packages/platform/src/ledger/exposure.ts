import { Exact } from '@catalyst/domain';
import { createLedgerBook, type ExactNumber } from './ledger-book.ts';
import type { AccountRow, FeeRow, LedgerRow } from './ledger-row.ts';

/** An account after a fill, in dollars; positions at the price of their last fill. */
export interface Exposure {
  seq: number;
  at: string;
  account_number: string;
  /**
   * Null until an account row has told what the account began with, where `opening_cash` is not
   * given.
   */
  cash: string | null;
  /** Value of all positions, long and short added up. */
  gross: string;
  /** Long less short. */
  net: string;
  open_positions: number;
}

/**
 * What each account held and what it had left, after each fill. Cash before the first fill is what
 * the first account row of the account implies.
 */
export const exposures = (
  rows: readonly LedgerRow[],
  openingCash: ReadonlyMap<string, string> = openingCashOf(rows),
): Exposure[] => {
  const book = createLedgerBook();
  const found: Exposure[] = [];
  for (const row of rows) {
    const touched = book.apply(row);
    if (row.kind !== 'fill' || !touched) continue;
    const { account } = touched;
    let gross = new Exact(0);
    let net = new Exact(0);
    for (const [symbol, qty] of account.positions) {
      const value = qty.times(account.prices.get(symbol)!);
      gross = gross.plus(value.abs());
      net = net.plus(value);
    }
    const opening = openingCash.get(account.account_number);
    const cash = opening === undefined ? null : account.cash_flow.plus(opening).toFixed();
    found.push({
      seq: row.seq,
      at: row.at,
      account_number: account.account_number,
      cash,
      gross: gross.toFixed(),
      net: net.toFixed(),
      open_positions: account.positions.size,
    });
  }
  return found;
};

/**
 * Cash of each account before its first fill, from its first account row and the fills and
 * transfers before it.
 */
export const openingCashOf = (rows: readonly LedgerRow[]): Map<string, string> => {
  const flows = new Map<string, ExactNumber>();
  const opening = new Map<string, string>();
  for (const row of rows) {
    const number = String(row.account_number);
    if (row.kind === 'fill') {
      const signed = new Exact(String(row.qty)).times(row.side === 'buy' ? 1 : -1);
      flows.set(number, (flows.get(number) ?? new Exact(0)).minus(signed.times(String(row.price))));
    }
    if (row.kind === 'transfer') {
      const { activity } = row as FeeRow;
      flows.set(number, (flows.get(number) ?? new Exact(0)).plus(activity.net_amount));
    }
    if (row.kind === 'account' && !opening.has(number))
      opening.set(
        number,
        new Exact((row as AccountRow).cash).minus(flows.get(number) ?? 0).toFixed(),
      );
  }
  return opening;
};
