import type { LimitProposal, Order, Position, Proposal } from '@catalyst/contracts';
import { inNewYork } from '@catalyst/domain';
import type { Terminal } from './terminal.ts';
import { showGain } from './wording.ts';

const clock = (at: string): string => inNewYork(at).clock;
const words = (code: string): string => code.replaceAll('_', ' ');

export const describePositions = (positions: readonly Position[], terminal: Terminal): string =>
  positions.length === 0
    ? 'nothing is held'
    : terminal.table(
        [
          'symbol',
          'state',
          'shares',
          'entry',
          'stop',
          'target',
          'last',
          'open result',
          'protected',
        ],
        positions.map((position) => [
          position.symbol,
          position.status,
          `${position.direction === 'short' ? '-' : ''}${position.qty}`,
          position.entry_price ?? '',
          position.initial_stop_price ?? '',
          position.target_price ?? '',
          position.last_price ?? '',
          showGain(position.unrealized_pnl_usd),
          position.is_protected ? 'yes' : terminal.colors.red('NO'),
        ]),
        [2, 3, 4, 5, 6, 7],
      );

export const describeOrders = (orders: readonly Order[], terminal: Terminal): string =>
  orders.length === 0
    ? 'no orders are open'
    : terminal.table(
        ['since', 'symbol', 'for', 'side', 'shares', 'filled', 'type', 'price', 'state'],
        orders.map((order) => [
          clock(order.created_at),
          order.symbol,
          order.role,
          order.side,
          order.qty,
          order.filled_qty,
          words(order.type),
          order.limit_price ?? order.stop_price ?? 'market',
          words(order.status),
        ]),
        [4, 5, 7],
      );

/** A looser limit that somebody asks for. */
export const describeLimitProposal = ({
  name,
  old_value,
  new_value,
  asked_by,
  reason,
}: LimitProposal): string =>
  `${name} from ${String(old_value)} to ${String(new_value)}, asked for by ${asked_by}: ${reason}`;

/** What waits for a person; the id is what approve and reject take. */
export const describeProposals = (
  proposals: readonly Proposal[],
  limits: readonly LimitProposal[],
): string =>
  proposals.length + limits.length === 0
    ? 'no proposal waits'
    : [
        ...proposals.map(
          ({ proposal_id, symbol, summary, expires_at }) =>
            `${proposal_id}  ${symbol}, until ${clock(expires_at)} New York\n  ${summary}`,
        ),
        ...limits.map(
          (limit) =>
            `${limit.proposal_id}  a looser limit, for a day\n  ${describeLimitProposal(limit)}`,
        ),
      ].join('\n');
