import { randomUUID } from 'node:crypto';
import { createBrokerage, forPurpose } from '@catalyst/brokerage';
import { tradingApi } from '@catalyst/contracts';
import {
  createHaltFile,
  createTurns,
  inContext,
  type Database,
  type ServiceSpec,
} from '@catalyst/service-kit';
import { tradingConfig } from './config.ts';
import { createActWithoutBook } from './flows/act-without-book.ts';
import { createBookSignal } from './flows/book-signal.ts';
import { createCancelOrders } from './flows/cancel-orders.ts';
import { createClosePositions } from './flows/close-positions.ts';
import { NO_PATIENCE, SOME_PATIENCE, UNTIL_THE_MINUTE } from './domain/next-act.ts';
import { untendedSince } from './domain/untended.ts';
import { createDeskTurns } from './flows/desk-turns.ts';
import type { FlowDeps } from './flows/flow-deps.ts';
import { createFollowUpdates } from './flows/follow-updates.ts';
import { createLookAtAccount } from './flows/look-at-account.ts';
import { markActs } from './flows/mark-acts.ts';
import { createMonitorPositions } from './flows/monitor-positions.ts';
import { createSafety } from './flows/protect-position.ts';
import { createReconcile } from './flows/reconcile.ts';
import { createRecordOrderUpdates } from './flows/record-order-updates.ts';
import { createSendEntry } from './flows/send-entry.ts';
import { createSendOrder } from './flows/send-order.ts';
import { createShowPositions } from './flows/show-positions.ts';
import { createStartTrading } from './flows/start-trading.ts';
import { createStopDesk } from './flows/stop-desk.ts';
import { createSubmitOrder } from './flows/submit-order.ts';
import { createSyncWithBroker } from './flows/sync-with-broker.ts';
import { createTendPositions } from './flows/tend-positions.ts';
import { createTellNaked } from './flows/tell-naked.ts';
import { createWatchStops } from './flows/watch-stops.ts';
import { createWatchProtection } from './flows/watch-protection.ts';
import { createRoutes } from './routes.ts';
import { listOpenPositions } from './store/positions.ts';

