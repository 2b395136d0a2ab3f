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
import { accountRowOf } from './account-row.ts';
import type { LifeDeps } from './life-deps.ts';
import { createReadTransfers } from './read-transfers.ts';
import type { SyncWithBroker } from './sync-with-broker.ts';
import type { Difference } from './take-over-shares.ts';

/** Dollars by which two sums may differ: each position's profit is rounded to the cent. */
const ROUNDING_USD = '0.005';

/**
 * Holds the whole book against the broker, takes over the broker's truth and keeps the result;
 * clean means that nothing had to be explained.
 */
export const createReconcile = (deps: LifeDeps, sync: SyncWithBroker) => {
  const { book, clock } = deps;
  const readTransfers = createReadTransfers(deps);

  const nakedPositions = async (): Promise<Difference[]> => {
    const differences: Difference[] = [];
    for (const { position_id, symbol, qty, status } of await book.listOpenPositions()) {
      if (
        status !== 'open' ||
        compare(qty, 0) === 0 ||
        isProtected(qty, await book.listOrdersOf(position_id))
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
    const booked = await book.lastFillSeq();
    await readTransfers();
    const { since, differences: found, account, fills } = await sync();
    const leftOut = await book.assumedSymbols(since);
    const said = await book.summarize(since, leftOut);
    const broker_realized_pnl_usd = realizedProfit(
      fills
        .filter(({ symbol }) => !leftOut.includes(symbol))
        .map((fill) => ({ ...fill, filled_at: fill.transaction_time })),
    );
    const desk_realized_pnl_usd = toCents(said.realized_pnl_usd);
    const gap = subtract(desk_realized_pnl_usd, broker_realized_pnl_usd).replace(/^-/, '');
    const allowed = Array.from({ length: said.positions }).reduce<string>(
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
      orders: said.orders,
      fills: said.fills,
      open_positions: said.open_positions,
      open_orders: said.open_orders,
      desk_realized_pnl_usd,
      broker_realized_pnl_usd,
      differences,
    };
    await book.transaction(async (tx) => {
      await tx.saveReconciliation(cycleId, result);
      await tx.saveAccount(accountRowOf(account, at, booked));
    });
    return result;
  };
};
export type Reconcile = ReturnType<typeof createReconcile>;
