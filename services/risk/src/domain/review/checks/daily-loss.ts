import { Exact } from '@catalyst/domain';
import { percent, type Check, type Finding } from '../check.ts';
import { dailyLossUsedRatio, dayResult } from '../daily-loss.ts';

export const dailyLoss: Check = {
  name: 'daily_loss',
  code: 'DAILY_LOSS_LIMIT',
  refuses: 'a day that has lost `daily_loss_limit_usd`, realised and not, transfers left out',
  find: (_intent, { account }, { daily_loss_limit_usd: limit }): Finding => {
    if (!account)
      return { read: {}, limit, value: 'none', fault: null, unknown: 'there is no account' };
    const result = dayResult(account);
    const used = dailyLossUsedRatio(result, limit);
    const { equity_usd, last_equity_usd, transfers_usd, result_since_usd } = account;
    return {
      read: { equity_usd, last_equity_usd, transfers_usd, result_since_usd },
      limit,
      value: new Exact(0).minus(result).toFixed(2),
      fault: used < 1 ? null : `today's loss uses ${percent(used)} of the daily limit of $${limit}`,
    };
  },
};
