import { forPurpose } from '@catalyst/brokerage';
import type { tradingApi } from '@catalyst/contracts';
import { dayFees, inNewYork } from '@catalyst/domain';
import { AppError, type Database, type Handlers, type TakeTurn } from '@catalyst/service-kit';
import type { createClosePositions } from './flows/close-positions.ts';
import type { FollowUpdates } from './flows/follow-updates.ts';
import { toAccount, type createMonitorPositions } from './flows/monitor-positions.ts';
import type { Reconcile } from './flows/reconcile.ts';
import { inTries } from './flows/send-entry.ts';
import type { createSubmitOrder } from './flows/submit-order.ts';
import { readFeesOf } from './store/fees.ts';
import { listOrders, toOrder } from './store/orders.ts';
import { listPositions, readPosition, toPosition } from './store/positions.ts';
import { readSnapshot } from './store/records.ts';

interface Deps {
  database: Database;
  mode: 'replay' | 'paper' | 'live';
  submitOrder: ReturnType<typeof createSubmitOrder>;
  closing: ReturnType<typeof createClosePositions>;
  monitorPositions: ReturnType<typeof createMonitorPositions>;
  reconcile: Reconcile;
  updates: FollowUpdates;
  inTurn: TakeTurn;
}

/** Whatever changes the book takes its turn; reads do not wait. */
export const createRoutes = ({
  database,
  mode,
  submitOrder,
  closing,
  monitorPositions,
  reconcile,
  updates,
  inTurn,
}: Deps): Handlers<typeof tradingApi> => ({
  submitOrder: ({ body }) => inTries(() => inTurn(() => submitOrder(body))),
  listOrders: async ({ query }) => ({ orders: (await listOrders(database, query)).map(toOrder) }),
  listPositions: async ({ query }) => ({
    positions: (await listPositions(database, query)).map(toPosition),
  }),
  showPosition: async ({ params }) => {
    const row = await readPosition(database, params.position_id);
    if (!row)
      throw new AppError('NOT_FOUND', `there is no position ${params.position_id}`, {
        position_id: params.position_id,
      });
    return toPosition(row);
  },
  closePosition: ({ params, body }) =>
    inTurn(async () => ({
      position: await closing.closePosition(params.position_id, body),
      left: null,
    })),
  closeAllPositions: ({ body }) => inTurn(() => closing.closeAllPositions(body)),
  cancelAllOrders: ({ body }) => inTurn(() => closing.cancelEntries(body)),
  // what it reads is on the way to protecting what it finds naked
  monitorPositions: () => inTurn(() => forPurpose('protection', monitorPositions)),
  reconcile: ({ body }) =>
    inTurn(() => forPurpose('reconciliation', () => reconcile(body.cycle_id))),
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
});
