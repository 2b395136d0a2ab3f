import { setTimeout as sleep } from 'node:timers/promises';
import type { BrokerOrder, TradeUpdate, TradeUpdateSubscription } from '@catalyst/brokerage';
import { compare } from '@catalyst/domain';
import { AppError, inContext, messageOf, outsideContext } from '@catalyst/runtime';
import type { PositionRow } from '../book-rows.ts';
import { isBookAway } from '../unbooked.ts';
import type { DeskTurns } from './desk-turns.ts';
import type { LifeDeps } from './life-deps.ts';
import type { RecordOrderUpdates } from './record-order-updates.ts';

const RETRY_MS = 1000;
const READY_WITHIN_MS = 30_000;

interface Deps {
  recordOrderUpdates: RecordOrderUpdates;
  /** Takes over the broker's truth and tends what is open. */
  sync: () => Promise<unknown>;
  turns: DeskTurns;
  /** Called at once with each update that comes, before anything is made of it. */
  onReceived(update: TradeUpdate): void;
  /** The book did not take an update: what it tells is known to nobody else. */
  onUnwritten(): void;
  /**
   * Called in the update's turn, once it is written, with the positions that it touched; in a replay
   * it is part of the turn.
   */
  onHandled(update: TradeUpdate, touched: readonly PositionRow[], isLast: boolean): Promise<void>;
}

/**
 * The one owner of the broker's trade updates. Each is queued at once and handled in its own turn
 * and its own time, in one transaction with the cursor; whatever the stream lost is fetched by
 * REST.
 */
