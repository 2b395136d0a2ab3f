import type { Order, Proposal } from '@catalyst/contracts';
import { entrySide, isClosedStatus } from '@catalyst/domain';

import { visibleLine } from './untrusted-text.ts';

export type EntryStatus =
  | 'refused'
  | 'sent'
  | 'accepted'
  | 'partially_filled'
  | 'filled'
  | 'canceled'
  | 'expired'
  | 'rejected'
  | 'not_executed';
interface EntryOutcome {
  status: EntryStatus;
  text: string;
}

/** Whether nothing more will come of an entry. */
export const isEnded = ({ status }: Order): boolean =>
  status === 'refused' || (status !== 'intended' && isClosedStatus(status));

/** What became of a trade that was said yes to, as far as the broker has told. */
export const entryOutcome = (proposal: Proposal, order: Order | null): EntryOutcome => {
  const { state, direction, symbol, outcome } = proposal;
  const side = entrySide(direction);
  if (state === 'refused' || order?.status === 'refused')
    return {
      status: 'refused',
      text: `Refused, nothing was bought or sold: ${side} ${symbol}. ${visibleLine(order?.reason ?? outcome ?? '')}`.trim(),
    };
  if (state !== 'executed')
    return { status: 'not_executed', text: `Not executed: ${side} ${symbol} is ${state}.` };
  if (order === null)
    return { status: 'sent', text: `Sent: ${side} ${symbol}. The order is not in the books yet.` };

  const { status, qty, filled_qty, filled_avg_price, limit_price, reason, client_order_id } = order;
  const wanted = `${side} ${qty} ${symbol}${limit_price === null ? ' at market' : `, limit ${limit_price}`} (order ${client_order_id})`;
  const filled = `${filled_qty} of ${qty} filled at ${filled_avg_price}`;
  const why = reason === null ? '' : `: ${visibleLine(reason)}`;
  switch (status) {
    case 'filled':
      return { status, text: `Filled: ${wanted}, ${filled}.` };
    case 'intended':
    case 'unknown':
      return {
        status: 'sent',
        text: `Sent, the broker has not said yet whether it takes it: ${wanted}.`,
      };
    case 'canceled':
    case 'expired':
    case 'rejected':
      return {
        status,
        text: `${status === 'rejected' ? 'Rejected by the broker' : `Ended (${status})`}: ${wanted}, ${Number(filled_qty) > 0 ? filled : 'nothing filled'}${why}.`,
      };
    default:
      return Number(filled_qty) > 0
        ? {
            status: 'partially_filled',
            text: `Partly filled: ${wanted}, ${filled}; the rest waits.`,
          }
        : {
            status: 'accepted',
            text: `Accepted by the broker (${status}), not filled yet: ${wanted}. get_positions tells when it is.`,
          };
  }
};
