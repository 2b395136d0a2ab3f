import type { LimitProposal, Order, Proposal, StandingPosition } from '@catalyst/contracts';
import { inNewYork } from '@catalyst/domain';
import type { Terminal } from './terminal.ts';
import { showGain } from './show-gain.ts';
import { oneLine } from './wording.ts';

const clock = (at: string): string => inNewYork(at).clock;
const words = (code: string): string => code.replaceAll('_', ' ');

const age = (seconds: number | null): string =>
  seconds === null ? '' : seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;

/** One sentence for each position that nothing at the broker guards or sells. */
export const describeNaked = (positions: readonly StandingPosition[]): string[] =>
  positions.flatMap(({ symbol, qty, naked }) =>
    naked === null
      ? []
      : [`NAKED since ${clock(naked.since)} New York: ${qty} ${symbol}: ${oneLine(naked.why)}`],
  );

const holdings = (positions: readonly StandingPosition[], terminal: Terminal): string =>
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
          'age',
          'at risk',
          'open result',
          'protected',
        ],
        positions.map((position) => [
          position.symbol,
          position.status,
          `${position.direction === 'short' ? '-' : ''}${position.qty}`,
          position.entry_price ?? '',
          position.live_stop_price ?? '',
          position.live_target_price ?? '',
          position.last_price ?? '',
          age(position.price_age_seconds),
          position.risk_usd === null ? '' : `$${position.risk_usd}`,
          showGain(position.unrealized_pnl_usd),
          position.naked !== null
            ? terminal.colors.red('NAKED')
            : position.is_protected
              ? 'yes'
              : terminal.colors.red('NO'),
        ]),
        [2, 3, 4, 5, 6, 7, 8, 9],
      );

/** What is held as it stands at the broker; what is naked is said below, with its reason. */
export const describePositions = (
  positions: readonly StandingPosition[],
  terminal: Terminal,
): string =>
  [
    holdings(positions, terminal),
    ...describeNaked(positions).map((line) => terminal.colors.red(line)),
  ].join('\n');

export const describeOrders = (orders: readonly Order[], terminal: Terminal): string =>
  orders.length === 0
    ? 'no orders are open'
    : terminal.table(
        ['since', 'symbol', 'for', 'side', 'shares', 'filled', 'type', 'price', 'state', 'id'],
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
          // what cancel --order takes; legs are never cancelled by it
          order.role === 'entry' ? order.client_order_id : '',
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
