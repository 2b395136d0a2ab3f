import type { TradingSignal } from '@catalyst/contracts';
import { stableId, type Instant } from '@catalyst/domain';
import type { Queryable, Transaction } from '@catalyst/service-kit';
import {
  numbered,
  type KeptState,
  type StockFacts,
  type TradePosition,
  type UnnumberedSignal,
} from '../domain/signal-rows.ts';

const STREAM = 'trading_signals';

/** The latest number of the log. */
export const findHead = async (db: Queryable): Promise<number> => {
  const [row] = await db.query<{ head: number }>(
    'SELECT coalesce(max(seq), 0) AS head FROM trading_signals',
  );
  return row!.head;
};

/** Databases of replays are copies of one: the run tells their logs apart. */
export const findLogId = async (db: Queryable, run_id: string): Promise<string> => {
  const [row] = await db.query<{ log_id: string }>('SELECT log_id FROM signal_log');
  return stableId('signal-log', run_id, row!.log_id);
};

/** What a row was made from: it is made once. */
export const isTold = async (db: Queryable, origin: string): Promise<boolean> => {
  const rows = await db.query('SELECT 1 FROM trading_signals WHERE origin = $1', [origin]);
  return rows.length > 0;
};

/**
 * Writes a row under the next number of the log. The number's row stays locked until the transaction
 * ends, so that rows become visible in the order of their numbers.
 */
export const insertSignal = async (
  tx: Transaction,
  origin: string,
  row: UnnumberedSignal,
): Promise<TradingSignal> => {
  const [head] = await tx.query<{ seq: number }>('SELECT next_seq($1) AS seq', [STREAM]);
  const signal = numbered(row, head!.seq);
  const facts = 'symbol' in signal ? signal : null;
  await tx.query(
    `INSERT INTO trading_signals (seq, signal_id, kind, about_seq, origin, decision_id, security_id,
       side, entry_price, stop_price, target_price, confidence, catalyst_type, source, pattern,
       reason, created_at, valid_until, payload)
     VALUES ($1, $2, $3, $4, $5, $6, (SELECT security_id FROM v_securities WHERE symbol = $7), $8,
       $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)`,
    [
      signal.seq,
      signal.signal_id,
      signal.kind,
      'about' in signal ? signal.about.seq : null,
      origin,
      facts?.chain.decision_id ?? null,
      facts?.symbol ?? null,
      facts?.side ?? null,
      facts?.entry_price ?? null,
      facts?.stop_price ?? null,
      facts?.target_price ?? null,
      facts?.confidence ?? null,
      facts?.catalyst_type ?? null,
      facts?.source ?? null,
      facts?.pattern ?? null,
      facts?.reason ?? null,
      signal.at,
      facts?.valid_until ?? null,
      JSON.stringify(signal),
    ],
  );
  return signal;
};

/** Rows after a number, oldest first. */
export const listSignals = async (
  db: Queryable,
  {
    after_seq,
    limit,
    symbol = null,
    since = null,
  }: { after_seq: number; limit: number; symbol?: string | null; since?: Instant | null },
): Promise<TradingSignal[]> => {
  const rows = await db.query<{ payload: TradingSignal }>(
    `SELECT payload FROM trading_signals
     WHERE seq > $1 AND ($3::timestamptz IS NULL OR created_at >= $3) AND ($4::text IS NULL
       OR security_id = (SELECT security_id FROM v_securities WHERE symbol = $4))
     ORDER BY seq LIMIT $2`,
    [after_seq, limit, since, symbol],
  );
  return rows.map(({ payload }) => payload);
};

/** A row by its id, with the later rows about it. */
export const findSignal = async (
  db: Queryable,
  signal_id: string,
): Promise<{ signal: TradingSignal; later: TradingSignal[] } | null> => {
  const rows = await db.query<{ payload: TradingSignal }>(
    `SELECT t.payload FROM trading_signals t JOIN trading_signals f ON f.signal_id = $1
     WHERE t.seq = f.seq OR t.about_seq = f.seq ORDER BY t.seq`,
    [signal_id],
  );
  const [signal, ...later] = rows.map(({ payload }) => payload);
  return signal ? { signal, later } : null;
};

/** The first row of the trade that an intent is about. */
export const findFirst = async (
  db: Queryable,
  decision_id: string,
): Promise<TradingSignal | null> => {
  const [row] = await db.query<{ payload: TradingSignal }>(
    "SELECT payload FROM trading_signals WHERE decision_id = $1 AND kind = 'signal'",
    [decision_id],
  );
  return row?.payload ?? null;
};

export const findState = async (db: Queryable, first_seq: number): Promise<KeptState | null> => {
  const [row] = await db.query<KeptState>(
    'SELECT first_seq, last_seq, state, stop_price, target_price FROM signal_states WHERE first_seq = $1',
    [first_seq],
  );
  return row ?? null;
};

export const listStates = (db: Queryable): Promise<KeptState[]> =>
  db.query<KeptState>(
    'SELECT first_seq, last_seq, state, stop_price, target_price FROM signal_states ORDER BY first_seq',
  );

