import { compare, type Instant } from '@catalyst/domain';
import type { AccountRow } from '../book-rows.ts';
import { accountRowOf } from './account-row.ts';
import type { LifeDeps } from './life-deps.ts';
import { createReadTransfers } from './read-transfers.ts';

export interface ReadAccount {
  (at: Instant): Promise<AccountRow>;
  /** Whether it was blocked when it was last read, whoever asked; true before the first time. */
  wasBlocked(): boolean;
}

/**
 * The account with every transfer that is in it kept: cash that moved may have been moved by its
 * owner. Read again after the list, so that none is kept whose money is not there yet.
 */
export const createReadAccount = (deps: LifeDeps): ReadAccount => {
  const { broker, book, clock, settings } = deps;
  const readTransfers = createReadTransfers(deps);
  let cash_usd: string | null = null;
  let wasBlocked = true;
  /** Where time passes, of two readings at once the one that was asked for later is the newer. */
  const stamp = (at: Instant): Instant => (settings.mode === 'replay' ? at : clock.latest());
  const read = async (at: Instant): Promise<AccountRow> => {
    const booked = await book.lastFillSeq();
    const read_at = stamp(at);
    const account = await broker.account.getAccount();
    const isSame = cash_usd !== null && compare(account.cash, cash_usd) === 0;
    cash_usd = account.cash;
    if (isSame || (await readTransfers()) === 0) return accountRowOf(account, read_at, booked);
    const again_at = stamp(at);
    const again = await broker.account.getAccount();
    cash_usd = again.cash;
    return accountRowOf(again, again_at, booked);
  };
  const readAndNote = async (at: Instant): Promise<AccountRow> => {
    const row = await read(at);
    wasBlocked = row.blocked_reason !== null;
    return row;
  };
  return Object.assign(readAndNote, { wasBlocked: () => wasBlocked });
};
