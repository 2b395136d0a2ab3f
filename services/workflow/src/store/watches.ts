import type { Watch } from '@catalyst/contracts';
import type { DecimalString, Instant } from '@catalyst/domain';
import type { Queryable } from '@catalyst/service-kit';

const COLUMNS = `w.watch_id, w.asked_by, w.kind, s.symbol, w.direction, w.level, w.note, w.by_mail,
  w.state, w.created_at, w.expires_at, w.met_at, w.met_value`;
const FROM = 'FROM watches w LEFT JOIN v_securities s USING (security_id)';

/** Stores a watch once. */
export const insertWatch = async (
  db: Queryable,
  row: Omit<Watch, 'state' | 'met_at' | 'met_value'>,
): Promise<void> => {
  await db.query(
    `INSERT INTO watches (watch_id, asked_by, kind, security_id, direction, level, note, by_mail,
       state, created_at, expires_at)
     VALUES ($1, $2, $3, CASE WHEN $4::text IS NULL THEN NULL ELSE get_or_create_security($4) END,
       $5, $6, $7, $8, 'waiting', $9, $10)
     ON CONFLICT DO NOTHING`,
    [
      row.watch_id,
      row.asked_by,
      row.kind,
      row.symbol,
      row.direction,
      row.level,
      row.note,
      row.by_mail,
      row.created_at,
      row.expires_at,
    ],
  );
};

export const findWatch = async (db: Queryable, watch_id: string): Promise<Watch | undefined> =>
  (await db.query<Watch>(`SELECT ${COLUMNS} ${FROM} WHERE w.watch_id = $1`, [watch_id]))[0];

/** Those that wait and have not expired, or the last hundred of all, newest first. */
export const listWatches = (
  db: Queryable,
  state: 'waiting' | 'all',
  now: Instant,
): Promise<Watch[]> =>
  db.query<Watch>(
    `SELECT ${COLUMNS} ${FROM} WHERE $1 = 'all' OR (w.state = 'waiting' AND w.expires_at > $2)
     ORDER BY w.created_at DESC, w.watch_id LIMIT CASE $1 WHEN 'all' THEN 100 END`,
    [state, now],
  );

/** Ends a waiting one; false when it has ended already. */
export const endWatch = async (
  db: Queryable,
  watch_id: string,
  state: 'met' | 'removed',
  met: { at: Instant; value: DecimalString } | null,
): Promise<boolean> => {
  const rows = await db.query(
    `UPDATE watches SET state = $2, met_at = $3, met_value = $4
     WHERE watch_id = $1 AND state = 'waiting' RETURNING watch_id`,
    [watch_id, state, met?.at ?? null, met?.value ?? null],
  );
  return rows.length > 0;
};

export const expireWatches = async (db: Queryable, now: Instant): Promise<void> => {
  await db.query(
    "UPDATE watches SET state = 'expired' WHERE state = 'waiting' AND expires_at <= $1",
    [now],
  );
};
