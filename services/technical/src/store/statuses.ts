import type { Instant } from '@catalyst/domain';
import type { Database } from '@catalyst/service-kit';

/** Halts as they were told, and whether anybody listens. */
export const createStatusStore = (database: Database) => ({
  /** Keeps what was told of a stock that the desk knows; of others it knows nothing to keep. */
  saveStatus: async (
    symbol: string,
    { is_halted, reason, told_at }: { is_halted: boolean; reason: string; told_at: Instant },
  ): Promise<void> => {
    await database.query(
      `INSERT INTO trading_statuses (security_id, is_halted, reason, told_at)
       SELECT security_id, $2, $3, $4 FROM securities WHERE symbol = $1
       ON CONFLICT (security_id) DO UPDATE SET is_halted = excluded.is_halted,
         reason = excluded.reason, told_at = excluded.told_at`,
      [symbol, is_halted, reason, told_at],
    );
  },
  saveListening: async (since: Instant, heardAt: Instant): Promise<void> => {
    await database.query(
      `INSERT INTO status_listening (since, heard_at) VALUES ($1, $2)
       ON CONFLICT (is_only) DO UPDATE SET since = excluded.since, heard_at = excluded.heard_at`,
      [since, heardAt],
    );
  },
});