export const keepState = async (
  tx: Transaction,
  { first_seq, last_seq, state, stop_price, target_price }: KeptState,
): Promise<void> => {
  await tx.query(
    `INSERT INTO signal_states (first_seq, last_seq, state, stop_price, target_price)
     VALUES ($1, $2, $3, $4, $5) ON CONFLICT (first_seq) DO UPDATE
       SET last_seq = excluded.last_seq, state = excluded.state,
         stop_price = excluded.stop_price, target_price = excluded.target_price`,
    [first_seq, last_seq, state, stop_price, target_price],
  );
};

export const findStockFacts = async (db: Queryable, symbol: string): Promise<StockFacts> => {
  const [row] = await db.query<StockFacts>(
    'SELECT sector, market_cap_usd, market_cap_as_of FROM v_securities WHERE symbol = $1',
    [symbol],
  );
  return row ?? { sector: null, market_cap_usd: null, market_cap_as_of: null };
};

type Cursor = 'order_events' | 'trading_state_changes';

export const readCursor = async (db: Queryable, stream: Cursor): Promise<number> => {
  const [row] = await db.query<{ last_seq: number }>(
    'SELECT last_seq FROM signal_cursors WHERE stream = $1',
    [stream],
  );
  return row?.last_seq ?? 0;
};

/** What trading and risk have written that the log has not read yet; most often nothing. */
export interface Unread {
  trades: boolean;
  desk: boolean;
}

export const UNREAD = `SELECT EXISTS (SELECT 1 FROM v_order_events WHERE seq > coalesce((
         SELECT last_seq FROM signal_cursors WHERE stream = 'order_events'), 0)) AS trades,
       EXISTS (SELECT 1 FROM v_trading_state_changes WHERE seq > coalesce((
         SELECT last_seq FROM signal_cursors WHERE stream = 'trading_state_changes'), 0)) AS desk`;

export const findUnread = async (db: Queryable): Promise<Unread> =>
  (await db.query<Unread>(UNREAD))[0]!;

export const moveCursor = async (
  tx: Transaction,
  stream: Cursor,
  last_seq: number,
): Promise<void> => {
  await tx.query('UPDATE signal_cursors SET last_seq = $2 WHERE stream = $1', [stream, last_seq]);
};

/** Which positions something happened to after a number of trading's log, in the order of it. */
export const listTouched = (
  db: Queryable,
  after_seq: number,
): Promise<{ seq: number; position_id: string | null }[]> =>
  db.query('SELECT seq, position_id FROM v_order_events WHERE seq > $1 ORDER BY seq LIMIT 500', [
    after_seq,
  ]);

/** Positions with their entry and what protects them now. */
export const readPositions = (
  db: Queryable,
  position_ids: readonly string[],
): Promise<(TradePosition & { decision_id: string })[]> =>
  db.query(
    `SELECT p.position_id, p.intent_id, p.direction, p.status, p.entered_qty, p.entry_price,
       p.entered_at, p.exit_price, p.exited_at, p.exit_reason, p.initial_stop_price,
       e.status AS entry_status, e.reason AS entry_reason, s.stop_price AS live_stop_price,
       g.limit_price AS live_target_price, d.decision_id
     FROM v_positions p
     JOIN decision_logs d ON d.intent_id = p.intent_id AND d.kind = 'enter'
     LEFT JOIN LATERAL (SELECT o.status, o.reason FROM v_orders o
       WHERE o.position_id = p.position_id AND o.role = 'entry'
       -- of an entry in parts one that came to something
       ORDER BY o.created_at DESC, o.status IN ('refused', 'rejected', 'canceled', 'expired'),
         o.client_order_id LIMIT 1) e ON true
     LEFT JOIN LATERAL (SELECT o.stop_price FROM v_orders o
       WHERE o.position_id = p.position_id AND o.role = 'stop'
         AND o.status IN ('new', 'accepted', 'held', 'pending_new', 'partially_filled')
       ORDER BY o.created_at DESC, o.client_order_id LIMIT 1) s ON true
     LEFT JOIN LATERAL (SELECT o.limit_price FROM v_orders o
       WHERE o.position_id = p.position_id AND o.role = 'target'
         AND o.status IN ('new', 'accepted', 'held', 'pending_new', 'partially_filled')
       -- of a trade that leaves in parts the last one's
       ORDER BY CASE p.direction WHEN 'long' THEN -o.limit_price ELSE o.limit_price END,
         o.created_at DESC, o.client_order_id LIMIT 1) g ON true
     WHERE p.position_id = ANY ($1)`,
    [position_ids],
  );

export interface StateChange {
  seq: number;
  state: string;
  reason: string;
}

/** The trading state before and after a number of risk's log, oldest first. */
export const listStateChanges = (db: Queryable, after_seq: number): Promise<StateChange[]> =>
  db.query<StateChange>(
    'SELECT seq, state, reason FROM v_trading_state_changes WHERE seq >= $1 ORDER BY seq LIMIT 100',
    [after_seq],
  );
