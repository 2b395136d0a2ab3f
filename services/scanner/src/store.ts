import type {
  DetectedPattern,
  FunnelStage,
  Scan,
  ScanKind,
  ScanResult,
  TechnicalSnapshot,
} from '@catalyst/contracts';
import type { Instant, TradeDate } from '@catalyst/domain';
import type { Database, Queryable, Transaction } from '@catalyst/service-kit';
import type { CatalystFacts, UniverseFacts } from './domain/candidate.ts';

/**
 * What the technical service selected, kept so that every later scan of the cycle goes by it, after
 * a restart too.
 */
export interface StoredUniverse {
  limit: number;
  symbols_with_news: string[];
  members: UniverseFacts[];
  refused: { symbol: string; reason: string }[];
}
export interface ScanHead {
  scan_id: string;
  cycle_id: string | null;
  phase: ScanKind;
  session_date: TradeDate | null;
  universe_size: number;
  status: Scan['status'];
  counts: Record<FunnelStage, number>;
  degraded: string[];
  error: string | null;
  started_at: Instant;
  completed_at: Instant | null;
}
export type ResultRow = Omit<ScanResult, 'technical' | 'pattern'> & {
  technical: TechnicalSnapshot | null;
  pattern: DetectedPattern | null;
};

const HEAD =
  'scan_id, cycle_id, phase, session_date, universe_size, status, counts, degraded, error, started_at, completed_at';
const RESULT = `s.symbol, r.stage, r.passed, r.reason, r.rank, r.composite_score, r.catalyst_type, r.catalyst_strength, r.sentiment, r.article_id, r.headline, r.technical, r.pattern`;
const column = <T, K extends keyof T>(rows: readonly T[], name: K): T[K][] =>
  rows.map((row) => row[name]);
const json = (values: readonly unknown[]): (string | null)[] =>
  values.map((value) => (value === null ? null : JSON.stringify(value)));

