import { AppError, ConfigError, inContext, type TakeTurn } from '@catalyst/service-kit';
import { listOpenPositions } from '../store/positions.ts';
import type { FlowDeps } from './flow-deps.ts';
import type { FollowUpdates } from './follow-updates.ts';
import type { Reconcile } from './reconcile.ts';
import type { SyncWithBroker } from './sync-with-broker.ts';
import type { TendPositions } from './tend-positions.ts';

interface Deps {
  updates: FollowUpdates;
  sync: SyncWithBroker;
  tend: TendPositions;
  reconcile: Reconcile;
  inTurn: TakeTurn;
}

/**
 * Passes of reconciliation at the start: the first takes over what it finds, the second shows that
 * nothing is left.
 */
const PASSES = 3;

/**
 * Start and recovery are one path: hold live messages, send what is pending again, fetch what was
 * missed, reconcile, replay what was held, then listen. Says whether it ended clean.
 */
export const createStartTrading =
  ({ broker, database, config, log }: FlowDeps, { updates, sync, tend, reconcile, inTurn }: Deps) =>
  async (): Promise<boolean> => {
    const account = await broker.account.getAccount();
    if (config.DESK_ACCOUNT !== 'unset' && account.account_number !== config.DESK_ACCOUNT) {
      throw new ConfigError([
        `DESK_ACCOUNT is ${config.DESK_ACCOUNT} but the keys are those of account ${account.account_number}: use the keys of this desk's account, or give that account a desk of its own`,
      ]);
    }
    const at =
      config.TRADING_MODE === 'replay' ? (await broker.reference.getClock()).timestamp : null;
    await updates.connect();
    const isClean = await inTurn(() =>
      inContext({ at, caller: 'trading' }, async () => {
        await sync();
        try {
          for (const { symbol, action } of await tend.tendAll(await listOpenPositions(database)))
            log.warn('position_mended', { symbol, action });
        } catch (error) {
          // what the broker leaves open now is taken up again by the next monitoring; a fault of
          // ours is not
          if (!(error instanceof AppError)) throw error;
          log.error('recovery_incomplete', { error });
        }
        for (let pass = 1; ; pass += 1) {
          const { reconciled, differences } = await reconcile(null);
          if (reconciled || pass === PASSES) {
            if (!reconciled) log.error('not_reconciled', { differences });
            return reconciled;
          }
        }
      }),
    );
    updates.release();
    return isClean;
  };
