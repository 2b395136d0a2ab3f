import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { AppError, type Log, outsideContext } from '@catalyst/runtime';
import type { Queryable } from './database.ts';

/** The one process that does a service's work at a desk. */
export interface DeskHolder {
  /** Resolves once this process holds the desk, however long another one does. */
  acquire(): Promise<void>;
  /** True from then on, also while the database is away: what protects goes on. */
  isHolder(): boolean;
  /**
   * What each transaction that intends compares with `desk_holders`: another number there means that
   * another process has taken over. Null before this one held it.
   */
  epoch(): number | null;
  close(): Promise<void>;
}

/**
 * Holds an epoch against the desk's, in the transaction that intends.
 * @throws AppError DESK_TAKEN_OVER where another process does the work by now
 */
export const assertHolder = async (
  db: Queryable,
  service: string,
  epoch: number | null,
): Promise<void> => {
  const [row] = await db.query<{ epoch: number }>(
    'SELECT epoch FROM desk_holders WHERE service = $1',
    [service],
  );
  if ((row?.epoch ?? null) !== epoch)
    throw new AppError(
      'DESK_TAKEN_OVER',
      `another process does the work of ${service} at this desk`,
      { epoch, holder: row?.epoch ?? null },
    );
};

interface Options {
  url: string;
  service: string;
  log: Log;
  /** Another process has taken over: this one must act no more. */
  onLost: () => void;
}

/** Between two tries of a process that waits; shorter at first, when the one before has just died. */
const FIRST_TRY_MS = 25;
const TRY_EVERY_MS = 500;
const BEAT_EVERY_MS = 2000;
/** A holder that has not beaten for so long has stopped; its session is ended. */
const DEAD_AFTER_MS = 8000;
const ANSWER_WITHIN_MS = 3000;
/** The first half of the advisory lock's key; the second is the service's name. */
const LOCK = 770_022;
/** A server that hears nothing of a client ends its session, and its lock, as soon. */
const KEEP_ALIVE =
  '-c tcp_keepalives_idle=3 -c tcp_keepalives_interval=1 -c tcp_keepalives_count=3 -c tcp_user_timeout=6000';

/**
 * Holds a desk for one service by a session's advisory lock, on a connection of its own. A process
 * that dies gives it up at once; one that is stopped loses it to whoever waits, and finds out before
 * it intends anything.
 */
export const createDeskHolder = ({ url, service, log, onLost }: Options): DeskHolder => {
  let client: pg.Client | null = null;
  let epoch: number | null = null;
  let isClosed = false;
  let beating: NodeJS.Timeout | undefined;

  const connect = async (): Promise<pg.Client> => {
    const fresh = new pg.Client({
      connectionString: url,
      application_name: `catalyst-${service}-holder`,
      keepAlive: true,
      keepAliveInitialDelayMillis: 3000,
      connectionTimeoutMillis: ANSWER_WITHIN_MS,
      query_timeout: ANSWER_WITHIN_MS,
      options: KEEP_ALIVE,
    });
    fresh.on('error', (error) => {
      if (client === fresh) client = null;
      if (!isClosed) log.warn('desk_holder_disconnected', { error });
    });
    await fresh.connect();
    return fresh;
  };
  const drop = (): void => {
    const old = client;
    client = null;
    void old?.end().catch(() => undefined);
  };

  /** Takes the lock and a new epoch; false while another session has it. */
  const take = async (): Promise<boolean> => {
    client ??= await connect();
    const { rows } = await client.query<{ is_mine: boolean }>(
      'SELECT pg_try_advisory_lock($1, hashtext($2)) AS is_mine',
      [LOCK, service],
    );
    if (!rows[0]!.is_mine) return false;
    const { rows: taken } = await client.query<{ epoch: string }>(
      `INSERT INTO desk_holders AS h (service, epoch, beats, pid)
       VALUES ($1, 1, 0, pg_backend_pid())
       ON CONFLICT (service) DO UPDATE SET epoch = h.epoch + 1, pid = pg_backend_pid()
       WHERE $2::bigint IS NULL OR h.epoch = $2 RETURNING epoch`,
      [service, epoch],
    );
    if (taken.length === 0) {
      lose();
      return false;
    }
    epoch = Number(taken[0]!.epoch);
    return true;
  };
  const lose = (): void => {
    if (isClosed) return;
    isClosed = true;
    clearTimeout(beating);
    drop();
    log.error('desk_taken_over', { holder: service, epoch });
    onLost();
  };

  /** Ends the session of a holder that has stopped, and its lock with it. */
  const createEndOfStopped = () => {
    let seen: string | null = null;
    let since = performance.now();
    return async (): Promise<void> => {
      const { rows } = await client!.query<{ beats: string; pid: number }>(
        'SELECT beats, pid FROM desk_holders WHERE service = $1',
        [service],
      );
      const beats = rows[0] ? `${rows[0].pid}:${rows[0].beats}` : null;
      if (beats !== seen) {
        seen = beats;
        since = performance.now();
      } else if (rows[0] && performance.now() - since > DEAD_AFTER_MS) {
        log.warn('stopped_holder_ended', { holder: service, pid: rows[0].pid });
        since = performance.now();
        await client!.query('SELECT pg_terminate_backend($1)', [rows[0].pid]);
      }
    };
  };

  /** The server may not know yet that the connection before is gone. */
  const endOwnOrLose = async (): Promise<void> => {
    const { rows } = await client!.query<{ pid: number }>(
      'SELECT pid FROM desk_holders WHERE service = $1 AND epoch = $2',
      [service, epoch],
    );
    if (rows[0]) await client!.query('SELECT pg_terminate_backend($1)', [rows[0].pid]);
    else lose();
    drop();
  };

  const beat = async (): Promise<void> => {
    try {
      if (client === null) {
        // the lock went with the connection: it is taken again, unless another process was faster
        if (!(await take()) && !isClosed) await endOwnOrLose();
      } else
        await client.query('UPDATE desk_holders SET beats = beats + 1 WHERE service = $1', [
          service,
        ]);
    } catch (error) {
      log.warn('desk_not_held_for_sure', { holder: service, error });
      drop();
    }
    if (!isClosed) beating = setTimeout(() => void outsideContext(beat), BEAT_EVERY_MS).unref();
  };

  return {
    acquire: async () => {
      const endOfStopped = createEndOfStopped();
      for (let wait_ms = FIRST_TRY_MS; !isClosed; wait_ms = Math.min(wait_ms * 2, TRY_EVERY_MS)) {
        try {
          if (await take()) break;
          await endOfStopped();
        } catch (error) {
          log.warn('desk_not_held', { holder: service, error });
          drop();
        }
        await pause(wait_ms);
      }
      if (!isClosed) beating = setTimeout(() => void outsideContext(beat), BEAT_EVERY_MS).unref();
    },
    isHolder: () => epoch !== null && !isClosed,
    epoch: () => epoch,
    close: async () => {
      isClosed = true;
      clearTimeout(beating);
      const old = client;
      client = null;
      await old?.end().catch(() => undefined);
    },
  };
};
