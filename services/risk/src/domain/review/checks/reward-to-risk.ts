import { rewardToRisk as rewardOf } from '@catalyst/domain';
import type { Check, Finding } from '../check.ts';

export const rewardToRisk: Check = {
  name: 'reward_to_risk',
  code: 'REWARD_TO_RISK',
  refuses:
    'a target nearer than `min_reward_to_risk` times the stop, over all parts where there are several',
  find: (intent, _facts, { min_reward_to_risk: limit }): Finding => {
    const { entry_price, stop_price, target_price, scale_out } = intent;
    const ratio = rewardOf(intent);
    return {
      read: {
        entry_price,
        stop_price,
        target_price,
        ...(scale_out && { scale_out: scale_out.join(', ') }),
      },
      limit,
      value: ratio.isFinite() ? ratio.toFixed(4) : String(ratio),
      fault: ratio.gte(limit) ? null : `reward to risk is ${ratio.toFixed(2)}, at least ${limit}`,
    };
  },
};
