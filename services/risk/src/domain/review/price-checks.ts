import type { OrderIntent } from '@catalyst/contracts';
import { Exact, isOnTick, type Direction } from '@catalyst/domain';
import { percent, refuse, type Check } from './check.ts';

const checkTicks: Check = ({ limit_price, stop_price, target_price }) => {
  const off = [limit_price, stop_price, target_price].find(
    (price) => price !== null && !isOnTick(price),
  );
  if (!off) return null;
  return refuse(
    'PRICE_OFF_TICK',
    `${off} is not a price the exchange takes: two decimals from $1, four below`,
    'on tick',
    off,
  );
};

const isBeyond = (direction: Direction, price: string, reference: string): boolean => {
  const order = new Exact(price).comparedTo(reference);
  return direction === 'long' ? order > 0 : order < 0;
};

const checkSides: Check = ({ direction, entry_price, stop_price, target_price }) =>
  isBeyond(direction, entry_price, stop_price) && isBeyond(direction, target_price, entry_price)
    ? null
    : refuse(
        'STOP_MISSING_OR_WRONG_SIDE',
        `a ${direction} needs its stop (${stop_price}) and target (${target_price}) on the right sides of the entry (${entry_price})`,
        direction,
        `${stop_price}/${entry_price}/${target_price}`,
      );

const riskOf = ({ entry_price, stop_price }: OrderIntent): Exact =>
  new Exact(entry_price).minus(stop_price).abs();

const stopDistance = (intent: OrderIntent): number =>
  riskOf(intent).div(intent.entry_price).toNumber();

const checkStopNotTooClose: Check = (intent, _facts, { min_stop_distance_ratio: least }) => {
  const distance = stopDistance(intent);
  if (distance >= least) return null;
  return refuse(
    'STOP_TOO_CLOSE',
    `the stop is ${percent(distance)} from the entry, at least ${percent(least)}`,
    least,
    distance,
  );
};

const checkStopNotTooFar: Check = (intent, _facts, { max_stop_distance_ratio: most }) => {
  const distance = stopDistance(intent);
  if (distance <= most) return null;
  return refuse(
    'STOP_TOO_FAR',
    `the stop is ${percent(distance)} from the entry, at most ${percent(most)}`,
    most,
    distance,
  );
};

const checkRewardToRisk: Check = (intent, _facts, { min_reward_to_risk: least }) => {
  const reward = new Exact(intent.target_price).minus(intent.entry_price).abs();
  const rewardToRisk = reward.div(riskOf(intent)).toNumber();
  if (rewardToRisk >= least) return null;
  return refuse(
    'REWARD_TO_RISK',
    `reward to risk is ${rewardToRisk.toFixed(2)}, at least ${least}`,
    least,
    rewardToRisk.toFixed(4),
  );
};

/** Whether the prices of the intent make a trade; each may rely on those before it. */
export const PRICE_CHECKS: readonly Check[] = [
  checkTicks,
  checkSides,
  checkStopNotTooClose,
  checkStopNotTooFar,
  checkRewardToRisk,
];
