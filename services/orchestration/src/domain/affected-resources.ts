import type { Channel, EventPayload } from '@catalyst/contracts';

export const URI = {
  cycle: 'catalyst://trading-cycle/current',
  timeline: (cycleId: string) => `catalyst://trading-cycle/${cycleId}/timeline`,
  scan: 'catalyst://market-scan/latest',
  candidate: (symbol: string) => `catalyst://market-scan/candidates/${symbol}`,
  positions: 'catalyst://positions/current',
  position: (positionId: string) => `catalyst://positions/${positionId}/status`,
  daily: 'catalyst://performance/daily',
  weekly: 'catalyst://performance/weekly',
  alerts: 'catalyst://alerts/active',
  orders: 'catalyst://orders/current',
  proposals: 'catalyst://proposals/waiting',
  plan: 'catalyst://trading-cycle/plan',
  risk: 'catalyst://risk/status',
  journal: 'catalyst://journal/latest',
  report: (date: string) => `catalyst://reports/${date}`,
  story: (symbol: string) => `catalyst://symbols/${symbol}/story`,
  health: 'catalyst://desk/health',
  watches: 'catalyst://watches/current',
} as const;
/**
 * What every URI of a candidate begins with: a new scan changes them all, those that it no longer
 * lists too.
 */
export const CANDIDATES = URI.candidate('');

type Affected = { [C in Channel]?: (payload: EventPayload<C>) => string[] };
const timelineOf = (cycleId: string | null): string[] => (cycleId ? [URI.timeline(cycleId)] : []);

/**
 * Event -> the resources that read differently after it. One that ends with "/" stands for all
 * below it.
 */
export const affectedResources = {
  'catalyst:scan_complete': ({ cycle_id }) => [
    URI.scan,
    CANDIDATES,
    URI.cycle,
    URI.timeline(cycle_id),
  ],
  'catalyst:position_update': ({ position_id, status }) => [
    URI.positions,
    URI.position(position_id),
    URI.cycle,
    URI.risk,
    ...(status === 'closed' ? [URI.daily, URI.weekly, URI.journal] : []),
  ],
  'catalyst:order_filled': ({ cycle_id, position_id }) => [
    URI.positions,
    URI.orders,
    `${URI.orders}/`,
    ...(position_id ? [URI.position(position_id)] : []),
    URI.cycle,
    ...timelineOf(cycle_id),
  ],
  'catalyst:risk_alert': ({ cycle_id }) => [
    URI.alerts,
    URI.risk,
    URI.watches,
    ...timelineOf(cycle_id),
  ],
  'catalyst:cycle_state': ({ cycle_id }) => [URI.cycle, URI.plan, URI.timeline(cycle_id)],
  'catalyst:trade_proposed': ({ cycle_id }) => [URI.alerts, URI.proposals, URI.timeline(cycle_id)],
  'catalyst:trading_signal': ({ cycle_id }) => timelineOf(cycle_id),
  'catalyst:report_ready': ({ trade_date }) => [URI.daily, URI.weekly, URI.report(trade_date)],
} satisfies Affected;
