import { createBrokerage } from '@catalyst/brokerage';
import { tradingApi } from '@catalyst/contracts';
import { inContext, type ServiceSpec, createTurns } from '@catalyst/service-kit';
import { tradingConfig } from './config.ts';
import { createCancelOrders } from './flows/cancel-orders.ts';
import { createClosePositions } from './flows/close-positions.ts';
import type { Desk } from './flows/desk.ts';
import { createFollowUpdates } from './flows/follow-updates.ts';
import { createMonitorPositions } from './flows/monitor-positions.ts';
import { createSafety } from './flows/protect-position.ts';
import { createReconcile } from './flows/reconcile.ts';
import { createRecordNews } from './flows/record-news.ts';
import { createSendOrder } from './flows/send-order.ts';
import { createStartDesk } from './flows/start-desk.ts';
import { createSubmitOrder } from './flows/submit-order.ts';
import { createSyncWithBroker } from './flows/sync-with-broker.ts';
import { createTendPositions } from './flows/tend-positions.ts';
import { createWatchPartialFills } from './flows/watch-partial-fills.ts';
import { createRoutes } from './routes.ts';

export const tradingService: ServiceSpec<typeof tradingApi, typeof tradingConfig> = {
  name: 'trading',
  api: tradingApi,
  config: tradingConfig,
  start: async ({ config, log, metrics, clock, bus, audit, database }) => {
    const broker = createBrokerage({
      config,
      log,
      metrics,
      clock,
      mode: config.TRADING_MODE,
      timeout_ms: 5000,
    });
    const desk: Desk = { broker, database, clock, bus, audit, log, config };
    const inTurn = createTurns();
    const recordNews = createRecordNews(desk);
    const sending = createSendOrder(desk, recordNews);
    const canceling = createCancelOrders(desk, recordNews);
    const safety = createSafety(desk, sending, canceling);
    const tend = createTendPositions(desk, sending, canceling, safety);
    const sync = createSyncWithBroker(desk, recordNews);
    const reconcileOnce = createReconcile(desk, sync);

    let isReconciled = false;
    const reconcile = async (cycleId: string | null) => {
      const result = await reconcileOnce(cycleId);
      // what was found is taken over: the next clean one gives entries free again
      isReconciled = result.reconciled;
      return result;
    };
    const watch = createWatchPartialFills({
      log,
      inTurn,
      tend,
      database,
      isReplay: config.TRADING_MODE === 'replay',
    });
    const updates = createFollowUpdates(desk, {
      recordNews,
      sync,
      inTurn,
      onHandled: watch.onHandled,
    });
    const startDesk = createStartDesk(desk, { updates, sync, tend, reconcile, inTurn });

    return {
      handlers: createRoutes({
        database,
        mode: config.TRADING_MODE,
        submitOrder: createSubmitOrder(desk, sending, () => isReconciled),
        closing: createClosePositions(desk, safety, canceling),
        monitorPositions: createMonitorPositions(desk, canceling, tend, sync),
        reconcile,
        updates,
        inTurn,
      }),
      prepare: async () => {
        isReconciled = await inContext({ caller: 'trading' }, startDesk);
      },
      notes: () => [
        ...(isReconciled ? [] : ['differs from the broker: no new entries']),
        ...(updates.isListening() ? [] : ['the trade stream is away']),
      ],
      stop: async () => {
        watch.stop();
        updates.stop();
        await inTurn(async () => {});
      },
    };
  },
};
