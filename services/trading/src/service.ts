import { randomUUID } from 'node:crypto';
import { createBrokerage } from '@catalyst/brokerage';
import { tradingApi } from '@catalyst/contracts';
import { inContext, type ServiceSpec, createTurns } from '@catalyst/service-kit';
import { tradingConfig } from './config.ts';
import { createCancelOrders } from './flows/cancel-orders.ts';
import { createClosePositions } from './flows/close-positions.ts';
import { untendedSince } from './domain/untended.ts';
import type { FlowDeps } from './flows/flow-deps.ts';
import { createFollowUpdates } from './flows/follow-updates.ts';
import { markActs } from './flows/mark-acts.ts';
import { createMonitorPositions } from './flows/monitor-positions.ts';
import { createSafety } from './flows/protect-position.ts';
import { createReconcile } from './flows/reconcile.ts';
import { createRecordOrderUpdates } from './flows/record-order-updates.ts';
import { createSendEntry } from './flows/send-entry.ts';
import { createSendOrder } from './flows/send-order.ts';
import { createStartTrading } from './flows/start-trading.ts';
import { createSubmitOrder } from './flows/submit-order.ts';
import { createSyncWithBroker } from './flows/sync-with-broker.ts';
import { createTendPositions } from './flows/tend-positions.ts';
import { createWatchPartialFills } from './flows/watch-partial-fills.ts';
import { createRoutes } from './routes.ts';
import { listOpenPositions } from './store/positions.ts';

export const tradingService: ServiceSpec<typeof tradingApi, typeof tradingConfig> = {
  name: 'trading',
  api: tradingApi,
  config: tradingConfig,
  start: async ({ config, log, metrics, clock, bus, audit, database }) => {
    const connection = createBrokerage({
      config,
      log,
      metrics,
      clock,
      mode: config.TRADING_MODE,
      process: 'trading',
      timeout_ms: 5000,
    });
    const { orders, mark } = markActs(connection.orders, randomUUID());
    const broker = { ...connection, orders };
    const deps: FlowDeps = { broker, database, clock, bus, audit, log, config };
    const inTurn = createTurns();
    const recordOrderUpdates = createRecordOrderUpdates(deps);
    const sending = createSendOrder(deps, recordOrderUpdates);
    const canceling = createCancelOrders(deps, recordOrderUpdates);
    const safety = createSafety(deps, sending, canceling);
    const entries = createSendEntry(deps, sending);
    const tend = createTendPositions(deps, entries, canceling, safety);
    const sync = createSyncWithBroker(deps, recordOrderUpdates);
    const reconcileOnce = createReconcile(deps, sync);

    let isReconciled = false;
    const reconcile = async (cycleId: string | null) => {
      const result = await reconcileOnce(cycleId);
      // what was found is taken over: the next clean one gives entries free again
      isReconciled = result.reconciled;
      return result;
    };
    const isReplay = config.TRADING_MODE === 'replay';
    const tending = { tended_at: clock.latest(), is_held: false };
    const noteTended = (held: readonly unknown[]): void => {
      tending.tended_at = clock.latest();
      tending.is_held = held.length > 0;
    };
    const monitorOnce = createMonitorPositions(deps, canceling, tend, sync, mark);
    const monitorPositions = async () => {
      const monitored = await monitorOnce();
      noteTended(monitored.positions);
      return monitored;
    };
    const watch = createWatchPartialFills({
      log,
      inTurn,
      tend,
      database,
      clock,
      isReplay,
    });
    const updates = createFollowUpdates(deps, {
      recordOrderUpdates,
      sync,
      inTurn,
      onHandled: (update) => {
        // what fills between two minutes is held from then on
        if (update.event === 'fill' || update.event === 'partial_fill') tending.is_held = true;
        watch.onHandled(update);
      },
    });
    const startTrading = createStartTrading(deps, { updates, sync, tend, reconcile, inTurn });

    return {
      handlers: createRoutes({
        database,
        mode: config.TRADING_MODE,
        submitOrder: createSubmitOrder(deps, entries, () => isReconciled),
        closing: createClosePositions(deps, safety, canceling),
        monitorPositions,
        reconcile,
        updates,
        inTurn,
      }),
      prepare: async () => {
        isReconciled = await inContext({ caller: 'trading' }, startTrading);
        noteTended(await listOpenPositions(database));
      },
      failures: () => {
        const since = isReplay ? null : untendedSince(tending, clock.latest());
        return since === null ? [] : [`positions have not been tended since ${since}`];
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
