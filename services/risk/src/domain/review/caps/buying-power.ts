import { Exact } from '@catalyst/domain';
import { sharesFor, sumOf, type Cap } from '../check.ts';
import { costPrice } from '../prices.ts';

export const buyingPower: Cap = {
  name: 'buying_power',
  code: 'BUYING_POWER',
  refuses: 'what the broker lends no money for',
  allow: (intent, { account, commitments, quote }) => {
    // the broker does not know of approvals that have not become orders yet
    const promised = sumOf(
      commitments.filter(({ kind }) => kind === 'approval').map(({ pending_usd }) => pending_usd),
    );
    const room = new Exact(account.buying_power_usd).minus(promised);
    return {
      read: { buying_power_usd: account.buying_power_usd, promised_usd: promised.toFixed(2) },
      limit: room.toFixed(2),
      shares: sharesFor(room, costPrice(intent, quote)),
    };
  },
};
