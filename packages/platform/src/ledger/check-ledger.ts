import { Exact } from '@catalyst/domain';
import { exposures, openingCashOf } from './exposure.ts';
import { createLedgerBook } from './ledger-book.ts';
import type { AccountRow, LedgerRow, Violation } from './ledger-row.ts';
import { lostAndUnasked, ordersPerClientId, overfilledPairs, wrongFills } from './orders.ts';
import { nakedWindows } from './protection.ts';

/**
 * What may not happen besides what never may. Dollars are decimal strings; what is absent is not
 * limited.
 */
export interface LedgerRules {
  /** Longest simulated time that open shares may be without a live stop or an exit on its way. */
  max_naked_ms?: number;
  /** Most that all positions of an account may be worth together, long and short added up. */
  max_gross_usd?: string;
  /** Most that long less short, or short less long, may be. */
  max_net_usd?: string;
  /** Least cash. */
  min_cash_usd?: string;
  max_open_positions?: number;
  /** No shares at the last row. */
  flat_at_end?: boolean;
  /** False where orders are given to the exchange in the same process, without requests. */
  requests?: boolean;
}

/** Cash and shares that an account row tells and that its fills do not explain. */
const unexplainedAccounts = (rows: readonly LedgerRow[]): Violation[] => {
  const violations: Violation[] = [];
  const opening = openingCashOf(rows);
  const book = createLedgerBook();
  for (const row of rows) {
    book.apply(row);
    if (row.kind !== 'account') continue;
    const { account_number: number, cash, positions } = row as AccountRow;
    const account = book.accounts.get(number);
    const fail = (rule: string, message: string): void =>
      void violations.push({ seq: row.seq, at: row.at, rule, message });
    const explained = (account?.cash_flow ?? new Exact(0)).plus(opening.get(number)!);
    if (!explained.eq(cash))
      fail('cash', `account ${number} has ${cash} dollars, its fills leave ${explained.toFixed()}`);
    const told = new Map(positions.map(({ symbol, qty }) => [symbol, qty]));
    for (const symbol of new Set([...told.keys(), ...(account?.positions.keys() ?? [])])) {
      const held = account?.positions.get(symbol) ?? new Exact(0);
      if (!held.eq(told.get(symbol) ?? 0))
        fail(
          'shares',
          `account ${number} has ${told.get(symbol) ?? '0'} ${symbol}, its fills leave ${held.toFixed()}`,
        );
    }
  }
  return violations;
};

const doubledOrders = (rows: readonly LedgerRow[]): Violation[] => {
  const doubled = [...ordersPerClientId(rows)].filter(([, ids]) => ids.length > 1);
  return doubled.map(([key, ids]) => {
    const row =
      rows.find(
        (one) =>
          (one.kind === 'order' && (one.order as { id: string }).id === ids[1]) ||
          (one.kind === 'update' && (one.update as { order: { id: string } }).order.id === ids[1]),
      ) ?? rows.at(-1)!;
    return {
      seq: row.seq,
      at: row.at,
      rule: 'doubled_order',
      message: `${key} is the client id of ${ids.length} orders: ${ids.join(', ')}`,
    };
  });
};

const brokenLimits = (rows: readonly LedgerRow[], rules: LedgerRules): Violation[] => {
  const violations: Violation[] = [];
  for (const { seq, at, account_number: number, cash, gross, net, open_positions } of exposures(
    rows,
  )) {
    const fail = (rule: string, message: string): void =>
      void violations.push({ seq, at, rule, message: `account ${number} ${message}` });
    if (rules.max_gross_usd !== undefined && new Exact(gross).gt(rules.max_gross_usd))
      fail('max_gross_usd', `holds ${gross} dollars, more than ${rules.max_gross_usd}`);
    if (rules.max_net_usd !== undefined && new Exact(net).abs().gt(rules.max_net_usd))
      fail('max_net_usd', `is ${net} dollars long, more than ${rules.max_net_usd} on one side`);
    if (rules.min_cash_usd !== undefined && cash !== null && new Exact(cash).lt(rules.min_cash_usd))
      fail('min_cash_usd', `has ${cash} dollars, less than ${rules.min_cash_usd}`);
    if (rules.max_open_positions !== undefined && open_positions > rules.max_open_positions)
      fail(
        'max_open_positions',
        `has ${open_positions} positions, more than ${rules.max_open_positions}`,
      );
  }
  return violations;
};

const nakedTooLong = (rows: readonly LedgerRow[], longest: number): Violation[] =>
  nakedWindows(rows)
    .filter(({ length_ms }) => length_ms > longest)
    .map(({ from_seq, from, to, account_number, symbol, naked_qty, length_ms, still_open }) => ({
      seq: from_seq,
      at: from,
      rule: 'max_naked_ms',
      message: `account ${account_number} had ${naked_qty} ${symbol} without a live stop for ${length_ms} ms, until ${to}${still_open ? ', where the ledger ends' : ''}`,
    }));

const heldAtEnd = (rows: readonly LedgerRow[]): Violation[] => {
  const book = createLedgerBook();
  for (const row of rows) book.apply(row);
  const last = rows.at(-1);
  if (!last) return [];
  return [...book.accounts.values()].flatMap(({ account_number, positions }) =>
    [...positions].map(([symbol, qty]) => ({
      seq: last.seq,
      at: last.at,
      rule: 'flat_at_end',
      message: `account ${account_number} ends with ${qty.toFixed()} ${symbol}`,
    })),
  );
};

const gaps = (rows: readonly LedgerRow[]): Violation[] =>
  rows.flatMap((row, index) => {
    const before = rows[index - 1];
    return before && row.seq !== before.seq + 1
      ? [
          {
            seq: row.seq,
            at: row.at,
            rule: 'gap',
            message: `row ${row.seq} follows row ${before.seq}`,
          },
        ]
      : [];
  });

/**
 * Everything in a ledger that must not be, in order of `seq`: doubled, lost and unasked orders,
 * wrong fills, pairs of exits that both filled, accounts that their fills do not explain, and
 * whatever breaks `rules`. Exact decimals throughout; exposure is at the price of the last fill.
 */
export const checkLedger = (rows: readonly LedgerRow[], rules: LedgerRules = {}): Violation[] =>
  [
    ...gaps(rows),
    ...doubledOrders(rows),
    ...(rules.requests === false ? [] : lostAndUnasked(rows)),
    ...wrongFills(rows),
    ...overfilledPairs(rows),
    ...unexplainedAccounts(rows),
    ...brokenLimits(rows, rules),
    ...(rules.max_naked_ms === undefined ? [] : nakedTooLong(rows, rules.max_naked_ms)),
    ...(rules.flat_at_end === true ? heldAtEnd(rows) : []),
  ].sort((left, right) => left.seq - right.seq);
