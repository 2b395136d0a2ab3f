import { randomUUID } from 'node:crypto';
import { forPurpose } from '@catalyst/brokerage';
import { positionIdFor } from '@catalyst/domain';
import { inContext } from '@catalyst/runtime';
import { NO_PATIENCE, SOME_PATIENCE, UNTIL_THE_MINUTE } from './domain/next-act.ts';
import { untendedSince } from './domain/untended.ts';
import { createActOnPosition } from './flows/act-on-position.ts';
import { createBookSignal } from './flows/book-signal.ts';
import { createCancelOrders } from './flows/cancel-orders.ts';
import { createClosePositions } from './flows/close-positions.ts';
import { createDeskTurns } from './flows/desk-turns.ts';
import { createFollowUpdates } from './flows/follow-updates.ts';
import type { HaltFile, LifeDeps } from './flows/life-deps.ts';
import { createGuardWithoutBook } from './flows/guard-without-book.ts';
import { keepUnbooked } from './flows/keep-unbooked.ts';
import { createLookAtAccount } from './flows/look-at-account.ts';
import { markActs } from './flows/mark-acts.ts';
import { createMonitorPositions } from './flows/monitor-positions.ts';
import { createMoveStopsByRule } from './flows/move-stops-by-rule.ts';
import { createSafety } from './flows/protect-position.ts';
import { createPatchStop } from './flows/patch-stop.ts';
import { createPatchTarget } from './flows/patch-target.ts';
import { createReadAccount } from './flows/read-account.ts';
import { createReconcile } from './flows/reconcile.ts';
import { createRecordOrderUpdates } from './flows/record-order-updates.ts';
import { createRunExit } from './flows/run-exit.ts';
import { createSendEntry, inTries } from './flows/send-entry.ts';
import { createSendOrder } from './flows/send-order.ts';
import { createStartTrading } from './flows/start-trading.ts';
import { createSteerPosition } from './flows/steer-position.ts';
import { createSubmitOrder, type Submission } from './flows/submit-order.ts';
import { createSyncWithBroker } from './flows/sync-with-broker.ts';
import { createTellNaked } from './flows/tell-naked.ts';
import { createTendPositions } from './flows/tend-positions.ts';
import { createWatchOrders } from './flows/watch-orders.ts';
import { createWatchPrices } from './flows/watch-prices.ts';
import { createWatchProtection, type WatchProtection } from './flows/watch-protection.ts';
import { createWatchStops } from './flows/watch-stops.ts';
import type { OpenJournal } from './unbooked.ts';

export interface OrderLifeDeps extends LifeDeps {
  haltFile: HaltFile;
  /**
   * Opens the file that keeps what is done while the book is away. Without it, or in a replay,
   * nothing is done then.
   */
  openJournal?: OpenJournal;
  /** The number under which this process trades, compared with the book's; null where it has none. */
  epoch: () => number | null;
}

/**
 * The whole life of orders at one account: what is approved is entered, what is held is protected
 * until it is closed, and the book is held against the broker. One of them at a time trades an
 * account, on one book.
 */
