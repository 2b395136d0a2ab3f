import { later } from '@catalyst/domain';
import { saveTransfers } from '../store/transfers.ts';
import type { FlowDeps } from './flow-deps.ts';

/** Money moves on days without a session too, over a long weekend. */
const TRANSFERS_WITHIN_MS = 5 * 86_400_000;

/** Keeps the account's deposits and withdrawals of the last days; says how many were new or changed. */
export const createReadTransfers =
  ({ broker, database, clock }: Pick<FlowDeps, 'broker' | 'database' | 'clock'>) =>
  async (): Promise<number> => {
    const now = clock.now();
    const transfers = await broker.account.listTransfers({
      after: later(now, -TRANSFERS_WITHIN_MS),
    });
    return saveTransfers(database, transfers, now);
  };
