import { forPurpose } from '@catalyst/brokerage';
import type { tradingApi } from '@catalyst/contracts';
import { dayFees, inNewYork, positionIdFor } from '@catalyst/domain';
import { AppError, type Database, type Handlers } from '@catalyst/service-kit';
import type { createClosePositions } from './flows/close-positions.ts';
import type { DeskTurns } from './flows/desk-turns.ts';
import type { FollowUpdates } from './flows/follow-updates.ts';
import { toAccount, type createMonitorPositions } from './flows/monitor-positions.ts';
import type { Reconcile } from './flows/reconcile.ts';
import { inTries } from './flows/send-entry.ts';
import type { ShowPositions } from './flows/show-positions.ts';
import type { createStopDesk } from './flows/stop-desk.ts';
import type { createSubmitOrder } from './flows/submit-order.ts';
import { readFeesOf } from './store/fees.ts';
import { listOrders, toOrder } from './store/orders.ts';
import { listReconciliations, readSnapshot } from './store/records.ts';

interface Deps {
  database: Database;
  mode: 'replay' | 'paper' | 'live';
  submitOrder: ReturnType<typeof createSubmitOrder>;
  closing: ReturnType<typeof createClosePositions>;
  stopDesk: ReturnType<typeof createStopDesk>;
  positions: ShowPositions;
  monitorPositions: ReturnType<typeof createMonitorPositions>;
  reconcile: Reconcile;
  updates: FollowUpdates;
  turns: DeskTurns;
}

/**
 * What opens takes its position's turn, what compares waits for what compares; closing and cancelling
 * wait for neither, and reads for nothing.
 */
export const createRoutes = ({
  database,
  mode,
  submitOrder,
  closing,
  stopDesk,
  positions,
  monitorPositions,
  reconcile,
  updates,
  turns,
}: Deps): Handlers<typeof tradingApi> => {
  /** In a replay an act is one with all that it does; else each position takes its own turn. */
  const inLine = <T>(work: () => Promise<T>): Promise<T> =>
    mode === 'replay' ? turns.ofSync(work) : work();
  return {
    submitOrder: ({ body }) =>
      inTries(() =>
        turns.ofPosition(positionIdFor(body.intent.intent_id), () => submitOrder(body)),
      ),
    listOrders: async ({ query }) => ({ orders: (await listOrders(database, query)).map(toOrder) }),
    listPositions: async ({ query }) => ({ positions: await positions.list(query) }),
    showPosition: ({ params }) => positions.one(params.position_id),
    stop: ({ body }) => inLine(() => stopDesk(body)),
    closePosition: ({ params, body }) =>
      inLine(() => closing.closePosition(params.position_id, body)),
    closeAllPositions: ({ body }) => inLine(() => closing.closeAllPositions(body)),
    cancelAllOrders: ({ body }) => inLine(() => closing.cancelEntries(body)),
    monitorPositions: () => monitorPositions(),
    listReconciliations: async ({ query }) => ({
      reconciliations: await listReconciliations(database, query.limit),
    }),
    reconcile: ({ body }) =>
      turns.ofSync(() => forPurpose('reconciliation', () => reconcile(body.cycle_id))),
    drainStream: async ({ body }) => {
      if (mode !== 'replay') throw new AppError('REPLAY_ONLY', 'only a replay is drained');
      return { seq: await updates.drain(body.to_seq, body.timeout_ms) };
    },
    showAccount: async () => {
      const row = await readSnapshot(database);
      if (!row)
        throw new AppError(
          'NOT_FOUND',
          'the account was not read yet: it is read at the start and each minute',
        );
      const { date } = inNewYork(row.read_at);
      const { sales, charged } = await readFeesOf(database, date);
      const { fees_usd, is_estimated } = dayFees(date, sales, charged);
      return { ...toAccount(row, mode), fees_usd, fees_are_estimated: is_estimated };
    },
  };
};
