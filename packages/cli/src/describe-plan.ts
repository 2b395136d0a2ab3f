import type { DayPlan } from '@catalyst/contracts';
import { inNewYork } from '@catalyst/domain';

const clock = (at: string): string => inNewYork(at).clock;

/** What each job does, in the words of whoever waits for it. */
const does: Record<string, string> = {
  collect_news: 'news is collected',
  premarket_scan: 'the first scan',
  market_open: 'the exchange opens',
  minute: 'each minute: positions, stops and limits are watched',
  rescan: 'the market is scanned again',
  enter: 'each minute: confirmed triggers are entered',
  close_positions: 'everything is closed; then the books are reconciled and the report is mailed',
  after_hours_news: 'news is collected, more slowly',
};

/** The rest of the day in the order in which it begins. */
export const describePlan = ({ as_of, trade_date, state, session_mode, jobs }: DayPlan): string =>
  [
    `${trade_date}, ${clock(as_of)} New York: ${state === null ? 'no cycle was opened yet' : `the day is ${state} (${session_mode})`}`,
    ...(jobs.length === 0 ? ['nothing more is planned for it'] : []),
    ...jobs.map(({ job, first_at, last_at, times }) => {
      const when = times === 1 ? clock(first_at) : `${clock(first_at)} to ${clock(last_at)}`;
      const often = job === 'rescan' && times > 1 ? `, ${times} times` : '';
      return `  ${when.padEnd(14)}  ${does[job] ?? job}${often}`;
    }),
  ].join('\n');
