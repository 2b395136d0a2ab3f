import { Exact } from '@catalyst/domain';
import type { Check, Finding } from '../check.ts';

export const rewardToRisk: Check = {
  name: 'reward_to_risk',
  code: 'REWARD_TO_RISK',
  refuses: 'a target nearer than `min_reward_to_risk` times the stop',
  find: (
    { entry_price, stop_price, target_price },
    _facts,
    { min_reward_to_risk: limit },
  ): Finding => {
    const entry = new Exact(entry_price);
    const ratio = entry.minus(target_price).abs().div(entry.minus(stop_price).abs());
    return {
      read: { entry_price, stop_price, target_price },
      limit,
      value: ratio.isFinite() ? ratio.toFixed(4) : String(ratio),
      fault: ratio.gte(limit) ? null : `reward to risk is ${ratio.toFixed(2)}, at least ${limit}`,
    };
  },
};
