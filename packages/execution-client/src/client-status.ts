import { inNewYork, newYorkTime, type Instant } from '@catalyst/domain';
import type { DecisionRow } from './store/decision-store.ts';
import type { OwnStanding } from './store/owner-store.ts';
import type { FollowedPosition } from './store/own-positions.ts';
import { tradesSince } from './store/own-positions.ts';
import { resultSince } from './domain/day-result.ts';
import type { Profile } from './home/profile.ts';
import { createDecisionStore } from './store/decision-store.ts';
import type { LocalDatabase } from './store/local-database.ts';
import { createOwnerStore } from './store/owner-store.ts';
import { createSignalStore } from './store/signal-store.ts';
import type { StreamState } from './stream/signal-stream.ts';

/** What the running process knows of its connections. */
export interface Look {
  stream: StreamState;
  /** Milliseconds since the desk was last heard; null before. */
  silent_ms: number | null;
  /** Parts of the desk that are not well by its last heartbeat, each with how it is. */
  desk_troubles?: Record<string, string>;
  is_reconciled: boolean;
  is_listening: boolean;
  /** What is unsafe, in words. */
  failures: string[];
}

/** Keeps the last look, for the commands of other processes. */
export const writeLook = (database: LocalDatabase, at: Instant, look: Look): Promise<void> =>
  database.write((tx) => {
    tx.run(
      `INSERT INTO looks (one, at, row) VALUES (1, ?, ?)
       ON CONFLICT (one) DO UPDATE SET at = excluded.at, row = excluded.row`,
      at,
      JSON.stringify(look),
    );
  });

/** How a client stands, as its own book says. */
export interface ClientStatus {
  at: Instant;
  name: string;
  account_kind: Profile['account_kind'];
  account_number: string;
  /** False: signals are watched and decided, and nothing is ordered. */
  is_trading: boolean;
  /** Of the first decision; null before. */
  watching_since: Instant | null;
  standing: Pick<OwnStanding, 'state' | 'reason' | 'at'> | null;
  is_desk_halted: boolean;
  last_seq: number;
  /** Of the running process; null where none runs. */
  look: (Look & { at: Instant }) | null;
  /** Of the client's own trades today, realised and not. */
  day_result_usd: string;
  trades: FollowedPosition['position'][];
  decisions: (DecisionRow & { symbol: string })[];
}

const DECISIONS_SHOWN = 20;

export const readStatus = (
  database: LocalDatabase,
  profile: Profile,
  at: Instant,
): ClientStatus => {
  const signals = createSignalStore(database);
  const owner = createOwnerStore(database);
  const standing = owner.standing();
  const cursor = signals.cursor();
  const since = newYorkTime(inNewYork(at).date, '00:00');
  const trades = tradesSince(database, since).map(({ position }) => position);
  const look = database.one<{ at: Instant; row: string }>('SELECT at, row FROM looks');
  const symbolOf = (signal_id: string): string => {
    const signal = signals.read(signal_id)?.signal;
    return signal && 'symbol' in signal ? signal.symbol : '';
  };
  return {
    at,
    name: profile.name,
    account_kind: profile.account_kind,
    account_number: profile.account_number,
    is_trading: owner.isTradingOn(),
    watching_since:
      database.one<{ at: Instant | null }>('SELECT min(decided_at) AS at FROM decisions')?.at ??
      null,
    standing: standing ? { state: standing.state, reason: standing.reason, at: standing.at } : null,
    is_desk_halted: cursor?.is_desk_halted ?? false,
    last_seq: cursor?.last_seq ?? 0,
    look: look ? { ...(JSON.parse(look.row) as Look), at: look.at } : null,
    day_result_usd: resultSince(trades, since),
    trades,
    decisions: createDecisionStore(database)
      .latest(DECISIONS_SHOWN)
      .map((decision) => ({ ...decision, symbol: symbolOf(decision.signal_id) })),
  };
};
