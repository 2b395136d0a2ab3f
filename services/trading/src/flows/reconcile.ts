import type { Reconciliation } from '@catalyst/contracts';
import {
  add,
  compare,
  isProtected,
  realizedProfit,
  stableId,
  subtract,
  toCents,
} from '@catalyst/domain';
import { ASSUMED, listOrdersOf } from '../store/orders.ts';
import { listOpenPositions } from '../store/positions.ts';
import {
  assumedSymbols,
  lastFillSeq,
  saveReconciliation,
  saveSnapshot,
  snapshotOf,
  summarizeBook,
} from '../store/records.ts';
import type { FlowDeps } from './flow-deps.ts';
import { createReadTransfers } from './read-transfers.ts';
import type { SyncWithBroker } from './sync-with-broker.ts';
import type { Difference } from './take-over-shares.ts';

/** Dollars by which two sums may differ: each position's profit is rounded to the cent. */
const ROUNDING_USD = '0.005';

/**
 * Holds the whole book against the broker, takes over the broker's truth and keeps the result;
 * clean means that nothing had to be explained.
 */
export const createReconcile = (deps: FlowDeps, sync: SyncWithBroker) => {
  const { database, clock } = deps;
  const readTransfers = createReadTransfers(deps);

  const nakedPositions = async (): Promise<Difference[]> => {
    const differences: Difference[] = [];
    for (const { position_id, symbol, qty, status } of await listOpenPositions(database)) {
      if (
        status !== 'open' ||
        compare(qty, 0) === 0 ||
        isProtected(qty, await listOrdersOf(database, [position_id]))
      )
        continue;
      differences.push({
        kind: 'protection',
        symbol,
        desk: `${qty} held`,
        broker: 'no live stop',
        action: 'is mended by the next monitoring',
      });
    }
    return differences;
  };

  return async (cycleId: string | null): Promise<Reconciliation> => {
    const at = clock.now();
    const booked = await lastFillSeq(database);
    await readTransfers();
    const { since, differences: found, account, fills } = await sync();
    const leftOut = await assumedSymbols(database, since, ASSUMED);
    const book = await summarizeBook(database, since, leftOut);
    const broker_realized_pnl_usd = realizedProfit(
      fills
        .filter(({ symbol }) => !leftOut.includes(symbol))
        .map((fill) => ({ ...fill, filled_at: fill.transaction_time })),
    );
    const desk_realized_pnl_usd = toCents(book.realized_pnl_usd);
    const gap = subtract(desk_realized_pnl_usd, broker_realized_pnl_usd).replace(/^-/, '');
    const allowed = Array.from({ length: book.positions }).reduce<string>(
      (sum) => add(sum, ROUNDING_USD),
      '0',
    );
    const differences = [...found, ...(await nakedPositions())];
    if (compare(gap, allowed) > 0)
      differences.push({
        kind: 'cash',
        symbol: null,
        desk: desk_realized_pnl_usd,
        broker: broker_realized_pnl_usd,
        action: 'listed; a person should look',
      });
    const result: Reconciliation = {
      reconciliation_id: stableId('reconciliation', at),
      reconciled: differences.length === 0,
      checked_at: at,
      orders: book.orders,
      fills: book.fills,
      open_positions: book.open_positions,
      open_orders: book.open_orders,
      desk_realized_pnl_usd,
      broker_realized_pnl_usd,
      differences,
    };
    await database.transaction(async (tx) => {
      await saveReconciliation(tx, cycleId, result);
      await saveSnapshot(tx, snapshotOf(account, at, booked));
    });
    return result;
  };
};
export type Reconcile = ReturnType<typeof createReconcile>;
