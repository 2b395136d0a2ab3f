import type { DecimalString } from '@catalyst/domain';
import type { Queryable } from '@catalyst/service-kit';

export interface WatchRow {
  stale: { symbol: string; last_price_at: string | null }[];
  /** The latest first, three at most. */
  reads: { read_at: string; loss_usd: DecimalString; equity_usd: DecimalString }[];
  highest_usd: DecimalString | null;
  results: { symbol: string; usd: DecimalString }[];
}

/**
 * What is watched beside the standing, in one statement: held stocks whose last price was made
 * before an instant or never, the account at its last reads of the day, the highest equity that
 * two reads in a row had, and the results of the day's trades, each symbol's newest first.
 */
export const readWatch = async (
  db: Queryable,
  { priced_before, now }: { priced_before: string; now: string },
): Promise<WatchRow> => {
  const [row] = await db.query<WatchRow>(
    `WITH reads AS (
         SELECT read_at, equity_usd, last_equity_usd,
           least(equity_usd, lead(equity_usd) OVER (ORDER BY read_at)) AS of_two
         FROM v_account_reads
         WHERE read_at > $2::timestamptz - interval '1 day' AND read_at <= $2
           AND (read_at AT TIME ZONE 'America/New_York')::date
             = ($2::timestamptz AT TIME ZONE 'America/New_York')::date)
       SELECT
         (SELECT coalesce(json_agg(json_build_object('symbol', symbol, 'last_price_at',
              last_price_at) ORDER BY symbol), '[]')
          FROM v_positions WHERE status <> 'closed' AND qty > 0
            AND coalesce(last_price_at, entered_at) < $1) AS stale,
         (SELECT coalesce(json_agg(json_build_object('read_at', read_at, 'loss_usd',
              (last_equity_usd - equity_usd)::text, 'equity_usd', equity_usd::text)
              ORDER BY read_at DESC), '[]')
          FROM (SELECT * FROM reads ORDER BY read_at DESC LIMIT 3) l) AS reads,
         (SELECT greatest(max(of_two), max(last_equity_usd)) FROM reads) AS highest_usd,
         (SELECT coalesce(json_agg(json_build_object('symbol', symbol, 'usd',
              realized_pnl_usd::text) ORDER BY exited_at DESC, symbol), '[]')
          FROM v_positions WHERE status = 'closed' AND entered_qty > 0
            AND exited_at > $2::timestamptz - interval '1 day'
            AND (exited_at AT TIME ZONE 'America/New_York')::date
              = ($2::timestamptz AT TIME ZONE 'America/New_York')::date) AS results`,
    [priced_before, now],
  );
  return row!;
};
