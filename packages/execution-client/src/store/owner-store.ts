import type { TradingState } from '@catalyst/contracts';
import type { Instant } from '@catalyst/domain';
import type { LocalDatabase, LocalWrites } from './local-database.ts';

/** Who stops or lets go on: the owner, or a limit of the owner's. */
export interface StandingChange {
  act: 'pause' | 'flatten' | 'resume';
  reason: string;
  /** The owner's name for an act by hand; null where a limit acted. */
  by: string | null;
}

const STATE_AFTER: Readonly<Record<StandingChange['act'], TradingState>> = {
  pause: 'reducing',
  flatten: 'flattening',
  resume: 'active',
};

/** What stands, as its last change left it. */
export interface OwnStanding extends StandingChange {
  at: Instant;
  state: TradingState;
}

const insertStanding = (
  tx: LocalWrites,
  { act, reason, by }: StandingChange,
  at: Instant,
): void => {
  tx.run(
    `INSERT INTO standings (number, at, act, state, reason, by)
     VALUES ((SELECT coalesce(max(number), 0) + 1 FROM standings), ?, ?, ?, ?, ?)`,
    at,
    act,
    STATE_AFTER[act],
    reason,
    by,
  );
};

/** The owner's words, which any process of this machine may write and the running one obeys. */
export const createOwnerStore = (database: LocalDatabase) => {
  const standing = (): OwnStanding | undefined =>
    database.one<OwnStanding>(
      'SELECT at, act, state, reason, by FROM standings ORDER BY number DESC LIMIT 1',
    );
  return {
    standing,
    change: (change: StandingChange, at: Instant): Promise<void> =>
      database.write((tx) => insertStanding(tx, change, at)),
    /** Off until its owner switches it on, on this machine. */
    isTradingOn: (): boolean =>
      database.one<{ is_on: number }>(
        'SELECT is_on FROM trade_switches ORDER BY number DESC LIMIT 1',
      )?.is_on === 1,
    switchTrading: (is_on: boolean, at: Instant): Promise<void> =>
      database.write((tx) => {
        tx.run(
          `INSERT INTO trade_switches (number, at, is_on)
           VALUES ((SELECT coalesce(max(number), 0) + 1 FROM trade_switches), ?, ?)`,
          at,
          is_on ? 1 : 0,
        );
      }),
  };
};
export type OwnerStore = ReturnType<typeof createOwnerStore>;
