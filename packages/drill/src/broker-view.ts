import { createLedgerBook, readLedgerAt, type LedgerRow } from '@catalyst/platform';

/** What the broker has, as its ledger tells it: asking its REST would use up the desk's requests. */
export interface BrokerView {
  /** Shares by symbol; what is not held is absent. */
  positions: Map<string, string>;
  /** Orders that can still fill, legs among them. */
  orders: { id: string; symbol: string; side: 'buy' | 'sell'; type: string; status: string }[];
}

const OVER = new Set(['filled', 'canceled', 'expired', 'replaced', 'rejected']);

/** Follows the ledger of the simulated exchange at `url`. */
export const followBroker = (
  url: string,
): { ledger(): Promise<LedgerRow[]>; view(): Promise<BrokerView> } => {
  const rows: LedgerRow[] = [];
  const book = createLedgerBook();
  const ledger = async (): Promise<LedgerRow[]> => {
    const fresh = await readLedgerAt(url, rows.length);
    for (const row of fresh) book.apply(row);
    rows.push(...fresh);
    return rows;
  };
  return {
    ledger,
    view: async () => {
      await ledger();
      const accounts = [...book.accounts.values()];
      return {
        positions: new Map(
          accounts.flatMap(({ positions }) =>
            [...positions].map(([symbol, qty]) => [symbol, qty.toFixed()] as const),
          ),
        ),
        orders: accounts.flatMap((account) =>
          [...account.orders.values()].filter(({ status }) => !OVER.has(status)),
        ),
      };
    },
  };
};
