import { createBrokerage } from '@catalyst/brokerage';
import { createOrderLife } from '@catalyst/order-life';
import {
  createTurns,
  inContext,
  systemClock,
  type Clock,
  type Log,
  type TradingMode,
} from '@catalyst/runtime';
import { NO_STOP_RULE, type Instant } from '@catalyst/domain';
import type { ClientEvent } from './client-event.ts';
import { readStatus, writeLook, type ClientStatus, type Look } from './client-status.ts';
import { ownerLimits } from './domain/owner-limits.ts';
import type { ClientParts } from './flows/client-parts.ts';
import { createDecideSignals } from './flows/decide-signals.ts';
import { createFollowDeskExits } from './flows/follow-desk-exits.ts';
import { createFollowDeskLevels } from './flows/follow-desk-levels.ts';
import { createHand } from './flows/hand.ts';
import { createListen } from './flows/listen.ts';
import { ownView } from './flows/own-view.ts';
import { createReadAccount } from './flows/read-account.ts';
import { createReadHours } from './flows/read-hours.ts';
import { createTellFills } from './flows/tell-fills.ts';
import { createWatchDay } from './flows/watch-day.ts';
import type { BrokerKeys } from './home/broker-keys.ts';
import { ClientError, type ClientHome } from './home/client-home.ts';
import { watchLimits } from './home/watch-limits.ts';
import { takeRunLock } from './home/run-lock.ts';
import { createDecisionStore } from './store/decision-store.ts';
import { readHistory, type HistoryRow } from './store/history.ts';
import { openLocalDatabase } from './store/local-database.ts';
import { createOwnerStore } from './store/owner-store.ts';
import { createSignalStore } from './store/signal-store.ts';
import { openPositions } from './store/own-positions.ts';
import { createSqliteBook } from './store/sqlite-book.ts';

export interface ClientOptions {
  home: ClientHome;
  keys: BrokerKeys;
  log: Log;
  onEvent?: (event: ClientEvent) => void;
  /** The machine's where it is not given; a replay's stands still between its steps. */
  clock?: Clock;
  /** `replay` where time is stepped; else it follows from the account. */
  mode?: TradingMode;
  /** False: it looks after what is held and hears of no signal. */
  listens?: boolean;
}

/** One step of a replayed day: everything up to these numbers is taken in before anything is decided. */
export interface ClientStep {
  at: Instant;
  /** Of the desk's signals; null while the stream is shut. */
  signal_seq: number | null;
  /** Of the account's trade updates, asked for anew after each act, until it stays. */
  tradeSeq: () => Promise<number>;
}

export interface RunningClient {
  status(): ClientStatus;
  /** Every signal with what was decided and what came of it, the newest first. */
  history(limit?: number): HistoryRow[];
  /** False while the book differs from the broker. */
  isReconciled(): boolean;
  step(step: ClientStep): Promise<void>;
  /** Shuts the stream as a machine does that falls asleep, and goes on from the last number. */
  sleep(): void;
  wake(): void;
  /** Nothing of the client's is held or being entered. */
  isFlat(): boolean;
  stop(): Promise<void>;
}

const LOOK_EVERY_MS = 1000;
const MONITOR_EVERY_MS = 60_000;
const RECONCILE_EVERY_MS = 300_000;
/** A replay ends rather than goes on without an update. */
const DRAINS_WITHIN_MS = 30_000;
/** As a desk: an entry waits no longer for its first fill. */
const ENTRY_LIFETIME_MINUTES = 5;
const ADOPTED_STOP_RATIO = 0.02;

/**
 * Starts a client: listens to its desk, decides by its owner's limits, and looks after its orders
 * until it is stopped. Start and recovery are one path.
 * @throws ClientError where another process runs with the home; ConfigError where the broker refuses the keys
 */
