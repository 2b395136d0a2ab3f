import type { CalendarDay, DecimalString, GicsSector, Instant, TradeDate } from '@catalyst/domain';
import type { Database, Queryable } from '@catalyst/service-kit';
import { column } from './array-literal.ts';

interface SecurityRow {
  symbol: string;
  name: string;
  exchange: string;
  is_tradable: boolean;
  is_shortable: boolean;
  sector: GicsSector | null;
  market_cap_usd: DecimalString | null;
}
interface SplitRow {
  symbol: string;
  ex_date: TradeDate;
  old_rate: number;
  new_rate: number;
}
interface CorporateActionRow {
  symbol: string;
  ex_date: TradeDate;
  action_type: string;
  new_rate: string | null;
  old_rate: string | null;
  cash_usd: string | null;
}

/** The exchange's calendar, securities and corporate actions. */
export const createReferenceStore = (database: Database) => ({
  /** What the broker says of a range of dates; a day that it does not list is closed. */
  saveCalendar: async (
    db: Queryable,
    days: readonly CalendarDay[],
    from: TradeDate,
    to: TradeDate,
  ): Promise<void> => {
    await db.query(
      `DELETE FROM market_calendar
       WHERE trade_date >= $1 AND trade_date <= $2 AND trade_date <> ALL ($3::date[])`,
      [from, to, column(days, 'date')],
    );
    await db.query(
      `INSERT INTO market_calendar (trade_date, open_time, close_time)
       SELECT * FROM unnest($1::date[], $2::time[], $3::time[])
       ON CONFLICT (trade_date) DO UPDATE
         SET open_time = excluded.open_time, close_time = excluded.close_time
         WHERE (market_calendar.open_time, market_calendar.close_time)
           <> (excluded.open_time, excluded.close_time)`,
      [column(days, 'date'), column(days, 'open'), column(days, 'close')],
    );
  },

  /** The exchange's days from a date on, oldest first. */
  readCalendar: (from: TradeDate, to: TradeDate): Promise<CalendarDay[]> =>
    database.query<CalendarDay>(
      `SELECT trade_date AS date, to_char(open_time, 'HH24:MI') AS open,
         to_char(close_time, 'HH24:MI') AS close
       FROM market_calendar WHERE trade_date >= $1 AND trade_date <= $2 ORDER BY trade_date`,
      [from, to],
    ),

  saveSecurities: async (
    db: Queryable,
    rows: readonly SecurityRow[],
    marketCapsAsOf: TradeDate,
    at: Instant,
  ): Promise<void> => {
    await db.query(
      `INSERT INTO securities
         (symbol, name, exchange, is_tradable, is_shortable, sector_id, market_cap_usd,
          market_cap_as_of, updated_at)
       SELECT n.symbol, n.name, n.exchange, n.is_tradable, n.is_shortable, x.sector_id,
         n.market_cap_usd, CASE WHEN n.market_cap_usd IS NOT NULL THEN $8::date END, $9
       FROM unnest($1::text[], $2::text[], $3::text[], $4::boolean[], $5::boolean[], $6::text[],
           $7::numeric[])
         AS n(symbol, name, exchange, is_tradable, is_shortable, sector, market_cap_usd)
       LEFT JOIN sectors x ON x.name = n.sector ORDER BY n.symbol
       ON CONFLICT (symbol) DO UPDATE
         SET name = excluded.name, exchange = excluded.exchange,
           is_tradable = excluded.is_tradable, is_shortable = excluded.is_shortable,
           sector_id = coalesce(excluded.sector_id, securities.sector_id),
           market_cap_usd = excluded.market_cap_usd, market_cap_as_of = excluded.market_cap_as_of,
           updated_at = excluded.updated_at`,
      [
        column(rows, 'symbol'),
        column(rows, 'name'),
        column(rows, 'exchange'),
        column(rows, 'is_tradable'),
        column(rows, 'is_shortable'),
        column(rows, 'sector'),
        column(rows, 'market_cap_usd'),
        marketCapsAsOf,
        at,
      ],
    );
  },

  countSecurities: async (): Promise<number> =>
    (
      await database.query<{ count: number }>(
        'SELECT count(*)::int8 AS count FROM securities WHERE is_tradable',
      )
    )[0]!.count,

  readSecurities: (symbols: readonly string[]) =>
    database.query<Omit<SecurityRow, 'exchange' | 'market_cap_usd'>>(
      `SELECT symbol, name, sector, is_tradable, is_shortable
       FROM v_securities WHERE symbol = ANY ($1) ORDER BY symbol`,
      [symbols],
    ),

  saveCorporateActions: async (
    db: Queryable,
    rows: readonly CorporateActionRow[],
    at: Instant,
  ): Promise<void> => {
    await db.query(
      `INSERT INTO corporate_actions
         (security_id, ex_date, action_type, new_rate, old_rate, cash_usd, first_seen_at)
       SELECT s.security_id, n.ex_date, n.action_type, n.new_rate, n.old_rate, n.cash_usd, $7
       FROM unnest($1::text[], $2::date[], $3::text[], $4::numeric[], $5::numeric[], $6::numeric[])
         AS n(symbol, ex_date, action_type, new_rate, old_rate, cash_usd)
       JOIN securities s USING (symbol) ON CONFLICT DO NOTHING`,
      [
        column(rows, 'symbol'),
        column(rows, 'ex_date'),
        column(rows, 'action_type'),
        column(rows, 'new_rate'),
        column(rows, 'old_rate'),
        column(rows, 'cash_usd'),
        at,
      ],
    );
  },

  readSplits: (symbols: readonly string[]) =>
    database.query<SplitRow>(
      `SELECT symbol, ex_date, old_rate::float8 AS old_rate, new_rate::float8 AS new_rate
       FROM v_corporate_actions
       WHERE symbol = ANY ($1) AND action_type IN ('forward_split', 'reverse_split')
       ORDER BY symbol, ex_date`,
      [symbols],
    ),
});
