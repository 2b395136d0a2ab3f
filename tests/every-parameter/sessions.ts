import { newYorkTime, nyseCalendarDay, tradingHours } from '@catalyst/domain';
import { dueTimes } from '../../services/workflow/src/domain/schedule.ts';
import {
  sessionsConfig,
  sessionWindows,
  windowAt,
} from '../../services/workflow/src/domain/session-windows.ts';
import { planTrade } from '../../services/workflow/src/flows/jobs/plan-trade.ts';
import { committed, type Outcomes, type Tree } from './parameter-tree.ts';

const DATE = '2026-03-24';
const hours = tradingHours(nyseCalendarDay(DATE)!);
/** When the market is scanned. */
const scans = (config: Tree) =>
  dueTimes(hours, sessionsConfig.parse(config))
    .filter(({ job }) => job === 'rescan')
    .map(({ due_at }) => due_at);
/** What is planned at a time of the day, while `positions` are held. */
const entryAt = (clock: string, positions: number) => (config: Tree) => {
  const due_at = newYorkTime(DATE, clock);
  const window = windowAt(sessionWindows(sessionsConfig.parse(config), hours), due_at);
  if (!window || window.max_positions === 0) return 'nothing is entered';
  const deps = {
    database: {
      query: async (sql: string) =>
        sql.includes('v_account_latest')
          ? [{ equity_usd: '100000' }]
          : Array.from({ length: positions }, (_, index) => ({ symbol: `H${index}` })),
    },
    risk: {
      previewOrder: async () => ({ verdict: 'approved', qty: '400' }),
      showParameters: async () => ({ parameters: committed('risk_parameters') }),
    },
    scale_out_at_r: [],
  };
  const trigger = { close: 50, pattern: { stop: 49, target: 53 } };
  const found = { candidate: { symbol: 'ACME' }, trigger, quote: null, trading_state: 'active' };
  type Given = Parameters<typeof planTrade>;
  return planTrade(
    deps as unknown as Given[0],
    { due_at, day: { cycle: { cycle_id: 'c' } } } as unknown as Given[1],
    window,
    found as unknown as Given[3],
  );
};
/** What each of config/sessions.yaml decides. */
export const sessions: Outcomes = {
  'rescan_seconds/aggressive': {
    to: 120,
    given: { 'windows/pre_market/mode': 'aggressive' },
    decides: scans,
  },
  'rescan_seconds/normal': { to: 600, decides: scans },
  'rescan_seconds/conservative': { to: 1200, decides: scans },
  'windows/pre_market/from': { to: 'open-60', decides: scans },
  'windows/pre_market/mode': { to: 'aggressive', decides: scans },
  'windows/opening_range/from': { to: 'open+7', decides: scans },
  'windows/opening_range/mode': { to: 'aggressive', decides: scans },
  'windows/morning/from': { to: 'open+30', decides: entryAt('09:50', 0) },
  'windows/morning/mode': { to: 'aggressive', decides: scans },
  'windows/morning/max_positions': { to: 3, decides: entryAt('10:00', 3) },
  'windows/morning/risk_share': { to: 0.5, decides: entryAt('10:00', 0) },
  'windows/morning/entry_order': { to: 'market', decides: entryAt('10:00', 0) },
  'windows/midday/from': { to: 'open+150', decides: scans },
  'windows/midday/mode': { to: 'normal', decides: scans },
  'windows/midday/max_positions': { to: 3, decides: entryAt('12:00', 3) },
  'windows/midday/risk_share': { to: 0.5, decides: entryAt('12:00', 0) },
  'windows/midday/entry_order': { to: 'market', decides: entryAt('12:00', 0) },
  'windows/afternoon/from': { to: 'close-120', decides: scans },
  'windows/afternoon/mode': { to: 'conservative', decides: scans },
  'windows/afternoon/max_positions': { to: 3, decides: entryAt('14:00', 3) },
  'windows/afternoon/risk_share': { to: 0.5, decides: entryAt('14:00', 0) },
  'windows/afternoon/entry_order': { to: 'market', decides: entryAt('14:00', 0) },
  'windows/close/from': { to: 'close-90', decides: entryAt('14:45', 0) },
};