export const createFollowUpdates = (
  deps: LifeDeps,
  { recordOrderUpdates, sync, turns, onReceived, onUnwritten, onHandled }: Deps,
) => {
  const { broker, book, clock, log, settings } = deps;
  const isReplay = settings.mode === 'replay';
  let subscription: TradeUpdateSubscription | undefined;
  let held: TradeUpdate[] | null = [];
  let lastReceived: number | null = null;
  let handledSeq = 0;
  let waiting = 0;
  let stopped = false;
  let catchingUp: Promise<void> | null = null;

  /**
   * The order with whose group a message is written: a leg that is not in the book yet is brought
   * by its parent.
   */
  const groupOf = async ({ order }: TradeUpdate): Promise<BrokerOrder> => {
    const known = await book.findOrders([order.client_order_id], [order.id]);
    if (known.length > 0) return order;
    const listed = await broker.orders.listOrders({
      status: 'all',
      nested: true,
      symbols: [order.symbol],
    });
    return listed.find(({ legs }) => legs.some(({ id }) => id === order.id)) ?? order;
  };

  const handle = async (update: TradeUpdate): Promise<void> => {
    const { seq, order, execution_id, qty, price, timestamp, event } = update;
    if (seq !== null && seq <= handledSeq) return;
    const group = await groupOf(update);
    const isFill =
      (event === 'fill' || event === 'partial_fill') &&
      execution_id !== null &&
      qty !== null &&
      price !== null &&
      compare(qty, 0) > 0;
    const { touched } = await book.transaction(async (tx) => {
      const orders = group === order ? [order] : [group, order];
      const recorded = await recordOrderUpdates(tx, {
        orders,
        executions: isFill
          ? [{ execution_id, broker_order_id: order.id, qty, price, filled_at: timestamp }]
          : [],
        source: 'stream',
        event,
      });
      if (seq !== null) await tx.moveCursor(seq, timestamp);
      return recorded;
    });
    if (seq !== null) handledSeq = Math.max(handledSeq, seq);
    await onHandled(update, touched, waiting === 1);
  };

  /** Fetches by REST what the stream may have lost, until it succeeds. */
  const catchUp = (why: string): Promise<void> => {
    if (catchingUp) return catchingUp;
    const { run, release } = clock.hold();
    const fetch = async (): Promise<void> => {
      log.info('catching_up', { why });
      for (;;) {
        try {
          const at = isReplay ? (await broker.reference.getClock()).timestamp : null;
          const upTo = lastReceived ?? 0;
          await turns.ofSync(() => inContext({ at, caller: 'alpaca' }, sync));
          // what was received before the broker was read is in what was read
          handledSeq = Math.max(handledSeq, upTo);
          return;
        } catch (error) {
          if (stopped) return;
          log.warn('catch_up_failed', { error });
          await sleep(RETRY_MS);
        }
      }
    };
    catchingUp = run(() => outsideContext(fetch)).finally(() => {
      catchingUp = null;
      release();
    });
    return catchingUp;
  };

  const queue = (update: TradeUpdate): void => {
    waiting += 1;
    const { run, release } = clock.hold();
    const work = () =>
      run(() =>
        inContext({ at: isReplay ? update.timestamp : null, caller: 'alpaca' }, () =>
          handle(update),
        ),
      );
    void turns
      .ofStream(work)
      .catch((error: unknown) => {
        const { event, seq } = update;
        if (isBookAway(error)) {
          onUnwritten();
          log.warn('trade_update_not_written', { event, seq, reason: messageOf(error) });
        } else log.error('trade_update_failed', { event, seq, error });
        void catchUp('an update could not be written');
      })
      .finally(() => {
        waiting -= 1;
        release();
      });
  };

  const receive = (update: TradeUpdate): void => {
    const isGap = update.seq !== null && lastReceived !== null && update.seq > lastReceived + 1;
    if (update.seq !== null) lastReceived = update.seq;
    onReceived(update);
    if (held) {
      held.push(update);
      return;
    }
    if (isGap) void catchUp('updates are missing');
    queue(update);
  };

  return {
    /** Listens and holds what comes until `release`. */
    connect: async (): Promise<void> => {
      handledSeq = await book.readCursor();
      subscription?.close(); // of a try before
      subscription = broker.trade_updates.subscribe({
        onUpdate: receive,
        onReconnect: () => {
          lastReceived = null;
          if (!held) void catchUp('the stream was away');
        },
        onGarbage: (error) => {
          log.error('trade_update_garbled', { error });
          if (!held) void catchUp('an update could not be read');
        },
      });
      const late = sleep(READY_WITHIN_MS, undefined, { ref: false }).then(() => {
        throw new AppError(
          'VENDOR_UNAVAILABLE',
          `the broker's trade stream did not start within ${READY_WITHIN_MS} ms`,
        );
      });
      await Promise.race([subscription.ready, late]);
    },
    catchUp,
    /** Handles what was held meanwhile, then goes on live. */
    release: (): void => {
      const before = held ?? [];
      held = null;
      for (const update of before) queue(update);
    },
    /** Waits until every update up to `to_seq` is in the book and nothing is under way. */
    drain: async (to_seq: number, timeout_ms: number): Promise<number> => {
      const giveUpAt = performance.now() + timeout_ms;
      const late = (): never => {
        throw new AppError(
          'TIMED_OUT',
          `trade updates up to ${to_seq} were not handled within ${timeout_ms} ms; the book is at ${handledSeq}`,
          { to_seq, seq: handledSeq },
        );
      };
      if (handledSeq < to_seq && (lastReceived ?? 0) < to_seq) {
        // after a pong every frame that was sent before has arrived; what is not there then was
        // lost
        const isThere = await subscription!.ping(Math.min(timeout_ms, 5000)).then(
          () => (lastReceived ?? 0) >= to_seq,
          () => false,
        );
        if (!isThere) {
          await turns.ofSync(sync);
          // the broker was read after it had counted to to_seq, so nothing up to there is missing
          if ((lastReceived ?? 0) < to_seq) handledSeq = Math.max(handledSeq, to_seq);
          await book.transaction((tx) => tx.moveCursor(to_seq, deps.clock.now()));
        }
      }
      while (handledSeq < to_seq || waiting > 0 || catchingUp) {
        if (performance.now() > giveUpAt) late();
        await (catchingUp ?? turns.ofStream(async () => {}));
        if (waiting > 0 || handledSeq < to_seq) await sleep(0);
      }
      await turns.ofStream(async () => {});
      return handledSeq;
    },
    isListening: (): boolean => subscription?.isListening() ?? false,
    stop: (): void => {
      stopped = true;
      subscription?.close();
    },
  };
};
export type FollowUpdates = ReturnType<typeof createFollowUpdates>;
