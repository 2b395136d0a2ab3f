import type { tradingApi } from '@catalyst/contracts';
import { dayFees, inNewYork } from '@catalyst/domain';
import { checkRebuild, toAccount, toOrder, type OrderLife } from '@catalyst/order-life';
import { AppError, type Database, type Handlers } from '@catalyst/service-kit';
import type { ShowPositions } from './flows/show-positions.ts';
import type { createStopDesk } from './flows/stop-desk.ts';
import { readFeesOf } from './store/fees.ts';
import { readHistory } from './store/history.ts';
import { listOrders } from './store/orders.ts';
import { listReconciliations, readSnapshot } from './store/records.ts';

interface Deps {
  database: Database;
  mode: 'replay' | 'paper' | 'live';
  life: OrderLife;
  stopDesk: ReturnType<typeof createStopDesk>;
  positions: ShowPositions;
}

/**
 * What opens takes its position's turn, what compares waits for what compares; closing and cancelling
 * wait for neither, and reads for nothing.
 */
export const createRoutes = ({
  database,
  mode,
  life,
  stopDesk,
  positions,
}: Deps): Handlers<typeof tradingApi> => {
  const { inLine, closing, steering } = life;
  return {
    submitOrder: ({ body }) => life.submitOrder(body),
    listOrders: async ({ query }) => ({ orders: (await listOrders(database, query)).map(toOrder) }),
    listPositions: async ({ query }) => ({ positions: await positions.list(query) }),
    showPosition: ({ params }) => positions.one(params.position_id),
    stop: ({ body }) => inLine(() => stopDesk(body)),
    closePosition: ({ params, body }) =>
      inLine(() => closing.closePosition(params.position_id, body)),
    moveStop: ({ params, body }) => inLine(() => steering.moveStop(params.position_id, body)),
    placeExit: ({ params, body }) => inLine(() => steering.placeExit(params.position_id, body)),
    reducePosition: ({ params, body }) => inLine(() => steering.reduce(params.position_id, body)),
    closeAllPositions: ({ body }) => inLine(() => closing.closeAllPositions(body)),
    cancelAllOrders: ({ body }) => inLine(() => closing.cancelEntries(body)),
    monitorPositions: () => life.monitorPositions(),
    listReconciliations: async ({ query }) => ({
      reconciliations: await listReconciliations(database, query.limit),
    }),
    reconcile: ({ body }) => life.reconcile(body.cycle_id),
    rebuildBook: async () => checkRebuild(await readHistory(database)),
    drainStream: async ({ body }) => {
      if (mode !== 'replay') throw new AppError('REPLAY_ONLY', 'only a replay is drained');
      return { seq: await life.drain(body.to_seq, body.timeout_ms) };
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
