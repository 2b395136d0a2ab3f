import {
  clientLimits,
  clientSettings,
  type ClientLimits,
  type ClientSettings,
  type FlagState,
} from '@catalyst/contracts';
import type { Instant } from '@catalyst/domain';
import type { Queryable, Transaction } from '@catalyst/service-kit';

export interface Saved {
  version: number;
  settings: ClientSettings;
  limits: ClientLimits;
}

/** The latest settings and limits of a client. */
export const readSaved = async (db: Queryable, client_id: string): Promise<Saved> => {
  const rows = await db.query<{ kind: 'settings' | 'limits'; version: number; value: unknown }>(
    `SELECT DISTINCT ON (kind) kind, version, value FROM signal_settings WHERE client_id = $1
     ORDER BY kind, version DESC`,
    [client_id],
  );
  const latest = new Map(rows.map((row) => [row.kind, row.value]));
  return {
    version: Math.max(0, ...rows.map(({ version }) => version)),
    settings: clientSettings.parse(latest.get('settings') ?? {}),
    limits: clientLimits.parse(latest.get('limits') ?? {}),
  };
};

export const saveVersion = async (
  tx: Transaction,
  client_id: string,
  kind: 'settings' | 'limits',
  value: object,
  saved_by: string,
  at: Instant,
): Promise<void> => {
  // the client's row is locked, so that two who save get two versions
  await tx.query('SELECT 1 FROM signal_clients WHERE client_id = $1 FOR UPDATE', [client_id]);
  await tx.query(
    `INSERT INTO signal_settings (client_id, version, kind, value, saved_by, saved_at)
     SELECT $1, coalesce(max(version), 0) + 1, $2, $3, $4, $5 FROM signal_settings
     WHERE client_id = $1`,
    [client_id, kind, JSON.stringify(value), saved_by, at],
  );
};

export const listFlags = (db: Queryable): Promise<FlagState[]> =>
  db.query<FlagState>(
    'SELECT flag, is_enabled, percentage, allow_list FROM feature_flags ORDER BY flag',
  );

export const saveFlag = async (
  tx: Transaction,
  { flag, is_enabled, percentage, allow_list }: FlagState,
  by: string,
  at: Instant,
): Promise<void> => {
  await tx.query(
    `INSERT INTO feature_flags (flag, is_enabled, percentage, allow_list, updated_at, updated_by)
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (flag) DO UPDATE
       SET is_enabled = excluded.is_enabled, percentage = excluded.percentage,
         allow_list = excluded.allow_list, updated_at = excluded.updated_at,
         updated_by = excluded.updated_by`,
    [flag, is_enabled, percentage, allow_list, at, by],
  );
};