export const createStore = (database: Database) => ({
  transaction: database.transaction,

  /**
   * The row of a new scan. @returns undefined where it is there already, or its cycle is unknown
   */
  addScan: async ({
    scan_id,
    cycle_id,
    phase,
    session_date,
    universe_size,
    started_at,
  }: Pick<
    ScanHead,
    'scan_id' | 'cycle_id' | 'phase' | 'session_date' | 'universe_size' | 'started_at'
  >): Promise<ScanHead | undefined> =>
    (
      await database.query<ScanHead>(
        `INSERT INTO scans
           (scan_id, cycle_id, phase, session_date, universe_size, status, started_at)
         SELECT $1, $2::uuid, $3, $4, $5, 'started', $6
         WHERE $2 IS NULL OR EXISTS (SELECT FROM v_cycle_hours WHERE cycle_id = $2)
         ON CONFLICT DO NOTHING RETURNING ${HEAD}`,
        [scan_id, cycle_id, phase, session_date, universe_size, started_at],
      )
    )[0],

  readHead: async (scanId: string): Promise<ScanHead | undefined> =>
    (await database.query<ScanHead>(`SELECT ${HEAD} FROM scans WHERE scan_id = $1`, [scanId]))[0],

  /**
   * The last complete scan of a cycle until `now`; of one cycle, or of all when null: one that is
   * stamped later is not the last one.
   */
  readLatestHead: async (cycleId: string | null, now: Instant): Promise<ScanHead | undefined> =>
    (
      await database.query<ScanHead>(
        `SELECT ${HEAD} FROM scans WHERE status = 'complete' AND cycle_id IS NOT NULL
           AND ($1::uuid IS NULL OR cycle_id = $1) AND completed_at <= $2
         ORDER BY completed_at DESC, started_at DESC, scan_id LIMIT 1`,
        [cycleId, now],
      )
    )[0],

  /** The last complete scan of a session that was over. */
  readLastSessionHead: async (): Promise<ScanHead | undefined> =>
    (
      await database.query<ScanHead>(
        `SELECT ${HEAD} FROM scans WHERE status = 'complete' AND session_date IS NOT NULL
         ORDER BY session_date DESC, completed_at DESC, scan_id LIMIT 1`,
      )
    )[0],

  readResults: (scanId: string): Promise<ResultRow[]> =>
    database.query<ResultRow>(
      `SELECT ${RESULT} FROM scan_results r JOIN v_securities s USING (security_id)
       WHERE r.scan_id = $1`,
      [scanId],
    ),

  readResult: async (scanId: string, symbol: string): Promise<ResultRow | undefined> =>
    (
      await database.query<ResultRow>(
        `SELECT ${RESULT} FROM scan_results r JOIN v_securities s USING (security_id)
         WHERE r.scan_id = $1 AND s.symbol = $2`,
        [scanId, symbol],
      )
    )[0],

  /** What the cycle's scans go by: the universe that was selected last. */
  readUniverse: async (cycleId: string): Promise<StoredUniverse | undefined> =>
    (
      await database.query<{ universe: StoredUniverse }>(
        `SELECT universe FROM scans WHERE cycle_id = $1 AND universe IS NOT NULL
           AND status = 'complete' ORDER BY completed_at DESC, started_at DESC, scan_id LIMIT 1`,
        [cycleId],
      )
    )[0]?.universe,

  /**
   * The stories of the last complete scan between the two; for when the news service cannot be asked.
   */
  readStoredCatalysts: (
    since: Instant,
    now: Instant,
  ): Promise<(CatalystFacts & { symbol: string })[]> =>
    database.query<CatalystFacts & { symbol: string }>(
      `SELECT s.symbol, r.catalyst_type, r.catalyst_strength AS strength, r.sentiment, r.article_id,
         r.headline
       FROM scan_results r JOIN v_securities s USING (security_id)
       WHERE r.article_id IS NOT NULL AND r.scan_id = (SELECT scan_id FROM scans
         WHERE status = 'complete' AND cycle_id IS NOT NULL AND completed_at BETWEEN $1 AND $2
         ORDER BY completed_at DESC, started_at DESC, scan_id LIMIT 1)
       ORDER BY s.symbol`,
      [since, now],
    ),

  /**
   * Completes a started scan. @returns undefined when it was not started any more: somebody else
   * ended it
   */
  completeScan: async (
    tx: Transaction,
    scanId: string,
    {
      counts,
      degraded,
      universe,
      at,
    }: {
      counts: Record<FunnelStage, number>;
      degraded: readonly string[];
      universe: StoredUniverse | null;
      at: Instant;
    },
  ): Promise<ScanHead | undefined> => {
    const [head] = await tx.query<ScanHead>(
      `UPDATE scans SET status = 'complete', counts = $2, degraded = $3, universe = $4,
         completed_at = $5
       WHERE scan_id = $1 AND status = 'started' RETURNING ${HEAD}`,
      [
        scanId,
        JSON.stringify(counts),
        degraded,
        universe === null ? null : JSON.stringify(universe),
        at,
      ],
    );
    return head;
  },

  failScan: async (scanId: string, error: string, at: Instant): Promise<void> => {
    await database.query(
      `UPDATE scans SET status = 'failed', error = $2, completed_at = $3
       WHERE scan_id = $1 AND status = 'started'`,
      [scanId, error, at],
    );
  },

  saveResults: async (tx: Queryable, scanId: string, rows: readonly ResultRow[]): Promise<void> => {
    if (rows.length === 0) return;
    await tx.query(
      `INSERT INTO scan_results (scan_id, security_id, stage, passed, reason, rank, composite_score,
         article_id, catalyst_type, catalyst_strength, sentiment, headline, technical, pattern)
       SELECT $1, s.security_id, n.stage, n.passed, n.reason, n.rank, n.composite_score,
         n.article_id, n.catalyst_type, n.catalyst_strength, n.sentiment, n.headline, n.technical,
         n.pattern
       FROM unnest($2::text[], $3::text[], $4::boolean[], $5::text[], $6::smallint[], $7::float8[],
         $8::uuid[], $9::text[], $10::float8[], $11::float8[], $12::text[], $13::jsonb[],
         $14::jsonb[])
         AS n(symbol, stage, passed, reason, rank, composite_score, article_id, catalyst_type,
           catalyst_strength, sentiment, headline, technical, pattern)
       JOIN get_or_create_securities($2::text[]) s USING (symbol) ON CONFLICT DO NOTHING`,
      [
        scanId,
        column(rows, 'symbol'),
        column(rows, 'stage'),
        column(rows, 'passed'),
        column(rows, 'reason'),
        column(rows, 'rank'),
        column(rows, 'composite_score'),
        column(rows, 'article_id'),
        column(rows, 'catalyst_type'),
        column(rows, 'catalyst_strength'),
        column(rows, 'sentiment'),
        column(rows, 'headline'),
        json(column(rows, 'technical')),
        json(column(rows, 'pattern')),
      ],
    );
  },
});
export type Store = ReturnType<typeof createStore>;
