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
    ...(status === 'closed' ? [URI.daily, URI.weekly] : []),
  ],
  'catalyst:order_filled': ({ cycle_id, position_id }) => [
    URI.positions,
    ...(position_id ? [URI.position(position_id)] : []),
    URI.cycle,
    ...timelineOf(cycle_id),
  ],
  'catalyst:risk_alert': ({ cycle_id }) => [URI.alerts, ...timelineOf(cycle_id)],
  'catalyst:cycle_state': ({ cycle_id }) => [URI.cycle, URI.timeline(cycle_id)],
  'catalyst:trade_proposed': ({ cycle_id }) => [URI.alerts, URI.timeline(cycle_id)],
  'catalyst:trading_signal': ({ cycle_id }) => timelineOf(cycle_id),
  'catalyst:report_ready': () => [URI.daily, URI.weekly],
} satisfies Affected;