export const createOrderLife = ({ haltFile, epoch, openJournal, ...given }: OrderLifeDeps) => {
  const { clock, settings } = given;
  const { orders, mark, moves } = markActs(given.broker.orders, randomUUID());
  const isReplay = settings.mode === 'replay';
  let onRefused = (): void => {};
  const unbooked =
    openJournal === undefined || isReplay
      ? null
      : keepUnbooked(given, openJournal, () => onRefused());
  const deps: LifeDeps = {
    ...given,
    broker: { ...given.broker, orders },
    book: unbooked?.book ?? given.book,
  };

  const turns = createDeskTurns(isReplay);
  const signal = createBookSignal();
  const tell = createTellNaked(deps);
  const recordOrderUpdates = createRecordOrderUpdates(deps, signal);
  const sending = createSendOrder(deps, recordOrderUpdates);
  const canceling = createCancelOrders(deps, recordOrderUpdates, signal);
  const patchStop = createPatchStop(deps, recordOrderUpdates);
  const patchTarget = createPatchTarget(deps, recordOrderUpdates);
  const account = createLookAtAccount(deps);
  const runExit = createRunExit(deps, sending, canceling, account, patchStop);
  const safety = createSafety(deps, sending, canceling, runExit);
  const steering = createSteerPosition(deps, {
    safety,
    sending,
    canceling,
    turns,
    patchStop,
    patchTarget,
  });
  const stops = createWatchStops(deps, haltFile, epoch);
  const entries = createSendEntry(deps, sending, stops);
  const act = createActOnPosition(deps, entries, canceling, safety);
  const tend = createTendPositions(deps, { act, canceling, sending, turns, tell, stops });
  const sync = createSyncWithBroker(
    deps,
    recordOrderUpdates,
    // in a replay whatever moves does so in its turn
    isReplay ? () => 0 : () => moves() + signal.changes(),
  );

  let isReconciled = false;
  const reconcileOnce = createReconcile(deps, sync);
  const reconcile = async (cycleId: string | null) => {
    const result = await reconcileOnce(cycleId);
    // what was found is taken over: the next clean one gives entries free again
    isReconciled = result.reconciled;
    return result;
  };

  const tending = { tended_at: clock.latest(), is_held: false };
  const noteTended = (open: number): void => {
    tending.tended_at = clock.latest();
    tending.is_held = open > 0;
  };
  const readAccount = createReadAccount(deps);
  const moveStopsByRule = createMoveStopsByRule(deps, { patchStop, canceling, turns, stops });
  let watchSoon = (): void => {};
  let watchFor: WatchProtection['armFor'] = () => {};
  const prices = createWatchPrices(deps, readAccount, moveStopsByRule);
  let monitored_at = clock.latest();
  const monitorOnce = createMonitorPositions(
    deps,
    canceling,
    tend,
    { may_enter: true, patience: isReplay ? NO_PATIENCE : SOME_PATIENCE },
    sync,
    mark,
    readAccount,
    moveStopsByRule,
    (tended) => watchFor(tended),
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

  const closing = createClosePositions(deps, {
    safety,
    canceling,
    turns,
    tell,
    stops,
    watchSoon: () => watchSoon(),
  });
  let wasDirect = false;
  const guard = unbooked && createGuardWithoutBook(deps, { ...unbooked, tell, haltFile, account });
  const watch = createWatchProtection(deps, {
    tend,
    withoutBook: guard && {
      look: guard.look,
      back: async () => {
        if (await guard.back()) await updates.catchUp('the book was away');
      },
      isAway: () => guard.since() !== null,
      isRefused: unbooked.isRefused,
    },
    turns,
    monitor: monitorPositions,
    monitoredAt: () => monitored_at,
    onPass: noteTended,
    before: async (isThere) => {
      await stops.look();
      isThere();
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
  ({ soon: watchSoon, armFor: watchFor } = watch);
  const orderLooks = createWatchOrders(deps, canceling, watch.now);

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
    onReceived: ({ order }) => {
      if (!isReplay) for (const one of [order, ...order.legs]) signal.hear(one);
      if (guard && guard.since() !== null) watch.lookWithoutBook();
    },
    onUnwritten: watch.lookWithoutBook,
    onHandled: (update, touched, isLast) => {
      updated_at = clock.latest();
      // what fills between two minutes is held from then on
      if (update.event === 'fill' || update.event === 'partial_fill') tending.is_held = true;
      return watch.afterUpdate(touched, isLast);
    },
  });
  onRefused = () => {
    watch.lookWithoutBook();
    turns.outside(() =>
      forPurpose('reconciliation', () => updates.catchUp('the book does not take what is written')),
    );
  };
  const startTrading = createStartTrading(deps, { updates, sync, tend, reconcile, turns });
  const submitOrder = createSubmitOrder(deps, entries, stops, () => isReconciled);

  return {
    /** The broker, counting what is asked of it: who acts beside the flows acts through this one. */
    broker: deps.broker,
    /** In a replay an act is one with all that it does; else each position takes its own turn. */
    inLine: <T>(work: () => Promise<T>): Promise<T> => (isReplay ? turns.ofSync(work) : work()),
    /**
     * Enters what was approved; asked again it is the same order. Goes on until the broker has it,
     * refused it, or was asked often enough.
     */
    submitOrder: (submission: Submission) =>
      inTries(() =>
        turns.ofPosition(positionIdFor(submission.intent.intent_id), () => submitOrder(submission)),
      ),
    closing,
    steering,
    /** Moves the target of a bracket; whether it should be is the caller's to say. */
    moveTarget: (...[positionId, to, details]: Parameters<typeof patchTarget>) =>
      turns.ofPosition(positionId, () =>
        forPurpose('protection', () => patchTarget(positionId, to, details)),
      ),
    monitorPositions,
    reconcile: (cycleId: string | null) =>
      turns.ofSync(() => forPurpose('reconciliation', () => reconcile(cycleId))),
    /** Waits until every trade update up to `to_seq` is in the book and nothing is under way. */
    drain: updates.drain,
    /** Listens, takes over the broker's truth and tends what is open; from then on by itself. */
    start: async (): Promise<void> => {
      watch.start();
      isReconciled = await inContext({ caller: 'trading' }, startTrading);
      noteTended((await deps.book.listOpenPositions()).length);
      prices.start();
      orderLooks.start();
    },
    /** What is unsafe now, in words. */
    failures: (): string[] => {
      const since = isReplay ? null : untendedSince(tending, clock.latest());
      return [
        ...tell
          .list()
          .map(({ symbol, qty, why, since: at }) => `NAKED since ${at}: ${qty} ${symbol}: ${why}`),
        ...(since === null ? [] : [`positions have not been tended since ${since}`]),
      ];
    },
    /** Since when the book is away and what is held is guarded by the broker alone; null where it is there. */
    withoutBookSince: (): string | null => guard?.since() ?? null,
    /** A person's act at the broker alone, on one symbol or, with null, on all: nothing is guarded beside it. */
    besideBook: <T>(symbol: string | null, work: () => Promise<T>): Promise<T> =>
      guard ? guard.aside(symbol, work) : work(),
    /** Since when and why the shares of a position are without a stop and without an exit. */
    nakedOf: tell.of,
    lastUpdateAt: (): string | null => updated_at,
    isReconciled: (): boolean => isReconciled,
    isListening: updates.isListening,
    stop: async (): Promise<void> => {
      watch.stop();
      prices.stop();
      orderLooks.stop();
      updates.stop();
      await turns.ofStream(async () => {});
    },
  };
};
export type OrderLife = ReturnType<typeof createOrderLife>;
