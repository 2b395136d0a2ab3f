import { sharesFor, sumOf, type Cap } from '../check.ts';
import { dailyLossRoom, dayResult } from '../daily-loss.ts';
import { worstRisk } from '../prices.ts';

export const dailyLossRoomCap: Cap = {
  name: 'daily_loss_room',
  code: 'DAILY_LOSS_LIMIT',
  refuses: 'a size that could lose more than the room of the daily loss, if every stop were hit',
  allow: (intent, { account, commitments, quote }, limits) => {
    const perShare = worstRisk(intent, quote);
    const room = dailyLossRoom(account, commitments, limits);
    return {
      read: {
        daily_loss_limit_usd: limits.daily_loss_limit_usd,
        result_usd: dayResult(account),
        risk_of_commitments_usd: sumOf(commitments.map(({ risk_usd }) => risk_usd)).toFixed(2),
        risk_per_share_usd: perShare.toFixed(),
      },
      limit: room.toFixed(2),
      shares: sharesFor(room, perShare),
    };
  },
};
