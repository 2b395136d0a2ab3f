import type { LedgerRow } from './ledger-row.ts';

const PAGE_ROWS = 50_000;

/**
 * What the simulated exchange at `url` wrote down: every request, order, fill and update, in order.
 */
export const readLedgerAt = async (url: string): Promise<LedgerRow[]> => {
  const rows: LedgerRow[] = [];
  for (;;) {
    const response = await fetch(`${url}/sim/ledger?after=${rows.length}&limit=${PAGE_ROWS}`);
    const page = (await response.json()) as LedgerRow[];
    rows.push(...page);
    if (page.length < PAGE_ROWS) return rows;
  }
};
