import { beforeClose, compare, type TradingHours } from '@catalyst/domain';
import { CLOSES_BEFORE_MINUTES, type OwnAccount } from '../domain/follow.ts';
import { narrowLimits } from '../domain/narrow-limits.ts';
import { openPositions } from '../store/own-positions.ts';
import type { ClientParts } from './client-parts.ts';
import type { Hand } from './hand.ts';

interface Deps {
  hand: Hand;
  readAccount: () => Promise<OwnAccount | null>;
  readHours: () => Promise<TradingHours | null>;
  /** Looks, this far apart, that must agree before a loss sells: one in a replay. */
  confirming: { looks: number; every_ms: number };
}

/**
 * What the client does without the desk: it sells everything 20 minutes before the exchange's close,
 * and once the loss of the day has reached its limit, after which only its owner lets it go on.
 */
export const createWatchDay = (
  { database, owner, signals, limits, clock, log, tell }: ClientParts,
  { hand, readAccount, readHours, confirming }: Deps,
) => {
  let looked_ms = Number.NEGATIVE_INFINITY;
  let agreed = 0;

  const closeBeforeTheBell = async (): Promise<void> => {
    const hours = await readHours();
    const isLate =
      hours === null ||
      Date.parse(clock.now()) >= Date.parse(beforeClose(hours, CLOSES_BEFORE_MINUTES));
    const isToBeClosed = openPositions(database).some(({ status }) => status !== 'closing');
    if (isLate && isToBeClosed) await hand.closeAll('end_of_day');
  };

  const watchLoss = async (): Promise<void> => {
    const now_ms = Date.parse(clock.now());
    if (openPositions(database).length === 0 || now_ms - looked_ms < confirming.every_ms) return;
    looked_ms = now_ms;
    const account = await readAccount();
    // an account that does not answer neither confirms nor refutes
    if (account === null) return;
    const { daily_loss_usd } = narrowLimits(limits(), signals.cursor()!.configuration.effective);
    const isReached = compare(account.day_result_usd, `-${daily_loss_usd}`) <= 0;
    agreed = isReached ? agreed + 1 : 0;
    if (agreed < confirming.looks || owner.standing()?.state === 'flattening') return;
    const change = {
      act: 'flatten' as const,
      reason: `the loss of the day, ${account.day_result_usd} dollars, has reached its limit of ${daily_loss_usd}`,
      by: null,
    };
    await owner.change(change, clock.now());
    log.error('daily_loss_reached', change);
    tell({ event: 'stopped', change });
    await hand.closeAll('risk_flatten');
  };

  return async (): Promise<void> => {
    await closeBeforeTheBell();
    await watchLoss();
  };
};
