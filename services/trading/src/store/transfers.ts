import type { BrokerTransfer } from '@catalyst/brokerage';
import type { Instant } from '@catalyst/domain';
import type { Queryable } from '@catalyst/service-kit';

/**
 * Keeps each transfer once; one that the broker corrects or takes back is what it says now. Answers
 * how many were new or changed.
 */
export const saveTransfers = async (
  db: Queryable,
  transfers: readonly BrokerTransfer[],
  at: Instant,
): Promise<number> => {
  if (transfers.length === 0) return 0;
  const kept = await db.query(
    `INSERT INTO account_transfers (activity_id, trade_date, amount_usd, is_canceled, read_at)
     SELECT n.*, $5::timestamptz
     FROM unnest($1::text[], $2::date[], $3::numeric[], $4::boolean[])
       AS n(activity_id, trade_date, amount_usd, is_canceled)
     ON CONFLICT (activity_id) DO UPDATE
     SET amount_usd = excluded.amount_usd, is_canceled = excluded.is_canceled,
       read_at = excluded.read_at
     WHERE (account_transfers.amount_usd, account_transfers.is_canceled)
       <> (excluded.amount_usd, excluded.is_canceled)
     RETURNING activity_id`,
    [
      transfers.map(({ id }) => id),
      transfers.map(({ trade_date }) => trade_date),
      transfers.map(({ amount_usd }) => amount_usd),
      transfers.map(({ is_canceled }) => is_canceled),
      at,
    ],
  );
  return kept.length;
};
