import type { LimitInPart, RiskParameters, RiskStatus } from '@catalyst/contracts';
import { add, later, toDecimalString, toTimeId } from '@catalyst/domain';
import type { Clock } from '@catalyst/service-kit';
import { MIN_RETURN_PAIRS } from '../domain/correlation.ts';
import { describeLimitInPart, limitsInPart } from '../domain/limits-in-part.ts';
import { dailyLossUsedRatio, dayResult } from '../domain/review/daily-loss.ts';
import type { AccountFacts } from '../domain/review/risk-facts.ts';
import type { Store } from '../store/create-store.ts';
import { CORRELATION_DAYS } from './gather-facts.ts';
import type { TradingStateInForce } from './trading-state-in-force.ts';

/** How old a held stock's price may be before it is told. */
const PRICE_AGE_MS = 120_000;

interface Deps {
  store: Store;
  clock: Clock;
  parametersFor: (account: AccountFacts | null) => RiskParameters;
  parametersVersion: () => number;
  inForce: TradingStateInForce;
}
export type ReadStatus = () => Promise<RiskStatus>;

/** How the desk stands against its limits, and which of them are not checked in full. */
export const createReadStatus = ({
  store,
  clock,
  parametersFor,
  parametersVersion,
  inForce,
}: Deps) => {
  let latest: LimitInPart[] = [];
  // who has enough history keeps it for the day: stored bars are never taken away
  let known = { date: '', ids: new Set<number>() };
  const withoutHistory = async (ids: readonly number[], now: string): Promise<Set<number>> => {
    const date = now.slice(0, 10);
    if (known.date !== date) known = { date, ids: new Set() };
    const asked = ids.filter((id) => !known.ids.has(id));
    if (asked.length === 0) return new Set();
    const since = toTimeId(later(now, -CORRELATION_DAYS * 86_400_000));
    const closes = await store.countCloses(asked, since);
    for (const id of asked) if ((closes.get(id) ?? 0) > MIN_RETURN_PAIRS) known.ids.add(id);
    return new Set(asked.filter((id) => !known.ids.has(id)));
  };
  const readStatus = async (): Promise<RiskStatus> => {
    await inForce.latch();
    const now = clock.latest();
    const [{ state: stored, account, commitments }, stale] = await Promise.all([
      store.readStanding(store, now),
      store.readStalePrices(store, later(now, -PRICE_AGE_MS)),
    ]);
    const limits = parametersFor(account);
    const state = inForce.of(stored);
    const positions = commitments.filter((row) => row.kind === 'position');
    const tooNew = await withoutHistory(
      positions.map(({ security_id }) => security_id),
      now,
    );
    latest = limitsInPart(
      positions.map(({ security_id, sector }) => ({
        sector,
        has_history: !tooNew.has(security_id),
      })),
      account !== null,
    );
    const result = account ? dayResult(account) : null;
    return {
      trading_state: state.state,
      reason: state.reason,
      daily_pnl_usd: result === null ? null : toDecimalString(result),
      daily_loss_limit_usd: String(limits.daily_loss_limit_usd),
      daily_loss_used_ratio:
        result === null ? 0 : dailyLossUsedRatio(result, limits.daily_loss_limit_usd),
      open_positions: positions.length,
      max_positions: limits.max_positions,
      exposure_usd: add('0', ...commitments.map((row) => row.notional_usd)),
      equity_usd: account?.equity_usd ?? null,
      live_approvals: commitments.length - positions.length,
      stale_prices: stale.map(({ symbol, last_price_at }) => ({
        symbol,
        last_price_at,
        age_seconds:
          last_price_at === null
            ? null
            : Math.floor((Date.parse(now) - Date.parse(last_price_at)) / 1000),
      })),
      parameters_version: parametersVersion(),
      limits_in_part: latest,
    };
  };
  return {
    readStatus,
    /** What of the limits was not checked in full when the status was last read. */
    remarks: (): string[] => latest.map(describeLimitInPart),
  };
};
