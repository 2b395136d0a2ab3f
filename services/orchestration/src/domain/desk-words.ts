import type { Alert, CycleProgress, MarketStanding, Position, Proposal } from '@catalyst/contracts';
import { visibleLine } from './untrusted-text.ts';
import { count, dateAndTime, dollars, gain, newYork } from './wording.ts';

/** A list, or one sentence where there is nothing in it. */
const listed = <T>(items: readonly T[], none: string, line: (item: T) => string): string[] =>
  items.length === 0 ? [none] : items.map(line);

const positionLine = (position: Position): string => {
  const { symbol, direction, status, qty, entered_qty, entry_price, last_price } = position;
  const profit =
    status === 'closed'
      ? `closed at ${position.exit_price} (${position.exit_reason}), realised ${gain(position.realized_pnl_usd)}`
      : `last ${last_price ?? 'unknown'}${position.last_price_at ? ` at ${newYork(position.last_price_at)}` : ''}, unrealised ${gain(position.unrealized_pnl_usd)}`;
  const guard = status === 'closed' ? '' : position.is_protected ? '' : ', NOT PROTECTED';
  return `${symbol}: ${direction} ${status === 'closed' ? entered_qty : qty}, ${status}, entered at ${entry_price ?? 'no price yet'}, ${profit}, stop ${position.initial_stop_price ?? 'none'}, target ${position.target_price ?? 'none'}${guard}; position_id ${position.position_id}`;
};
export const positionLines = (positions: readonly Position[]): string[] =>
  listed(positions, 'Nothing is held.', positionLine);

/** An alert without its message, which may quote words from outside. */
export const alertLines = (alerts: readonly Alert[]): string[] =>
  listed(
    alerts,
    'No alert waits to be acknowledged.',
    ({ severity, code, source, at, count: times }) =>
      `${severity} ${code} (${source}), ${dateAndTime(at)}${times === 1 ? '' : `, ${times} times`}`,
  );

export const proposalLines = (proposals: readonly Proposal[]): string[] =>
  listed(proposals, 'No proposal waits.', ({ proposal_id, summary, state, outcome, expires_at }) =>
    state === 'waiting'
      ? `${summary} Until ${newYork(expires_at)}; proposal_id ${proposal_id}`
      : `${summary} ${state}${outcome === null ? '' : ` (${visibleLine(outcome)})`}; proposal_id ${proposal_id}`,
  );

export const cycleLines = (progress: CycleProgress | null, market: MarketStanding): string[] => {
  const { session, closed_because, next_session } = market;
  const exchange = `The exchange's session is ${session}${closed_because ? ` (${closed_because})` : ''}; the next one is on ${next_session.trade_date}, open at ${newYork(next_session.open_at)}.`;
  if (progress === null) return ['No session was opened yet.', exchange];
  const { cycle, next_job, candidates, open_positions, closed_positions } = progress;
  return [
    `${newYork(progress.as_of)}: the ${cycle.session_mode} session of ${cycle.trade_date} is ${cycle.state}${next_job ? `, next ${next_job.job} at ${newYork(next_job.due_at)}` : ''}.`,
    `${count(open_positions, 'open position')}, ${closed_positions} closed, day ${dollars(progress.day_pnl_usd)}; candidates: ${candidates.join(', ') || 'none'}.`,
    exchange,
  ];
};
