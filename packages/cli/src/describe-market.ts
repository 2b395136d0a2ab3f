import type { MarketStanding } from '@catalyst/contracts';
import { inNewYork } from '@catalyst/domain';

const clock = (at: string): string => inNewYork(at).clock;

/** Whether the exchange is open, why the desk rests, and when it is at work again. */
export const describeMarket = ({
  as_of,
  session,
  closed_because,
  next_session: { trade_date, scan_at, open_at, close_at },
  last_session_scan,
}: MarketStanding): string =>
  [
    session === 'regular'
      ? `${clock(as_of)} New York · the exchange is open`
      : `${clock(as_of)} New York · the exchange is closed (${session.replaceAll('_', ' ')})${closed_because === null ? '' : `: ${closed_because}`}`,
    `next session ${trade_date}: scan ${clock(scan_at)}, open ${clock(open_at)}, close ${clock(close_at)} New York`,
    ...(last_session_scan === null
      ? []
      : [
          `scan of the session of ${last_session_scan.session_date}, which is over (to look at; nothing of it is traded): ${last_session_scan.candidates.join(', ') || 'no candidates'}`,
        ]),
  ].join('\n');
