import type { LedgerRow } from './ledger-row.ts';

const PAGE_ROWS = 50_000;

/**
 * What the simulated exchange at `url` wrote down: every request, order, fill and update, in order,
 * from the row after `after` on.
 */
export const readLedgerAt = async (url: string, after = 0): Promise<LedgerRow[]> => {
  const rows: LedgerRow[] = [];
  for (;;) {
    const from = after + rows.length;
    const response = await fetch(`${url}/sim/ledger?after=${from}&limit=${PAGE_ROWS}`);
    const page = (await response.json()) as LedgerRow[];
    rows.push(...page);
    if (page.length < PAGE_ROWS) return rows;
  }
};
