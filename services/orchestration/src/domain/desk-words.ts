import {
  isOurOutcome,
  type Alert,
  type CycleProgress,
  type DayPlan,
  type LimitProposal,
  type MarketStanding,
  type Order,
  type Proposal,
  type StandingPosition,
} from '@catalyst/contracts';
import { ownReason } from './order-reason.ts';
import { ageWords, count, dateAndTime, dollars, gain, newYork, price, shares } from './wording.ts';

/** A list, or one sentence where there is nothing in it. */
const listed = <T>(items: readonly T[], none: string, line: (item: T) => string): string[] =>
  items.length === 0 ? [none] : items.map(line);

/** The stop that is live; where none is, the one that was meant, and that it is not there. */
const stopWords = ({ live_stop_price, initial_stop_price }: StandingPosition): string =>
  live_stop_price === null
    ? `stop ${price(initial_stop_price)} (not live at the broker)`
    : `stop ${price(live_stop_price)}${initial_stop_price !== null && Number(initial_stop_price) !== Number(live_stop_price) ? ` (first ${price(initial_stop_price)})` : ''}`;

/** The same of the target: an exit of a person's own may have taken its place. */
const targetWords = ({ live_target_price, target_price }: StandingPosition): string =>
  live_target_price !== null
    ? `target ${price(live_target_price)}`
    : target_price === null
      ? 'no target'
      : `target ${price(target_price)} (not live at the broker)`;

const positionLine = (position: StandingPosition): string => {
  const { symbol, direction, status, qty, entered_qty, entry_price, last_price } = position;
  if (status === 'opening' && Number(qty) === 0)
    return `${symbol}: ${direction}, its entry waits at the broker and nothing of it is filled, so nothing is held; with the fill come stop ${price(position.initial_stop_price)} and target ${price(position.target_price)}; position_id ${position.position_id}`;
  const isClosed = status === 'closed';
  const profit = isClosed
    ? `closed at ${price(position.exit_price)} (${position.exit_reason}), realised ${gain(position.realized_pnl_usd)}`
    : `last ${price(last_price)}${position.last_price_at ? ` at ${newYork(position.last_price_at)}` : ''}${position.price_age_seconds !== null && position.price_age_seconds >= 120 ? ` (${ageWords(position.price_age_seconds)} old)` : ''}, unrealised ${gain(position.unrealized_pnl_usd)}`;
  const guard = isClosed
    ? ''
    : status === 'closing'
      ? ', its exit is under way'
      : `, ${stopWords(position)}, ${targetWords(position)}${position.risk_usd === null ? '' : `, ${dollars(position.risk_usd)} lost at the stop from here`}${position.naked ? `, NAKED since ${newYork(position.naked.since)}` : position.is_protected ? '' : ', NOT PROTECTED'}`;
  return `${symbol}: ${direction} ${shares(isClosed ? entered_qty : qty)}, ${status}, entered at ${price(entry_price)}, ${profit}${guard}; position_id ${position.position_id}`;
};
export const positionLines = (positions: readonly StandingPosition[]): string[] =>
  listed(positions, 'Nothing is held.', positionLine);

interface ShownAlert extends Pick<Alert, 'severity' | 'code' | 'source' | 'at' | 'count'> {
  message?: string | undefined;
}
/** An alert, with its message where that is ours; what may quote somebody is among the quotes. */
export const alertLines = (alerts: readonly ShownAlert[]): string[] =>
  listed(
    alerts,
    'No alert waits to be acknowledged.',
    ({ severity, code, source, at, count: times, message }) =>
      `${severity} ${code} (${source}), ${dateAndTime(at)}${times === 1 ? '' : `, ${times} times`}${message ? `: ${message}` : ''}`,
  );

/** With its reason where that is ours; the broker's words are among the quotes. */
export const orderLine = (order: Order): string => {
  const { symbol, side, role, type, qty, filled_qty, filled_avg_price, status } = order;
  const at = [order.stop_price, order.limit_price].flatMap((one) =>
    one === null ? [] : price(one),
  );
  const filled =
    Number(filled_qty) > 0
      ? `, ${shares(filled_qty)} filled at ${price(filled_avg_price)}`
      : ', nothing filled';
  return `${newYork(order.created_at)} ${symbol} ${role}: ${side} ${shares(qty)} ${type === 'stop_limit' ? 'stop' : type.replaceAll('_', ' ')}${at.length === 0 ? '' : ` ${at.join(' limit ')}`}, ${status.replaceAll('_', ' ')}${ownReason(order.reason)}${filled}`;
};

export const proposalLines = (proposals: readonly Proposal[]): string[] =>
  listed(
    proposals,
    'No trade is proposed.',
    ({ proposal_id, summary, state, outcome, expires_at }) =>
      state === 'waiting'
        ? `${summary} Until ${newYork(expires_at)}; proposal_id ${proposal_id}`
        : `${summary} ${state}${outcome !== null && isOurOutcome(outcome) ? ` (${outcome})` : ''}; proposal_id ${proposal_id}`,
  );
export const limitProposalLines = (proposals: readonly LimitProposal[]): string[] =>
  proposals.map(
    ({ name, old_value, new_value, proposal_id, asked_by, expires_at }) =>
      `Waits for the operator: ${name} from ${old_value} to ${new_value}, asked by ${asked_by.replace('orchestration for ', '')}, until ${dateAndTime(expires_at)}; proposal_id ${proposal_id}`,
  );

const JOB_WORDS: Readonly<Record<string, string>> = {
  minute: 'watch over positions and limits',
  rescan: 'market scan',
  enter: 'entries',
  close_positions: 'everything is sold',
  collect_news: 'news',
};
const jobWords = (job: string): string => JOB_WORDS[job] ?? job.replaceAll('_', ' ');

/** What the day still brings, by time. */
export const planLine = ({ trade_date, jobs }: DayPlan): string =>
  `Still to come on ${trade_date}: ${
    jobs
      .map(
        ({ job, first_at, last_at, times }) =>
          `${jobWords(job)} ${newYork(first_at).replace(' New York', '')}${times === 1 ? '' : ` to ${newYork(last_at).replace(' New York', '')} (${times} times)`}`,
      )
      .join(', ') || 'nothing'
  }.`;

export const cycleLines = (progress: CycleProgress | null, market: MarketStanding): string[] => {
  const { closed_because, next_session } = market;
  const exchange = `${closed_because ? `Nothing is conducted now: ${closed_because}. ` : ''}The next session is on ${next_session.trade_date}, open from ${newYork(next_session.open_at)}.`;
  if (progress === null) return ['No session was opened yet.', exchange];
  const { cycle, next_job, candidates, open_positions, closed_positions } = progress;
  return [
    `The ${cycle.session_mode} session of ${cycle.trade_date} is ${cycle.state}${next_job ? `, next ${jobWords(next_job.job)} at ${newYork(next_job.due_at)}` : ''}.`,
    `${count(open_positions, 'open position')}, ${closed_positions} closed, day ${gain(progress.day_pnl_usd)} on what this session traded; candidates: ${candidates.join(', ') || 'none'}.`,
    exchange,
  ];
};
