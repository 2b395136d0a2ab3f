import type { Replay } from './replay-day.ts';

/** A row of the simulator's append-only ledger. */
export interface LedgerRow {
  seq: number;
  at: string;
  kind: string;
  [field: string]: unknown;
}

interface LedgerOrder {
  id: string;
  symbol: string;
  side: string;
  type: string;
  status: string;
  qty: string;
  filled_qty: string;
  legs?: LedgerOrder[] | null;
}

const PAGE_ROWS = 50_000;

/** What the simulated exchange wrote down: every request, order, fill and update, in order. */
export const readLedger = async ({ desk }: Pick<Replay, 'desk'>): Promise<LedgerRow[]> => {
  const rows: LedgerRow[] = [];
  for (;;) {
    const response = await fetch(`${desk.simulator!.url}/sim/ledger?after=${rows.length}&limit=${PAGE_ROWS}`);
    const page = (await response.json()) as LedgerRow[];
    rows.push(...page);
    if (page.length < PAGE_ROWS) return rows;
  }
};

const LIVE = new Set(['new', 'accepted', 'held', 'partially_filled', 'pending_new']);

/** Instants at which the clock stood still and some open shares had neither a live stop nor an exit on its way; empty as it must be. */
export const nakedMinutes = (rows: readonly LedgerRow[]): string[] => {
  const held = new Map<string, number>();
  const orders = new Map<string, LedgerOrder>();
  const naked: string[] = [];
  const note = (order: LedgerOrder): void => {
    orders.set(order.id, order);
    for (const leg of order.legs ?? []) note(leg);
  };
  for (const row of rows) {
    if (row.kind === 'order') note(row.order as LedgerOrder);
    if (row.kind === 'update') note((row.update as { order: LedgerOrder }).order);
    if (row.kind === 'fill') held.set(String(row.symbol), (held.get(String(row.symbol)) ?? 0) + (row.side === 'buy' ? 1 : -1) * Number(row.qty));
    if (row.kind !== 'step') continue;
    for (const [symbol, qty] of held) {
      if (qty <= 0) continue;
      const covers = (types: readonly string[]): number =>
        [...orders.values()].filter((order) => order.symbol === symbol && order.side === 'sell' && LIVE.has(order.status) && types.includes(order.type)).reduce((sum, order) => sum + Number(order.qty) - Number(order.filled_qty), 0);
      const stops = covers(['stop', 'stop_limit', 'trailing_stop']);
      if (stops + covers(['market']) < qty) naked.push(`${row.at} ${symbol}: ${qty} held, ${stops} under a stop`);
    }
  }
  return naked;
};
