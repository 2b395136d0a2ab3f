import {
  envelope,
  events,
  type Channel,
  type Envelope,
  type EventPayload,
} from '@catalyst/contracts';
import { stableId } from '@catalyst/domain';
import {
  AppError,
  type Clock,
  createOutage,
  currentContext,
  inContext,
  type Log,
  outsideContext,
} from '@catalyst/runtime';
import type { Metrics } from '../metrics.ts';
import { databaseFault } from '../storage/database-faults.ts';
import type { Database, Transaction } from '../storage/database.ts';
import { createRedisConnections, type RedisConnections } from './connect-redis.ts';
import { createStandingMark } from './standing-mark.ts';

export type Listener<C extends Channel = Channel> = (
  payload: EventPayload<C>,
  envelope: Envelope,
) => Promise<void> | void;

export interface EventBus {
  /**
   * Writes the event into the outbox of the transaction that makes it true; it is published after
   * the commit, again after a crash.
   */
  stage<C extends Channel>(tx: Transaction, channel: C, payload: EventPayload<C>): void;
  /**
   * Listens; events of other runs are dropped, bad ones are logged and dropped. One event at a
   * time.
   */
  subscribe(listeners: { [C in Channel]?: Listener<C> }): Promise<void>;
  /** Waits until everything staged by this process is published. */
  flush(): Promise<void>;
  /**
   * To be awaited behind the commit that changes how the desk stands, before that is answered: from
   * then on nobody tells the standing from before.
   */
  changeStanding(): Promise<void>;
  /** A connection of its own to the service's Redis; it is closed with the bus. */
  connect: RedisConnections['connect'];
  isConnected(): boolean;
  /** Since when committed events could not be published, by the wall; null where they could. */
  waitingSince(): number | null;
  close(): Promise<void>;
}

interface Options {
  service: string;
  run_id: string;
  redis_url: string;
  database: Database | null;
  clock: Clock;
  log: Log;
  metrics: Metrics;
}

/** Events of one statement and one turn with Redis. */
const AT_A_TIME = 200;

/**
 * Events over Redis pub/sub with a transactional outbox: an event only announces what is already
 * committed.
 */
export const createEventBus = ({
  service,
  run_id,
  redis_url,
  database,
  clock,
  log,
  metrics,
}: Options): EventBus => {
  const connections = createRedisConnections(redis_url, log);
  const publisher = connections.connect();
  const outage = createOutage('outbox', log);
  let waitingSince: number | null = null;
  let publishing: Promise<void> = Promise.resolve();
  let next: Promise<void> | null = null;
  let received: Promise<void> = Promise.resolve();

  const publishWaiting = async (): Promise<void> => {
    if (!database) return;
    for (;;) {
      const rows = await database.query<{ seq: number; channel: string; envelope: unknown }>(
        `SELECT seq, channel, envelope FROM outbox WHERE service = $1 AND published_at IS NULL
         ORDER BY seq LIMIT ${AT_A_TIME}`,
        [service],
      );
      if (rows.length === 0) return;
      const pipeline = publisher.pipeline();
      for (const row of rows) pipeline.publish(row.channel, JSON.stringify(row.envelope));
      const results = await pipeline.exec();
      const failed = results?.find(([error]) => error);
      if (!results || failed) throw failed?.[0] ?? new Error('redis did not answer');
      for (const row of rows) metrics.events.inc({ direction: 'published', channel: row.channel });
      await database.query(
        'UPDATE outbox SET published_at = $3 WHERE service = $1 AND seq = ANY ($2)',
        [service, rows.map((row) => row.seq), clock.latest()],
      );
      // what was staged since asks for its own turn
      if (rows.length < AT_A_TIME) return;
    }
  };
  const publish = async (): Promise<void> => {
    next = null;
    try {
      await publishWaiting();
      waitingSince = null;
      outage.back();
    } catch (error) {
      waitingSince ??= Date.now();
      // the database and Redis tell their own absence
      const isDatabaseAway = error instanceof AppError && databaseFault(error.cause) === 'away';
      if (!isDatabaseAway && publisher.status === 'ready') outage.away(error);
    }
  };
  // whoever asks while one waits for its turn is served by it: an absence piles nothing up
  const publishSoon = (): Promise<void> => {
    if (!next) {
      const { run, release } = clock.hold();
      next = publishing = publishing.then(() => run(publish)).finally(release);
    }
    return next;
  };
  // what a crash or a lost connection left behind; the wall's time, since it decides nothing
  const sweep = setInterval(() => void outsideContext(publishSoon), 2000);
  sweep.unref();
  void outsideContext(publishSoon);

  const receive = async (
    listeners: { [C in Channel]?: Listener<C> },
    channel: string,
    text: string,
  ): Promise<void> => {
    let message: Envelope;
    try {
      message = envelope.parse(JSON.parse(text));
    } catch (error) {
      log.warn('event_refused', { channel, error });
      return;
    }
    if (message.run_id !== run_id || message.name !== channel) return;
    const payload = events[message.name].safeParse(message.payload);
    const listener = listeners[message.name] as Listener | undefined;
    if (!payload.success || !listener) {
      log.warn('event_refused', { channel, error: payload.error });
      return;
    }
    metrics.events.inc({ direction: 'received', channel });
    try {
      await inContext(
        { request_id: message.request_id, caller: message.source, at: message.at },
        () => listener(payload.data as never, message),
      );
    } catch (error) {
      log.error('event_handler_failed', { channel, event_id: message.id, error });
    }
  };

  return {
    stage: (tx, channel, payload) => {
      const at = clock.now();
      const context = currentContext();
      const body = events[channel].parse(payload);
      tx.beforeCommit(async () => {
        const [head] = await tx.query<{ seq: number }>('SELECT next_seq($1) AS seq', [
          `outbox:${service}`,
        ]);
        const seq = head!.seq;
        const message: Envelope = {
          id: stableId('event', run_id, service, seq),
          name: channel,
          version: 1,
          seq,
          at,
          source: service,
          run_id,
          request_id: context?.request_id ?? 'none',
          causation_id: null,
          payload: body,
        };
        await tx.query(
          `INSERT INTO outbox (service, seq, event_id, channel, envelope, created_at)
           VALUES ($1, $2, $3, $4, $5, $6)`,
          [service, seq, message.id, channel, JSON.stringify(message), at],
        );
      });
      tx.afterCommit(() => void outsideContext(publishSoon));
    },
    subscribe: async (listeners) => {
      const subscriber = connections.connect();
      subscriber.on('message', (channel: string, text: string) => {
        const { run, release } = clock.hold();
        received = received
          .then(() => run(() => receive(listeners, channel, text)))
          .finally(release);
      });
      await subscriber.subscribe(...Object.keys(listeners));
    },
    changeStanding: createStandingMark(publisher, run_id),
    connect: connections.connect,
    flush: () => outsideContext(publishSoon),
    isConnected: () => publisher.status === 'ready',
    waitingSince: () => waitingSince,
    close: async () => {
      clearInterval(sweep);
      await publishing;
      await received;
      connections.close();
    },
  };
};
