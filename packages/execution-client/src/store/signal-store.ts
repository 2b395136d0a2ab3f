import type {
  ClientConfiguration,
  ServerFrame,
  SignalFeedback,
  TradingSignal,
} from '@catalyst/contracts';
import type { Instant } from '@catalyst/domain';
import type { LocalDatabase, LocalReads, LocalWrites } from './local-database.ts';

type FrameOf<T extends ServerFrame['type']> = Extract<ServerFrame, { type: T }>;

/** How far the stream was seen, and what the desk said last. */
export interface StreamCursor {
  log_id: string;
  /** All up to it was seen, or did not concern this client. */
  last_seq: number;
  is_desk_halted: boolean;
  configuration: ClientConfiguration;
}

/** A signal as it came. */
export interface ReceivedSignal<S extends TradingSignal = TradingSignal> {
  signal: S;
  received_at: Instant;
}
export type FirstSignal = Extract<TradingSignal, { kind: 'signal' }>;
export type ClosedSignal = Extract<TradingSignal, { kind: 'closed' | 'cancelled' }>;
export type LevelsSignal = Extract<TradingSignal, { kind: 'levels' }>;

const received = <S extends TradingSignal>(rows: { row: string; received_at: Instant }[]) =>
  rows.map(({ row, received_at }): ReceivedSignal<S> => ({
    signal: JSON.parse(row) as S,
    received_at,
  }));

const readCursor = (db: LocalReads): StreamCursor | null => {
  const row = db.one<{
    log_id: string;
    last_seq: number;
    is_desk_halted: number;
    configuration: string;
  }>('SELECT log_id, last_seq, is_desk_halted, configuration FROM stream');
  return row
    ? {
        ...row,
        is_desk_halted: row.is_desk_halted === 1,
        configuration: JSON.parse(row.configuration) as ClientConfiguration,
      }
    : null;
};

const moveTo = (tx: LocalWrites, seq: number): void => {
  tx.run('UPDATE stream SET last_seq = max(last_seq, ?)', seq);
};

/** What came from the desk, by its gapless number, and what goes back. */
export const createSignalStore = (database: LocalDatabase) => ({
  cursor: (): StreamCursor | null => readCursor(database),

  /**
   * The stream begins: at the number that was seen last or, where the desk's log is another one, at
   * that from which the desk goes on.
   */
  begin: (log_id: string, after_seq: number, configuration: ClientConfiguration): Promise<void> =>
    database.write((tx) => {
      const known = readCursor(tx);
      const isSame = known?.log_id === log_id;
      tx.run(
        `INSERT INTO stream (one, log_id, last_seq, is_desk_halted, configuration) VALUES (1, ?, ?, ?, ?)
         ON CONFLICT (one) DO UPDATE SET log_id = excluded.log_id, last_seq = excluded.last_seq,
           is_desk_halted = excluded.is_desk_halted, configuration = excluded.configuration`,
        log_id,
        isSame ? known.last_seq : after_seq,
        isSame && known.is_desk_halted ? 1 : 0,
        JSON.stringify(configuration),
      );
    }),
  configure: (configuration: ClientConfiguration): Promise<void> =>
    database.write((tx) => {
      tx.run('UPDATE stream SET configuration = ?', JSON.stringify(configuration));
    }),

  /** False where a number before it is missing; a signal that was seen before changes nothing. */
  take: ({ signal, after }: FrameOf<'signal'>, received_at: Instant): Promise<boolean> =>
    database.write((tx) => {
      const { log_id, last_seq } = readCursor(tx)!;
      if (signal.seq <= last_seq) return true;
      if (after > last_seq) return false;
      tx.run(
        'INSERT INTO signals (log_id, seq, received_at, row) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
        log_id,
        signal.seq,
        received_at,
        JSON.stringify(signal),
      );
      if (signal.kind === 'desk_halted') tx.run('UPDATE stream SET is_desk_halted = 1');
      if (signal.kind === 'desk_resumed') tx.run('UPDATE stream SET is_desk_halted = 0');
      moveTo(tx, signal.seq);
      return true;
    }),
  /** All up to `seq` has been considered; false where a number up to `after` is missing. */
  seen: (after: number, seq: number): Promise<boolean> =>
    database.write((tx) => {
      if (after > readCursor(tx)!.last_seq) return false;
      moveTo(tx, seq);
      return true;
    }),

  /** First signals without a decision, in their order. */
  undecided: (): ReceivedSignal<FirstSignal>[] =>
    received(
      database.all(
        `SELECT row, received_at FROM signals s WHERE kind = 'signal'
           AND NOT EXISTS (SELECT 1 FROM decisions d WHERE d.signal_id = s.signal_id)
         ORDER BY received_at, seq`,
      ),
    ),
  /** What ended the trade at the desk; undefined while it goes on there. */
  endOf: (signal_id: string): ReceivedSignal<ClosedSignal> | undefined =>
    received<ClosedSignal>(
      database.all(
        `SELECT row, received_at FROM signals WHERE about = ? AND kind IN ('cancelled', 'closed')
         ORDER BY seq LIMIT 1`,
        signal_id,
      ),
    )[0],
  /** Where the desk's exits of a trade stand by its last word; undefined where they were not moved. */
  levelsOf: (signal_id: string): ReceivedSignal<LevelsSignal> | undefined =>
    received<LevelsSignal>(
      database.all(
        `SELECT row, received_at FROM signals WHERE about = ? AND kind = 'levels'
         ORDER BY seq DESC LIMIT 1`,
        signal_id,
      ),
    )[0],
  read: (signal_id: string): ReceivedSignal | undefined =>
    received(
      database.all('SELECT row, received_at FROM signals WHERE signal_id = ?', signal_id),
    )[0],
  latest: (limit: number): ReceivedSignal[] =>
    received(
      database.all(
        'SELECT row, received_at FROM signals ORDER BY received_at DESC, seq DESC LIMIT ?',
        limit,
      ),
    ),
});
export type SignalStore = ReturnType<typeof createSignalStore>;

/** Keeps what is to be told; the same again changes nothing. */
export const queueFeedback = (
  tx: LocalWrites,
  feedback: SignalFeedback & { feedback_id: string },
  at: Instant,
): void => {
  tx.run(
    'INSERT INTO feedback (feedback_id, made_at, row) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
    feedback.feedback_id,
    at,
    JSON.stringify(feedback),
  );
};

/** What the desk has not said that it has, the oldest first. */
export const createFeedbackStore = (database: LocalDatabase) => ({
  waiting: (limit: number): SignalFeedback[] =>
    database
      .all<{ row: string }>(
        'SELECT row FROM feedback WHERE settled_at IS NULL ORDER BY made_at, feedback_id LIMIT ?',
        limit,
      )
      .map(({ row }) => JSON.parse(row) as SignalFeedback),
  settle: (signal_id: string, outcome: string, at: Instant): Promise<void> =>
    database.write((tx) => {
      tx.run(
        `UPDATE feedback SET settled_at = ? WHERE settled_at IS NULL
           AND row ->> 'signal_id' = ? AND row ->> 'outcome' = ?`,
        at,
        signal_id,
        outcome,
      );
    }),
});
