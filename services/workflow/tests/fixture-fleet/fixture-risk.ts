import type { riskApi, RiskStatus } from '@catalyst/contracts';
import { later, stableId } from '@catalyst/domain';
import type { Handlers } from '@catalyst/service-kit';
import { at, type Script } from './script.ts';

/** Approves every order that the script does not refuse, and never changes what it is told to. */
export const createFixtureRisk = (
  script: Script,
  clock: () => string,
): Handlers<typeof riskApi> => {
  const status = (): RiskStatus => ({
    trading_state: script.trading_state,
    reason: 'armed',
    daily_pnl_usd: '0',
    daily_loss_limit_usd: '2000',
    daily_loss_used_ratio: 0,
    open_positions: 0,
    max_positions: 5,
    exposure_usd: '0',
    open_risk_usd: '0',
    equity_usd: '100000',
    live_approvals: 0,
    stale_prices: script.stale_prices,
    parameters_version: 1,
    limits_in_part: [],
    limits_used: [],
  });
  const review: Handlers<typeof riskApi>['checkOrder'] = ({ body }) => {
    const code = script.refusals[body.symbol];
    if (code)
      return {
        verdict: 'refused',
        intent_id: body.intent_id,
        code,
        message: 'five positions are held',
        limit: '5',
        value: '6',
        max_qty: '0',
      };
    const qty = body.qty ?? '100';
    return {
      verdict: 'approved',
      approval_id: stableId('approval', body.intent_id),
      intent_id: body.intent_id,
      qty,
      risk_usd: '110',
      notional_usd: '5010',
      expires_at: later(clock(), 60_000),
      sizing: {},
    };
  };
  const limits = () => ({
    version: 1,
    parameters: script.parameters,
    ranges: {
      max_positions: { min: 1, max: 10 },
      risk_per_trade_ratio: { min: 0.0005, max: 0.02 },
    },
  });
  return {
    checkOrder: review,
    previewOrder: review,
    sizePosition: ({ body: { symbol } }) => ({
      symbol,
      qty: '110',
      stake_ratio: 0.005,
      method: 'fixed_fraction' as const,
      factors: [],
      caps: [],
      tightest: 'risk_per_trade',
    }),
    checkLimits: () => {
      const isOver = script.flatten_at !== null && clock() >= at(script.flatten_at);
      const confirm = isOver && script.looks_again > 0;
      if (confirm) script.looks_again -= 1;
      return { status: status(), flatten: isOver && !confirm, confirm };
    },
    showStatus: status,
    showTradingState: () => ({ state: script.trading_state, reason: 'armed' }),
    arm: status,
    changeTradingState: status,
    showParameters: limits,
    showLimits: () => ({ status: status(), limits: limits() }),
    updateParameter: ({ params, body }) => ({
      version: 2,
      name: params.name,
      old_value: 5,
      new_value: body.value,
    }),
  };
};
