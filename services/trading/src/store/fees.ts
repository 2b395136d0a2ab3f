import type { BrokerFee } from '@catalyst/brokerage';
import type { ChargedFee, Instant, Sale, TradeDate } from '@catalyst/domain';
import type { Queryable } from '@catalyst/service-kit';

/** Keeps each fee once; one that the broker corrects or takes back is what it says now. */
export const saveFees = async (
  db: Queryable,
  fees: readonly BrokerFee[],
  at: Instant,
): Promise<void> => {
  if (fees.length === 0) return;
  await db.query(
    `INSERT INTO account_fees (activity_id, trade_date, kind, amount_usd, is_canceled, read_at)
     SELECT n.*, $6::timestamptz
     FROM unnest($1::text[], $2::date[], $3::text[], $4::numeric[], $5::boolean[])
       AS n(activity_id, trade_date, kind, amount_usd, is_canceled)
     ON CONFLICT (activity_id) DO UPDATE
     SET amount_usd = excluded.amount_usd, is_canceled = excluded.is_canceled,
       read_at = excluded.read_at
     WHERE (account_fees.amount_usd, account_fees.is_canceled)
       <> (excluded.amount_usd, excluded.is_canceled)`,
    [
      fees.map(({ id }) => id),
      fees.map(({ trade_date }) => trade_date),
      fees.map(({ kind }) => kind),
      fees.map(({ amount_usd }) => amount_usd),
      fees.map(({ is_canceled }) => is_canceled),
      at,
    ],
  );
};

/** What was sold on a date, and what the broker has charged for it so far. */
export const readFeesOf = async (
  db: Queryable,
  date: TradeDate,
): Promise<{ sales: Sale[]; charged: ChargedFee[] }> => {
  const [sales, charged] = await Promise.all([
    db.query<{ qty: string; price: string }>(
      'SELECT qty, price FROM v_report_sales WHERE trade_date = $1',
      [date],
    ),
    db.query<ChargedFee>('SELECT kind, amount_usd FROM v_report_fees WHERE trade_date = $1', [
      date,
    ]),
  ]);
  return { sales, charged };
};
