import { later } from '@catalyst/domain';
import type { LifeDeps } from './life-deps.ts';

/** Money moves on days without a session too, over a long weekend. */
const TRANSFERS_WITHIN_MS = 5 * 86_400_000;

/** Keeps the account's deposits and withdrawals of the last days; says how many were new or changed. */
export const createReadTransfers =
  ({ broker, book, clock }: LifeDeps) =>
  async (): Promise<number> => {
    const now = clock.now();
    const transfers = await broker.account.listTransfers({
      after: later(now, -TRANSFERS_WITHIN_MS),
    });
    return book.transaction((tx) => tx.saveTransfers(transfers, now));
  };