export const tradingService: ServiceSpec<typeof tradingApi, typeof tradingConfig> = {
  name: 'trading',
  api: tradingApi,
  config: tradingConfig,
  is_single: true,
  start: async ({
    config,
    log,
    metrics,
    clock,
    bus,
    audit,
    alerts,
    journal,
    epoch,
    database: pool,
  }) => {
    const connection = createBrokerage({
      config,
      log,
      metrics,
      clock,
      mode: config.TRADING_MODE,
      process: 'trading',
      timeout_ms: 5000,
    });
    const { orders, mark, moves } = markActs(connection.orders, randomUUID());
    const broker = { ...connection, orders };
    // positions are acted on side by side; what they write stays one after the other
    const writes = createTurns();
    const database: Database = {
      ...pool,
      transaction: (work) => writes(() => pool.transaction(work)),
    };
    const deps: FlowDeps = { broker, database, clock, bus, audit, alerts, log, config };
    const isReplay = config.TRADING_MODE === 'replay';
    const turns = createDeskTurns(isReplay);
    const signal = createBookSignal();
    const tell = createTellNaked(deps);
    const recordOrderUpdates = createRecordOrderUpdates(deps, signal);
    const sending = createSendOrder(deps, recordOrderUpdates);
    const canceling = createCancelOrders(deps, recordOrderUpdates, signal);
    const safety = createSafety(deps, sending, canceling, createLookAtAccount(deps));
    const haltFile = createHaltFile(config.CATALYST_HOME);
    const stops = createWatchStops(deps, haltFile, epoch);
    const entries = createSendEntry(deps, sending, stops);
    const tend = createTendPositions(deps, {
      entries,
      canceling,
      safety,
      turns,
      tell,
      stops,
    });
    const sync = createSyncWithBroker(
      deps,
      recordOrderUpdates,
      // in a replay whatever moves does so in its turn
      isReplay ? () => 0 : () => moves() + signal.changes(),
    );
    const reconcileOnce = createReconcile(deps, sync);

    let isReconciled = false;
    const reconcile = async (cycleId: string | null) => {
      const result = await reconcileOnce(cycleId);
      // what was found is taken over: the next clean one gives entries free again
      isReconciled = result.reconciled;
      return result;
    };
    const tending = { tended_at: clock.latest(), is_held: false };
    let monitored_at = clock.latest();
    const noteTended = (open: number): void => {
      tending.tended_at = clock.latest();
      tending.is_held = open > 0;
    };
    const monitorOnce = createMonitorPositions(
      deps,
      canceling,
      tend,
      { may_enter: true, patience: isReplay ? NO_PATIENCE : SOME_PATIENCE },
      sync,
      mark,
    );
    // what it reads is on the way to protecting what it finds naked
    const monitorPositions = () =>
      turns.ofSync(() =>
        forPurpose('protection', async () => {
          monitored_at = clock.latest();
          const monitored = await monitorOnce();
          noteTended(monitored.positions.length);
          return monitored;
        }),
      );
    let watchSoon = (): void => {};
    let wasDirect = false;
    const closing = createClosePositions(deps, {
      safety,
      canceling,
      turns,
      tell,
      stops,
      watchSoon: () => watchSoon(),
    });
    const watch = createWatchProtection(deps, {
      tend,
      turns,
      monitor: monitorPositions,
      monitoredAt: () => monitored_at,
      onPass: noteTended,
      before: async () => {
        await stops.look();
        const isDirect = stops.isDirect();
        // what was closed without the desk is taken over before anything else is done about it
        if (wasDirect && !isDirect) await updates.catchUp('flatten --direct has ended');
        wasDirect = isDirect;
        if (isDirect) return;
        // whoever asked for it may have ended before it was carried out
        const reason = stops.flattening();
        if (reason !== null) await closing.closeAllThatIsNot(reason);
      },
    });
    watchSoon = watch.soon;
    let updated_at: string | null = null;
    const updates = createFollowUpdates(deps, {
      recordOrderUpdates,
      sync: async () => {
        await sync();
        await tend.tendAll({
          may_enter: false,
          patience: isReplay ? UNTIL_THE_MINUTE : SOME_PATIENCE,
        });
      },
      turns,
      onHandled: (update, touched, isLast) => {
        updated_at = clock.latest();
        // what fills between two minutes is held from then on
        if (update.event === 'fill' || update.event === 'partial_fill') tending.is_held = true;
        return watch.afterUpdate(touched, isLast);
      },
    });
    const startTrading = createStartTrading(deps, { updates, sync, tend, reconcile, turns });

    return {
      handlers: createRoutes({
        database,
        mode: config.TRADING_MODE,
        submitOrder: createSubmitOrder(deps, entries, stops, () => isReconciled),
        closing,
        stopDesk: createStopDesk(deps, {
          closing,
          withoutBook: createActWithoutBook(deps),
          haltFile,
          journal,
        }),
        positions: createShowPositions(deps, tell),
        monitorPositions,
        reconcile,
        updates,
        turns,
      }),
      prepare: async () => {
        watch.start();
        isReconciled = await inContext({ caller: 'trading' }, startTrading);
        noteTended((await listOpenPositions(database)).length);
        watch.start();
      },
      failures: () => {
        const since = isReplay ? null : untendedSince(tending, clock.latest());
        return [
          ...tell
            .list()
            .map(
              ({ symbol, qty, why, since: at }) => `NAKED since ${at}: ${qty} ${symbol}: ${why}`,
            ),
          ...(since === null ? [] : [`positions have not been tended since ${since}`]),
        ];
      },
      latest: () => ({ last_trade_update: updated_at }),
      notes: () => [
        ...(isReconciled ? [] : ['differs from the broker: no new entries']),
        ...(updates.isListening() ? [] : ['the trade stream is away']),
      ],
      stop: async () => {
        watch.stop();
        updates.stop();
        await turns.ofStream(async () => {});
      },
    };
  },
};
