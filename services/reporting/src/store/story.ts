import type { SymbolStory } from '@catalyst/contracts';
import type { Instant, TradeDate } from '@catalyst/domain';
import type { Database } from '@catalyst/service-kit';
import type { CycleRow } from './reports.ts';

export type Story = Omit<SymbolStory, 'verdict'>;
export type Security = Pick<Story, 'symbol' | 'name' | 'sector'>;
export type StoryOrder = Omit<Story['orders'][number], 'fills' | 'changes'>;
export type StoryChange = Story['orders'][number]['changes'][number] & { client_order_id: string };
export type StoryFill = Story['orders'][number]['fills'][number] & { client_order_id: string };
export type StoryPosition = Omit<Story['positions'][number], 'r_multiple'>;

/** The chain from headline to result, each link from its owner's view; lists in order of time. */
export const createStoryStore = (database: Database) => ({
  securities: (): Promise<Security[]> =>
    database.query('SELECT symbol, name, sector FROM v_securities ORDER BY symbol'),
  /** The cycle of a date; by default the latest that is not of a day to come. */
  findDay: async (tradeDate: string | null, today: TradeDate): Promise<CycleRow | undefined> =>
    (
      await database.query<CycleRow>(
        `SELECT cycle_id, trade_date, state FROM v_report_cycles
         WHERE CASE WHEN $1::date IS NULL THEN trade_date <= $2 ELSE trade_date = $1 END
         ORDER BY trade_date DESC LIMIT 1`,
        [tradeDate, today],
      )
    )[0],
  tradedSymbols: async (cycleId: string): Promise<string[]> =>
    (
      await database.query<{ symbol: string }>(
        `SELECT DISTINCT symbol FROM v_positions WHERE cycle_id = $1 AND entered_qty > 0
         ORDER BY symbol`,
        [cycleId],
      )
    ).map(({ symbol }) => symbol),

  /** What was first seen on the date, and what the day's scans went by. */
  news: (symbol: string, { cycle_id, trade_date }: CycleRow): Promise<Story['news']> =>
    database.query(
      `SELECT article_id, source, headline, url, published_at, first_seen_at, sentiment, scored_by,
         catalyst_type, catalyst_strength, is_repeat
       FROM v_story_news WHERE symbol = $1 AND (seen_on = $3
         OR article_id IN (SELECT article_id FROM v_story_scans WHERE symbol = $1
           AND cycle_id = $2))
       ORDER BY first_seen_at, published_at, article_id`,
      [symbol, cycle_id, trade_date],
    ),
  scans: (symbol: string, { cycle_id }: CycleRow): Promise<Story['scans']> =>
    database.query(
      `SELECT scan_id, phase, completed_at, stage, passed, reason, rank, composite_score,
         article_id, catalyst_type, catalyst_strength, sentiment, headline, technical, pattern
       FROM v_story_scans WHERE symbol = $1 AND cycle_id = $2
       ORDER BY completed_at, started_at, scan_id`,
      [symbol, cycle_id],
    ),
  decisions: (symbol: string, { cycle_id }: CycleRow): Promise<Story['decisions']> =>
    database.query(
      `SELECT decision_id, decided_at, kind, outcome, reason, scan_id, article_id, intent_id,
         pattern
       FROM v_story_decisions WHERE symbol = $1 AND cycle_id = $2
       ORDER BY decided_at, kind, decision_id`,
      [symbol, cycle_id],
    ),
  signals: (symbol: string, { cycle_id }: CycleRow): Promise<Story['signals']> =>
    database.query(
      `SELECT seq, signal_id, decision_id, side, entry_price, stop_price, target_price, confidence,
         created_at, valid_until
       FROM v_story_signals WHERE symbol = $1 AND cycle_id = $2 ORDER BY seq`,
      [symbol, cycle_id],
    ),
  reviews: (symbol: string, { cycle_id }: CycleRow): Promise<Story['reviews']> =>
    database.query(
      `SELECT intent_id, decided_at, intent, decision
       FROM v_story_reviews WHERE symbol = $1 AND cycle_id = $2 ORDER BY decided_at, intent_id`,
      [symbol, cycle_id],
    ),
  orders: (symbol: string, { cycle_id }: CycleRow): Promise<StoryOrder[]> =>
    database.query(
      `SELECT client_order_id, broker_order_id, parent_client_order_id, cycle_id, position_id, side, role, type,
         order_class, time_in_force, qty, filled_qty, filled_avg_price, limit_price, stop_price,
         status, reason, created_at, updated_at
       FROM v_orders WHERE symbol = $1 AND cycle_id = $2
       ORDER BY created_at, array_position(ARRAY['entry', 'target', 'stop', 'exit'], role),
         client_order_id`,
      [symbol, cycle_id],
    ),
  proposals: (symbol: string, { cycle_id }: CycleRow): Promise<Story['proposals']> =>
    database.query(
      `SELECT proposal_id, origin, intent ->> 'direction' AS direction,
         (intent ->> 'qty')::numeric AS qty, (intent ->> 'entry_price')::numeric AS entry_price,
         (intent ->> 'stop_price')::numeric AS stop_price,
         (intent ->> 'target_price')::numeric AS target_price,
         verdict, summary, state, outcome, created_at, expires_at
       FROM v_story_proposals WHERE symbol = $1 AND cycle_id = $2 ORDER BY created_at, proposal_id`,
      [symbol, cycle_id],
    ),
  changes: (symbol: string, { cycle_id }: CycleRow): Promise<StoryChange[]> =>
    database.query(
      `SELECT client_order_id, occurred_at, event, status, told_by,
         (details ->> 'from')::numeric AS from_price, (details ->> 'to')::numeric AS to_price,
         coalesce(details ->> 'why', details ->> 'cause', details ->> 'reason') AS why
       FROM v_story_order_changes WHERE symbol = $1 AND cycle_id = $2 ORDER BY seq`,
      [symbol, cycle_id],
    ),
  /** The date's minutes that ended at or after an instant, and the last before it. */
  priceMove: async (
    symbol: string,
    { trade_date }: CycleRow,
    since: Instant,
  ): Promise<Story['afterwards']> =>
    (
      await database.query<NonNullable<Story['afterwards']>>(
        `WITH minutes AS (
           SELECT * FROM v_story_minutes WHERE symbol = $1 AND trade_date = $2
         ), start AS (
           SELECT close FROM minutes WHERE ended_at <= $3 ORDER BY ended_at DESC LIMIT 1
         ), later AS (SELECT * FROM minutes WHERE ended_at > $3)
         SELECT $3::timestamptz AS since, (SELECT close FROM start) AS price, max(high) AS highest,
           min(low) AS lowest, (array_agg(close ORDER BY ended_at DESC))[1] AS last,
           max(ended_at) AS until
         FROM later HAVING count(*) > 0 AND (SELECT close FROM start) IS NOT NULL`,
        [symbol, trade_date, since],
      )
    )[0] ?? null,
  fills: (symbol: string, { cycle_id }: CycleRow): Promise<StoryFill[]> =>
    database.query(
      `SELECT client_order_id, execution_id, qty, price, filled_at
       FROM v_fills WHERE symbol = $1 AND cycle_id = $2 ORDER BY seq`,
      [symbol, cycle_id],
    ),
  positions: (symbol: string, { cycle_id }: CycleRow): Promise<StoryPosition[]> =>
    database.query(
      `SELECT position_id, cycle_id, direction, status, qty, entered_qty, entry_price, entered_at,
         exit_price, exited_at, exit_reason, initial_stop_price, target_price, last_price,
         last_price_at, unrealized_pnl_usd, realized_pnl_usd, is_protected, is_adopted, intent_id
       FROM v_positions WHERE symbol = $1 AND cycle_id = $2 ORDER BY created_at, position_id`,
      [symbol, cycle_id],
    ),
});
export type StoryStore = ReturnType<typeof createStoryStore>;
