import type { Instant } from '@catalyst/domain';
import type { PositionRow } from '@catalyst/order-life';
import type { LocalReads } from './local-database.ts';

/** Positions that are open or ended since an instant, the oldest first. */
export const positionsSince = (database: LocalReads, since: Instant): PositionRow[] =>
  database
    .all<{ row: string }>(
      `SELECT row FROM positions WHERE status <> 'closed' OR exited_at >= ?
       ORDER BY created_at, symbol`,
      since,
    )
    .map(({ row }) => JSON.parse(row) as PositionRow);

export const openPositions = (database: LocalReads): PositionRow[] =>
  database
    .all<{ row: string }>("SELECT row FROM positions WHERE status <> 'closed'")
    .map(({ row }) => JSON.parse(row) as PositionRow);

/** A position with the signal that it followed. */
export interface FollowedPosition {
  position: PositionRow;
  signal_id: string;
  decided_at: Instant;
}

const followed = (database: LocalReads, where: string, ...values: string[]): FollowedPosition[] =>
  database
    .all<{ row: string; signal_id: string; decided_at: Instant }>(
      `SELECT p.row, d.signal_id, d.decided_at FROM positions p
       JOIN decisions d ON d.intent ->> 'intent_id' = p.intent_id
       WHERE ${where} ORDER BY p.created_at, p.symbol`,
      ...values,
    )
    .map(({ row, ...decision }) => ({ position: JSON.parse(row) as PositionRow, ...decision }));

export const openTrades = (database: LocalReads): FollowedPosition[] =>
  followed(database, "p.status <> 'closed'");
/** Trades that were open at an instant or later. */
export const tradesSince = (database: LocalReads, since: Instant): FollowedPosition[] =>
  followed(database, "(p.status <> 'closed' OR p.exited_at >= ?)", since);
