import type { Collection } from '@catalyst/contracts';
import type { Instant } from '@catalyst/domain';
import type { Database, Queryable } from '@catalyst/service-kit';

// collections of one database run one after the other
const COLLECTION_LOCK = 5008;

export type Counts = Omit<Collection, 'degraded'>;
export interface CollectionRow {
  collection_id: string;
  vendor: string;
  collected_to: Instant;
  error: string | null;
  ran_at: Instant;
}

/** What each collection of a vendor brought, and how far it came. */
export const createCollectionStore = (database: Database) => ({
  lockCollections: async (tx: Queryable): Promise<void> =>
    void (await tx.query('SELECT pg_advisory_xact_lock($1)', [COLLECTION_LOCK])),

  /** A finished collection's numbers; one that failed is not finished. */
  readCollection: async (db: Queryable, collectionId: string): Promise<Counts | undefined> =>
    (
      await db.query<Counts>(
        `SELECT collected, stored, duplicates, refused, catalysts FROM news_collection_stats
         WHERE collection_id = $1 AND error IS NULL`,
        [collectionId],
      )
    )[0],

  /** The vendor's last finished collection. */
  readLastCollection: async (
    vendor: string,
  ): Promise<(Counts & { collection_id: string; collected_to: Instant }) | undefined> =>
    (
      await database.query<Counts & { collection_id: string; collected_to: Instant }>(
        `SELECT collection_id, collected_to, collected, stored, duplicates, refused, catalysts
         FROM news_collection_stats WHERE vendor = $1 AND error IS NULL
         ORDER BY collected_to DESC LIMIT 1`,
        [vendor],
      )
    )[0],

  /** Why the vendor's last collection failed, or null when it did not. */
  readLastError: async (vendor: string): Promise<string | null> =>
    (
      await database.query<{ error: string | null }>(
        `SELECT error FROM news_collection_stats WHERE vendor = $1
         ORDER BY ran_at DESC, collection_id LIMIT 1`,
        [vendor],
      )
    )[0]?.error ?? null,

  readPreviousClose: async (before: Instant): Promise<Instant | undefined> =>
    (
      await database.query<{ close_at: Instant }>(
        'SELECT close_at FROM v_news_sessions WHERE close_at <= $1 ORDER BY close_at DESC LIMIT 1',
        [before],
      )
    )[0]?.close_at,

  /** A collection that failed may be tried again under its id; a finished one stays as it is. */
  saveCollection: async (
    { collection_id, vendor, collected_to, error, ran_at }: CollectionRow,
    { collected, stored, duplicates, refused, catalysts }: Counts,
    db: Queryable = database,
  ): Promise<void> => {
    await db.query(
      `INSERT INTO news_collection_stats AS held
         (collection_id, vendor, collected_to, collected, stored, duplicates, refused, catalysts,
          error, ran_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
       ON CONFLICT (collection_id) DO UPDATE SET collected_to = excluded.collected_to,
         collected = excluded.collected, stored = excluded.stored,
         duplicates = excluded.duplicates, refused = excluded.refused,
         catalysts = excluded.catalysts, error = excluded.error
       WHERE held.error IS NOT NULL`,
      [
        collection_id,
        vendor,
        collected_to,
        collected,
        stored,
        duplicates,
        refused,
        catalysts,
        error,
        ran_at,
      ],
    );
  },
});
