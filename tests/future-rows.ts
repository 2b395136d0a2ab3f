import type { Database } from '@catalyst/service-kit';

const DAY_MINUTES = 1440;

/** How a column of a copy differs from its row; what is not named is shifted by a day if it is a time. */
type Changes = Readonly<Record<string, string>>;

interface Copied {
  table: string;
  where: string;
  changes?: Changes;
}

/** Another id of the shape that our own have. */
const another = (id: string): string =>
  `overlay(overlay(md5((${id})::text || 'future') placing '8' from 13) placing '8' from 17)::uuid`;

/**
 * Rows of every kind that a tool reads, as they would come on the day after: the day's own rows
 * once more, a day later, for a cycle of tomorrow. Left out is what is no matter of "latest": the
 * broker's last word on the account counts whatever clock read it, and an alert is told at once.
 */
const COPIES: readonly Copied[] = [
  {
    table: 'trading_cycles',
    where: 'cycle_id = $1',
    changes: {
      cycle_id: another('cycle_id'),
      trade_date: 'trade_date + 2',
      state: "'trading'",
    },
  },
  {
    table: 'time_dimension',
    where: `time_id IN (SELECT time_id FROM trading_history UNION SELECT time_id FROM news_sentiment)
      AND time_id > (SELECT max(time_id) - ${DAY_MINUTES} FROM trading_history)`,
    changes: { trade_date: 'trade_date + 1' },
  },
  { table: 'trading_history', where: `time_id > (SELECT max(time_id) - 60 FROM trading_history)` },
  {
    table: 'technical_indicators',
    where: `time_id > (SELECT max(time_id) - 60 FROM technical_indicators)`,
  },
  {
    table: 'pattern_detections',
    where: 'true',
    changes: { pattern_id: another('pattern_id'), confidence: '0.99' },
  },
  {
    table: 'news_raw',
    where: 'duplicate_of IS NULL',
    changes: {
      article_id: another('article_id'),
      external_id: "external_id || ' future'",
      headline: "'what nobody knows yet'",
    },
  },
  {
    table: 'news_symbols',
    where: 'article_id IN (SELECT article_id FROM news_raw WHERE duplicate_of IS NULL)',
    changes: { article_id: another('article_id') },
  },
  {
    table: 'news_sentiment',
    where: 'article_id IN (SELECT article_id FROM news_raw WHERE duplicate_of IS NULL)',
    changes: { article_id: another('article_id'), sentiment: '-1' },
  },
  // a scan of tomorrow's cycle, and a later one of today's own
  {
    table: 'scans',
    where: "cycle_id = $1 AND status = 'complete'",
    changes: { scan_id: another('scan_id'), cycle_id: another('cycle_id') },
  },
  {
    table: 'scan_results',
    where: 'scan_id IN (SELECT scan_id FROM scans WHERE cycle_id = $1)',
    changes: { scan_id: another('scan_id'), composite_score: '0.99', article_id: 'NULL' },
  },
  {
    table: 'scans',
    where: "cycle_id = $1 AND status = 'complete'",
    changes: { scan_id: another("scan_id::text || 'own'") },
  },
  {
    table: 'positions',
    where: 'true',
    changes: {
      position_id: another('position_id'),
      cycle_id: another('cycle_id'),
      intent_id: another('intent_id'),
      status: "'closed'",
      qty: '0',
      entered_qty: '10',
      entry_price: '10',
      exit_price: '90',
      exited_at: "created_at + interval '1 day'",
      realized_pnl_usd: '800',
    },
  },
  {
    table: 'reports',
    where: 'cycle_id = $1',
    changes: {
      report_id: another('report_id'),
      cycle_id: another('cycle_id'),
      trade_date: 'trade_date + 2',
    },
  },
  {
    table: 'decision_logs',
    where: 'cycle_id = $1',
    changes: {
      decision_id: another('decision_id'),
      cycle_id: another('cycle_id'),
      intent_id: another('intent_id'),
      reason: "'of tomorrow'",
    },
  },
  {
    table: 'workflow_log',
    where: 'cycle_id = $1',
    changes: { cycle_id: another('cycle_id'), title: "'of tomorrow'" },
  },
  {
    table: 'trade_proposals',
    where: 'cycle_id = $1',
    changes: {
      proposal_id: another('proposal_id'),
      cycle_id: another('cycle_id'),
      state: "'waiting'",
    },
  },
  {
    table: 'risk_decisions',
    where: 'cycle_id = $1',
    changes: { intent_id: another('intent_id'), cycle_id: another('cycle_id') },
  },
];

const copy = async (
  database: Database,
  { table, where, changes = {} }: Copied,
  cycle_id: string,
): Promise<number> => {
  const columns = await database.query<{ name: string; type: string }>(
    `SELECT column_name AS name, data_type AS type FROM information_schema.columns
     WHERE table_name = $1 AND table_schema = current_schema() AND is_generated = 'NEVER'`,
    [table],
  );
  const values = columns.map(({ name, type }) =>
    changes[name] !== undefined
      ? changes[name]
      : name === 'time_id'
        ? `time_id + ${DAY_MINUTES}`
        : type === 'timestamp with time zone'
          ? `${name} + interval '1 day'`
          : name,
  );
  const names = columns.map(({ name }) => name).join(', ');
  const rows = await database.query(
    `INSERT INTO ${table} (${names}) SELECT ${values.join(', ')} FROM ${table} WHERE ${where}
     ON CONFLICT DO NOTHING RETURNING 1`,
    where.includes('$1') ? [cycle_id] : [],
  );
  return rows.length;
};

/** @returns how many rows of each table were written that are not yet due */
export const writeFutureRows = async (
  database: Database,
  cycle_id: string,
): Promise<Record<string, number>> => {
  const written: Record<string, number> = {};
  for (const copied of COPIES)
    written[copied.table] = (written[copied.table] ?? 0) + (await copy(database, copied, cycle_id));
  return written;
};
