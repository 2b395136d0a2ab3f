import type { StandingPosition } from '@catalyst/contracts';
import { describeOwnExit, toCents, type OwnExit } from '@catalyst/domain';
import { price } from './wording.ts';

/** What an exit does with the shares, its prices as an exchange writes them. */
export const exitWords = (exit: OwnExit): string =>
  describeOwnExit(
    exit.kind === 'trailing_dollars' ? { ...exit, trail_price: toCents(exit.trail_price) } : exit,
    price,
  );

/** What guards and sells the shares at the broker at this moment. */
export const liveWords = ({
  live_stop_price: stop,
  live_target_price: target,
}: Pick<StandingPosition, 'live_stop_price' | 'live_target_price'>): string =>
  `Live now: ${stop === null ? 'no stop' : `stop ${price(stop)}`}, ${target === null ? 'no target' : `target ${price(target)}`}`;
