import { isOurOrderReason, isOurOutcome, type Order, type Proposal } from '@catalyst/contracts';
import { entrySide, isClosedStatus } from '@catalyst/domain';
import { price, shares } from './wording.ts';

export const entryStatuses = [
  'refused',
  'sent',
  'accepted',
  'partially_filled',
  'filled',
  'canceled',
  'expired',
  'rejected',
  'not_executed',
] as const;
export type EntryStatus = (typeof entryStatuses)[number];
interface EntryOutcome {
  status: EntryStatus;
  text: string;
  /** Why not, in the words of whoever refused it. */
  quotes: string[];
}

/** Whether nothing more will come of an entry. */
export const isEnded = ({ status }: Order): boolean =>
  status === 'refused' || (status !== 'intended' && isClosedStatus(status));

const LATER = 'get_orders tells how it is later.';

/** What became of a trade that was said yes to, as far as the broker has told. */
export const entryOutcome = (proposal: Proposal, order: Order | null): EntryOutcome => {
  const { state, direction, symbol, outcome } = proposal;
  const side = entrySide(direction);
  const refusal = state === 'refused' ? outcome : null;
  const reason = order?.reason ?? refusal;
  const isOurs =
    reason === null || (order?.reason ? isOurOrderReason(reason) : isOurOutcome(reason));
  const quotes = isOurs ? [] : [`${symbol} entry: ${reason}`];
  const told = (status: EntryStatus, text: string): EntryOutcome => ({ status, text, quotes });
  if (state === 'refused' || order?.status === 'refused')
    return told(
      'refused',
      `Refused, nothing was bought or sold: ${side} ${symbol}. ${isOurs ? `${reason ?? 'No reason was told'}.` : 'Who refused it says why below.'}`,
    );
  if (state !== 'executed')
    return told('not_executed', `Not executed: ${side} ${symbol} is ${state}.`);
  if (order === null)
    return told('sent', `Sent: ${side} ${symbol}. The order is not in the books yet. ${LATER}`);

  const { status, qty, filled_qty, filled_avg_price, limit_price, client_order_id } = order;
  const wanted = `${side} ${shares(qty)} ${symbol}${limit_price === null ? ' at market' : `, limit ${price(limit_price)}`} (order ${client_order_id})`;
  const filled = `${shares(filled_qty)} of ${shares(qty)} filled at ${price(filled_avg_price)}`;
  switch (status) {
    case 'filled':
      return told(status, `Filled: ${wanted}, ${filled}.`);
    case 'intended':
    case 'unknown':
      return told(
        'sent',
        `Sent, the broker has not said yet whether it takes it: ${wanted}. ${LATER}`,
      );
    case 'canceled':
    case 'expired':
    case 'rejected':
      return told(
        status,
        `${status === 'rejected' ? 'Rejected by the broker' : `Ended (${status})`}: ${wanted}, ${Number(filled_qty) > 0 ? filled : 'nothing filled'}.`,
      );
    default:
      return Number(filled_qty) > 0
        ? told('partially_filled', `Partly filled: ${wanted}, ${filled}; the rest waits. ${LATER}`)
        : told(
            'accepted',
            `Accepted by the broker (${status}), not filled yet: ${wanted}. ${LATER}`,
          );
  }
};
