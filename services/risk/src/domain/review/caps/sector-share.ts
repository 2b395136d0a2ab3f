import { Exact } from '@catalyst/domain';
import { sharesFor, sumOf, type Cap } from '../check.ts';
import { costPrice } from '../prices.ts';

export const sectorShare: Cap = {
  name: 'max_sector_ratio',
  code: 'SECTOR_SHARE',
  refuses: 'more than `max_sector_ratio` of the equity in one sector, the new position counted',
  allow: (intent, { account, commitments, sector, quote }, { max_sector_ratio }) => {
    // those whose sector nobody knows count as one sector: not knowing is no permission
    const held = sumOf(
      commitments.filter((one) => one.sector === sector).map(({ notional_usd }) => notional_usd),
    );
    const room = new Exact(account.equity_usd).times(max_sector_ratio).minus(held);
    return {
      read: { equity_usd: account.equity_usd, sector, held_usd: held.toFixed(2) },
      limit: room.toFixed(2),
      shares: sharesFor(room, costPrice(intent, quote)),
    };
  },
};
