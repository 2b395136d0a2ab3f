import { Exact, type Direction } from '@catalyst/domain';
import { sharesFor, sumOf, type Cap } from '../check.ts';
import { costPrice } from '../prices.ts';

/**
 * Dollars that a share must be covered by: 30 % of a long one, more of a cheap one, all of one
 * below $2.50, as Alpaca asks (https://docs.alpaca.markets/us/docs/margin-and-short-selling).
 */
const maintenancePerShare = (direction: Direction, price: Exact): Exact => {
  if (direction === 'short')
    return price.lt(5) ? Exact.max('2.5', price) : Exact.max(5, price.times('0.3'));
  if (price.lt('2.5')) return price;
  return price.times(price.lt(6) ? '0.5' : '0.3');
};

export const intradayMargin: Cap = {
  name: 'intraday_margin',
  code: 'INTRADAY_MARGIN',
  refuses:
    'a position that the equity could not cover at once: maintenance margin of what is held and promised taken off',
  allow: (intent, { account, commitments, quote }) => {
    if (account.maintenance_margin_usd === null) return null;
    const promised = sumOf(commitments.map(({ pending_usd }) => pending_usd));
    const room = new Exact(account.equity_usd)
      .plus(account.result_since_usd)
      .minus(account.maintenance_margin_usd)
      .minus(promised);
    const perShare = maintenancePerShare(intent.direction, costPrice(intent, quote));
    return {
      read: {
        equity_usd: account.equity_usd,
        maintenance_margin_usd: account.maintenance_margin_usd,
        promised_usd: promised.toFixed(2),
        margin_per_share_usd: perShare.toFixed(),
      },
      limit: room.toFixed(2),
      shares: sharesFor(room, perShare),
    };
  },
};