export const startClient = async ({
  home,
  keys,
  log,
  onEvent = () => {},
  clock = systemClock,
  mode: given_mode,
  listens = true,
}: ClientOptions): Promise<RunningClient> => {
  const profile = home.profile();
  const { limits, trouble } = watchLimits(
    home,
    log,
    (message) => onEvent({ event: 'fault', message }),
    // no slip of the pen in that file keeps its owner from selling
    listens ? null : ownerLimits.parse({}),
  );
  const lock = takeRunLock(home.folder);
  if (lock === null)
    throw new ClientError(
      `another catalyst-client runs with ${home.folder}: stop that one, or give this one a folder of its own with CATALYST_CLIENT_HOME`,
    );
  const mode = given_mode ?? (profile.account_kind === 'live' ? 'live' : 'paper');
  const isReplay = mode === 'replay';
  const database = openLocalDatabase(home.database_path);
  const wholeAccount = createBrokerage({
    config: {
      ALPACA_API_KEY: keys.key_id,
      ALPACA_SECRET_KEY: keys.secret_key,
      ALPACA_TRADING_URL: profile.broker.trading_url,
      ALPACA_DATA_URL: profile.broker.data_url,
      ALPACA_STREAM_URL: profile.broker.stream_url,
      ALPACA_DATA_FEED: profile.broker.feed,
    },
    log,
    clock,
    mode,
    timeout_ms: 5000,
  });
  const parts: ClientParts = {
    profile,
    limits,
    broker: wholeAccount,
    database,
    signals: createSignalStore(database),
    decisions: createDecisionStore(database),
    owner: createOwnerStore(database),
    clock,
    log,
    tell: onEvent,
  };
  const book = createSqliteBook({ database, clock });
  const life = createOrderLife({
    broker: ownView(wholeAccount, { database, clock }),
    book,
    clock,
    log,
    alerts: {
      raise: async ({ message }) => onEvent({ event: 'fault', message }),
    },
    settings: {
      mode,
      account: profile.account_number,
      entry_lifetime_minutes: ENTRY_LIFETIME_MINUTES,
      adopted_stop_ratio: ADOPTED_STOP_RATIO,
      stop_rule: NO_STOP_RULE,
    },
    // the owner's word is in the book, where one process of this machine finds what another wrote
    haltFile: { read: () => null, isDirect: () => false },
    epoch: () => null,
  });
  const hand = createHand(life);

  const readAccount = createReadAccount({
    account: wholeAccount,
    book,
    database,
    clock,
    log,
    isReconciled: life.isReconciled,
  });
  const readHours = createReadHours(wholeAccount.reference, { clock, log });
  const decideSignals = createDecideSignals({
    ...parts,
    quotes: wholeAccount.market_data,
    readAccount,
    readHours,
    limitsTrouble: trouble,
    enter: hand.enter,
  });
  const followDeskExits = createFollowDeskExits(parts, hand);
  const followDeskLevels = createFollowDeskLevels({ ...parts, book, hand });
  const watchDay = createWatchDay(parts, {
    hand,
    readAccount,
    readHours,
    confirming: isReplay ? { looks: 1, every_ms: 0 } : { looks: 3, every_ms: 5000 },
  });
  const tellFills = createTellFills(parts);
  const turn = createTurns();
  let isStopped = false;

  /** Each part by itself: one that fails takes none of the others with it. */
  const work = async (): Promise<void> => {
    for (const part of [followDeskExits, followDeskLevels, watchDay, decideSignals, tellFills])
      try {
        await part();
      } catch (error) {
        log.error('look_failed', { error });
        onEvent({ event: 'fault', message: (error as Error).message });
      }
  };
  const keepLook = (): Promise<void> => {
    const heard_ms = listen.heard_ms();
    const look: Look = {
      stream: listen.state(),
      silent_ms: heard_ms === null ? null : Date.now() - heard_ms,
      desk_troubles: listen.troubles(),
      is_reconciled: life.isReconciled(),
      is_listening: life.isListening(),
      failures: life.failures(),
    };
    return writeLook(database, clock.latest(), look);
  };
  const lookAround = (): Promise<void> =>
    turn(() =>
      inContext({ caller: 'client' }, async () => {
        if (isStopped) return;
        await work();
        listen.look();
        await keepLook().catch((error: unknown) => log.warn('look_not_kept', { error }));
      }),
    );
  const told = (name: string, doing: Promise<unknown>): Promise<void> =>
    doing.then(
      () => undefined,
      (error: unknown) => log.warn(name, { error }),
    );

  const listen = createListen(parts, () => {
    if (!isReplay) void lookAround();
  });
  await life.start();
  if (listens) listen.start();
  const stops = [
    clock.beside(LOOK_EVERY_MS, lookAround),
    clock.beside(MONITOR_EVERY_MS, () => told('not_monitored', life.monitorPositions())),
    clock.beside(RECONCILE_EVERY_MS, () => told('not_reconciled', life.reconcile(null))),
  ];

  const isFlat = (): boolean => openPositions(database).length === 0;
  const settle = async (tradeSeq: ClientStep['tradeSeq']): Promise<void> => {
    for (let seen = -1; ;) {
      const seq = await tradeSeq();
      if (seq === seen) return;
      await life.drain(seq, DRAINS_WITHIN_MS);
      seen = seq;
    }
  };

  return {
    status: () => readStatus(database, profile, clock.latest()),
    history: (limit = 1000) => readHistory(database, limit),
    isReconciled: life.isReconciled,
    step: ({ at, signal_seq, tradeSeq }) =>
      turn(() =>
        inContext({ at, caller: 'client' }, async () => {
          if (signal_seq !== null) await listen.seen(signal_seq);
          await settle(tradeSeq);
          // nothing that nobody holds has to be looked at
          if (!isFlat()) await life.monitorPositions();
          if (!life.isReconciled()) await life.reconcile(null);
          await work();
          listen.look();
          await settle(tradeSeq);
        }),
      ),
    sleep: listen.stop,
    wake: listen.start,
    isFlat,
    stop: async () => {
      isStopped = true;
      for (const stop of stops) stop();
      listen.stop();
      await turn(async () => {});
      await life.stop();
      database.close();
      lock.release();
    },
  };
};
