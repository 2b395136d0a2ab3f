import type { LimitInPart, RiskParameters, RiskStatus } from '@catalyst/contracts';
import { add, inNewYork, later, toDecimalString, toInstant, toTimeId } from '@catalyst/domain';
import type { Clock } from '@catalyst/service-kit';
import { drawdownOf, isConfirmed, longestStreak } from '../domain/confirmed.ts';
import { closestPair, MIN_RETURN_PAIRS } from '../domain/correlation.ts';
import { describeLimitInPart, limitsInPart } from '../domain/limits-in-part.ts';
import { limitsUsed, type Watched } from '../domain/limits-used.ts';
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
  // daily closes do not change within a day, nor does what of them is held together
  let paired: { key: string; closest: Watched['closest'] } = { key: '', closest: null };
  const findClosest = async (
    held: readonly { security_id: number; symbol: string }[],
    now: string,
  ): Promise<Watched['closest']> => {
    if (held.length < 2) return null;
    const { date } = inNewYork(now);
    const key = `${date} ${held.map(({ symbol }) => symbol).join()}`;
    if (paired.key !== key) {
      const ids = held.map(({ security_id }) => security_id);
      const since = toTimeId(later(now, -CORRELATION_DAYS * 86_400_000));
      const rows = await store.readCloses(store, ids, date, since);
      const closest = closestPair(
        held.map(({ security_id, symbol }) => ({
          symbol,
          closes: rows.filter((row) => row.security_id === security_id),
        })),
      );
      paired = { key, closest };
    }
    return paired.closest;
  };
  const readStatus = async (): Promise<RiskStatus> => {
    await inForce.latch();
    const now = clock.latest();
    const [{ state: stored, account, commitments }, { stale, highest_usd, results }] =
      await Promise.all([
        store.readStanding(store, now),
        store.readWatch(store, { priced_before: later(now, -PRICE_AGE_MS), now }),
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
      open_risk_usd: add('0', ...commitments.map((row) => row.risk_usd)),
      equity_usd: account?.equity_usd ?? null,
      live_approvals: commitments.length - positions.length,
      stale_prices: stale.map(({ symbol, last_price_at }) => ({
        symbol,
        last_price_at: last_price_at === null ? null : toInstant(last_price_at),
        age_seconds:
          last_price_at === null
            ? null
            : Math.floor((Date.parse(now) - Date.parse(last_price_at)) / 1000),
      })),
      parameters_version: parametersVersion(),
      limits_in_part: latest,
      limits_used:
        account === null || result === null
          ? []
          : limitsUsed(
              {
                equity_usd: account.equity_usd,
                result_usd: result,
                drawdown_usd: drawdownOf(account.equity_usd, highest_usd),
                commitments,
                closest: await findClosest(positions, now),
                streak: longestStreak(results),
              },
              limits,
            ),
    };
  };
  /** Whether the account's last reads agree that a limit that sells is reached. */
  const isSaleConfirmed = async (): Promise<boolean> => {
    const now = clock.latest();
    const { account } = await store.readStanding(store, now);
    if (account === null) return false;
    const { reads, highest_usd } = await store.readWatch(store, { priced_before: now, now });
    const limits = parametersFor(account);
    const { daily_loss_limit_usd, max_drawdown_usd } = limits;
    return isConfirmed(
      reads,
      (equity_usd) =>
        dailyLossUsedRatio(dayResult({ ...account, equity_usd }), daily_loss_limit_usd) >= 1 ||
        (max_drawdown_usd !== undefined &&
          Number(drawdownOf(equity_usd, highest_usd)) >= max_drawdown_usd),
    );
  };
  return {
    readStatus,
    isSaleConfirmed,
    /** What of the limits was not checked in full when the status was last read. */
    remarks: (): string[] => latest.map(describeLimitInPart),
  };
};
