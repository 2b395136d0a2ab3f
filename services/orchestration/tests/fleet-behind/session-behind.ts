import type { TradingState, workflowApi } from '@catalyst/contracts';
import { AppError } from '@catalyst/service-kit';
import { alertOf, AT, CYCLE_ID, cycle, HOSTILE_HEADLINE, TODAY } from './desk-rows.ts';
import type { Answers } from './stand-in.ts';

/** The day's session as workflow tells it: how it stands, what is planned, what happened. */
export const createSessionBehind = () => {
  let hasCycle = true;
  let standing: { state: TradingState; reason: string } | null = {
    state: 'active',
    reason: 'armed',
  };
  const progress = {
    cycle,
    as_of: AT,
    next_job: null,
    candidates: ['ACME'],
    open_positions: 1,
    closed_positions: 0,
    day_pnl_usd: '90.00',
  };
  return {
    answers: {
      startCycle: ({ body }) => {
        const { universe_size } = body as { universe_size: number };
        if (universe_size < 50 || universe_size > 200)
          throw new AppError(
            'INVALID_UNIVERSE_SIZE',
            `universe_size must be between 50 and 200, was ${universe_size}`,
            { provided: universe_size, min: 50, max: 200 },
          );
        return { ...cycle, state: 'scheduled', universe_size };
      },
      showStanding: () => ({
        as_of: AT,
        trading: standing,
        cycle: hasCycle ? cycle : null,
        exchange: 'regular' as const,
        closed_because: hasCycle ? null : 'the exchange is closed on 2026-03-28',
        next_session: { trade_date: '2026-03-30' },
      }),
      showPlan: () => ({
        as_of: AT,
        trade_date: TODAY,
        state: 'trading' as const,
        session_mode: 'supervised' as const,
        jobs: [{ job: 'rescan', first_at: AT, last_at: '2026-03-10T18:30:00.000Z', times: 55 }],
      }),
      setSessionMode: ({ body }) => ({ ...cycle, ...(body as object) }),
      listWatches: () => ({ watches: [] }),
      listLimitProposals: () => ({ limit_proposals: [] }),
      showMarket: () => ({
        as_of: AT,
        session: hasCycle ? ('regular' as const) : ('closed' as const),
        closed_because: hasCycle ? null : 'the exchange is closed on 2026-03-28',
        next_session: {
          trade_date: '2026-03-30',
          scan_at: '2026-03-30T12:00:00.000Z',
          open_at: '2026-03-30T13:30:00.000Z',
          close_at: '2026-03-30T20:00:00.000Z',
        },
        last_session_scan: null,
      }),
      showCurrentCycle: () => {
        if (!hasCycle) throw new AppError('NOT_FOUND', 'no cycle was opened yet');
        return progress;
      },
      showTimeline: ({ params }) => {
        if (params.cycle_id !== CYCLE_ID)
          throw new AppError('NOT_FOUND', `there is no cycle ${params.cycle_id}`);
        return {
          cycle,
          entries: [
            {
              at: AT,
              kind: 'decision',
              title: 'enter ACME',
              details: { headline: HOSTILE_HEADLINE, reason: 'the minute closed above 45.00' },
            },
            {
              at: AT,
              kind: 'alert',
              title: HOSTILE_HEADLINE,
              details: { severity: 'warning', code: 'ENTRY_REFUSED' },
            },
          ],
        };
      },
      stopCycle: () => ({ ...cycle, state: 'closed' }),
      listAlerts: () => ({
        alerts: [
          alertOf('DAILY_LOSS_WARNING', '75 % of the limit is used'),
          alertOf('PROPOSAL_WAITING', 'Buy ACME.'),
          alertOf('ENTRY_REFUSED', HOSTILE_HEADLINE),
        ],
        next: null,
      }),
    } satisfies Answers<typeof workflowApi>,
    controls: {
      setStanding: (value: typeof standing) => {
        standing = value;
      },
      setHasCycle: (value: boolean) => {
        hasCycle = value;
      },
    },
  };
};
