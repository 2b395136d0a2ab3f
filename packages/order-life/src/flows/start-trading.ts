import { forPurpose } from '@catalyst/brokerage';
import { AppError, ConfigError, createOutage, inContext } from '@catalyst/runtime';
import { setTimeout as sleep } from 'node:timers/promises';
import { NO_PATIENCE } from '../domain/next-act.ts';
import type { DeskTurns } from './desk-turns.ts';
import type { LifeDeps } from './life-deps.ts';
import type { FollowUpdates } from './follow-updates.ts';
import type { Reconcile } from './reconcile.ts';
import type { SyncWithBroker } from './sync-with-broker.ts';
import type { TendPositions } from './tend-positions.ts';

interface Deps {
  updates: FollowUpdates;
  sync: SyncWithBroker;
  tend: TendPositions;
  reconcile: Reconcile;
  turns: DeskTurns;
}

/**
 * Passes of reconciliation at the start: the first takes over what it finds, the second shows that
 * nothing is left.
 */
const PASSES = 3;

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10_000;

/**
 * Start and recovery are one path: hold live messages, send what is pending again, fetch what was
 * missed, reconcile, replay what was held, then listen. Says whether it ended clean. While the
 * broker is away it goes on trying: not ready, and never ended for it.
 * @throws ConfigError when the broker refuses the keys, or they are another account's
 */
export const createStartTrading = (
  { broker, book, settings, log }: LifeDeps,
  { updates, sync, tend, reconcile, turns }: Deps,
) => {
  const outage = createOutage('broker', log);

  const untilAnswered = async <T>(work: () => Promise<T>): Promise<T> => {
    for (let wait_ms = FIRST_WAIT_MS; ; wait_ms = Math.min(wait_ms * 2, LONGEST_WAIT_MS))
      try {
        // What is held has nobody who tends it before the start is over: no breaker holds that up.
        const result = await forPurpose('protection', work);
        outage.back();
        return result;
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        if (error.code === 'VENDOR_REFUSED_KEYS') throw new ConfigError([error.message]);
        if (!error.retryable) throw error;
        outage.away(error);
        await sleep(wait_ms);
      }
  };

  const readAccount = async (): Promise<void> => {
    const { account_number } = await broker.account.getAccount();
    if (settings.account !== 'unset' && account_number !== settings.account)
      throw new ConfigError([
        `DESK_ACCOUNT is ${settings.account} but the keys are those of account ${account_number}: use the keys of this desk's account, or give that account a desk of its own`,
      ]);
  };

  /** Takes over the broker's truth, tends what is open, and holds the whole book against it. */
  const recover = async (): Promise<boolean> => {
    await sync();
    const open = await book.listOpenPositions();
    // what the broker leaves open now is taken up again by the next pass
    await tend.tendAll({ may_enter: true, patience: NO_PATIENCE }, open);
    await tend.refreshStrays(undefined, open);
    for (let pass = 1; ; pass += 1) {
      const { reconciled, differences } = await reconcile(null);
      if (reconciled || pass === PASSES) {
        if (!reconciled) log.error('not_reconciled', { differences });
        return reconciled;
      }
    }
  };

  return async (): Promise<boolean> => {
    await untilAnswered(readAccount);
    const at =
      settings.mode === 'replay'
        ? (await untilAnswered(() => broker.reference.getClock())).timestamp
        : null;
    await untilAnswered(() => updates.connect());
    const isClean = await untilAnswered(() =>
      turns.ofSync(() => inContext({ at, caller: 'trading' }, recover)),
    );
    updates.release();
    return isClean;
  };
};
