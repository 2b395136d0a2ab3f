import type { RiskParameters, RiskStatus } from '@catalyst/contracts';
import { add, stableId, subtract } from '@catalyst/domain';
import type { Clock, EventBus, RecordAudit } from '@catalyst/service-kit';
import { dailyLossUsedRatio } from '../domain/review/daily-loss.ts';
import type { Store } from '../store/create-store.ts';
import type { TradingStateInForce } from './trading-state-in-force.ts';

interface Deps {
  store: Store;
  clock: Clock;
  bus: EventBus;
  audit: RecordAudit;
  parameters: () => RiskParameters;
  parametersVersion: () => number;
  stateInForce: TradingStateInForce;
}

export const createReadStatus =
  ({
    store,
    clock,
    parameters,
    parametersVersion,
    stateInForce,
  }: Pick<Deps, 'store' | 'clock' | 'parameters' | 'parametersVersion' | 'stateInForce'>) =>
  async (): Promise<RiskStatus> => {
    const limits = parameters();
    const { state: stored, account, commitments } = await store.readStanding(store, clock.latest());
    const state = stateInForce(stored);
    const positions = commitments.filter((row) => row.kind === 'position');
    return {
      trading_state: state.state,
      reason: state.reason,
      daily_pnl_usd: account ? subtract(account.equity_usd, account.last_equity_usd) : null,
      daily_loss_limit_usd: String(limits.daily_loss_limit_usd),
      daily_loss_used_ratio: account
        ? dailyLossUsedRatio(
            account.equity_usd,
            account.last_equity_usd,
            limits.daily_loss_limit_usd,
          )
        : 0,
      open_positions: positions.length,
      max_positions: limits.max_positions,
      exposure_usd: add('0', ...commitments.map((row) => row.notional_usd)),
      equity_usd: account?.equity_usd ?? null,
      live_approvals: commitments.length - positions.length,
      parameters_version: parametersVersion(),
    };
  };

/**
 * Holds the account against the daily loss each minute: warns once, stops once; what it stopped
 * stays stopped until a person resumes.
 */
export const createCheckLimits = (deps: Deps) => {
  const { store, clock, bus, audit, parameters } = deps;
  const readStatus = createReadStatus(deps);
  return async (cycleId: string): Promise<{ status: RiskStatus; flatten: boolean }> => {
    const before = await readStatus();
    const used = before.daily_loss_used_ratio;
    const limits = parameters();
    const crossed =
      used >= 1 ? 'DAILY_LOSS_LIMIT' : used >= limits.warning_ratio ? 'DAILY_LOSS_WARNING' : null;
    if (crossed === null)
      return {
        status: before,
        flatten: before.trading_state === 'flattening' && before.open_positions > 0,
      };

    const severity = crossed === 'DAILY_LOSS_LIMIT' ? 'critical' : 'warning';
    const message = `today's loss is ${before.daily_pnl_usd} USD, ${(used * 100).toFixed(1)} % of the daily limit of ${before.daily_loss_limit_usd} USD`;
    await store.transaction(async (tx) => {
      await store.lockReviews(tx);
      const isNew = await store.addEvent(tx, {
        event_id: stableId('limit', cycleId, crossed),
        cycle_id: cycleId,
        severity,
        code: crossed,
        message,
        used_ratio: used,
        at: clock.now(),
      });
      if (isNew)
        bus.stage(tx, 'catalyst:risk_alert', {
          cycle_id: cycleId,
          severity,
          code: crossed,
          message,
          used_ratio: used,
        });
      const state = await store.readState(tx);
      if (crossed === 'DAILY_LOSS_LIMIT' && state?.state === 'active') {
        store.addState(tx, 'flattening', 'risk', message, clock.now());
        audit(tx, {
          actor: 'risk',
          action: 'trading_flatten',
          subject: 'trading_state',
          details: { used_ratio: used },
        });
      }
    });
    const status = await readStatus();
    return { status, flatten: status.trading_state === 'flattening' && status.open_positions > 0 };
  };
};
