import type { Instant } from '@catalyst/domain';
import type { StandingRow } from '@catalyst/order-life';
import type { Queryable } from '@catalyst/service-kit';

/** The trading state as risk wrote it, and the last halt file that nobody has lifted since. */
export const readStandingRow = async (db: Queryable): Promise<StandingRow> => {
  const [row] = await db.query<StandingRow>(
    `SELECT last.state, last.reason, last.on_behalf_of,
       (SELECT epoch FROM v_desk_holders WHERE service = 'trading') AS epoch,
       greatest(
         (SELECT max(changed_at) FROM v_trading_state_changes
          WHERE act IN ('pause', 'halt', 'flatten')),
         (SELECT max(seen_at) FROM halt_file_sightings)) AS stopped_at,
       (SELECT h.reason FROM halt_file_sightings h
        WHERE h.seen_at > coalesce((SELECT max(changed_at) FROM v_trading_state_changes
          WHERE act IN ('arm', 'resume')), '-infinity')
        ORDER BY h.seen_at DESC LIMIT 1) AS sighted
     FROM (VALUES (1)) AS one
     LEFT JOIN (SELECT state, reason, on_behalf_of FROM v_trading_state_changes
       ORDER BY seq DESC LIMIT 1) AS last ON true`,
  );
  return row!;
};

export const insertSighting = async (
  db: Queryable,
  reason: string,
  seen_at: Instant,
): Promise<void> => {
  await db.query(
    'INSERT INTO halt_file_sightings (seen_at, reason) VALUES ($1, $2) ON CONFLICT DO NOTHING',
    [seen_at, reason],
  );
};
