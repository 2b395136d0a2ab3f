import type { OrderIntent } from '@catalyst/contracts';
import { stableId } from '@catalyst/domain';
import { planEntry, scaleOut, sharesAtRisk } from '../../domain/entry-intent.ts';
import type { SessionWindow } from '../../domain/session-windows.ts';
import { findEquity, listHeld } from '../../store/desk-reads.ts';
import type { FlowDeps } from '../flow-deps.ts';
import type { JobScope } from '../run-job.ts';
import type { Confirmed } from './find-confirmed.ts';

type Plan = { intent: OrderIntent } | { skip: string; reason: string };

/**
 * The order that the desk means to make, no larger than the session window's risk allows; or why it
 * makes none.
 */
export const planTrade = async (
  { database, risk, scale_out_at_r }: FlowDeps,
  { day, due_at }: JobScope,
  window: SessionWindow,
  { candidate: { symbol, catalyst_type }, trigger, quote, trading_state }: Confirmed,
): Promise<Plan> => {
  const { cycle_id } = day.cycle;
  if (trading_state !== 'active')
    return { skip: 'desk_not_active', reason: `the desk is ${trading_state}: nothing is entered` };
  const held = await listHeld(database);
  if (held.length >= window.max_positions)
    return {
      skip: 'window_full',
      reason: `${held.length} positions are held; the ${window.name} window allows ${window.max_positions}`,
    };
  const { pattern, stop, target } = trigger.pattern!;
  const planned = planEntry({ direction: 'long', quote, close: trigger.close, stop, target });
  if (!planned.is_sane) return { skip: planned.code, reason: planned.reason };

  const intent: OrderIntent = {
    intent_id: stableId('intent', cycle_id, symbol, due_at),
    cycle_id,
    symbol,
    direction: 'long',
    qty: null,
    ...planned.prices,
    ...(window.entry_order === 'market' && { limit_price: null }),
    ...scaleOut(scale_out_at_r, 'long', planned.prices),
    pattern,
    ...(catalyst_type !== null && { catalyst_type }),
  };
  const [verdict, { parameters }, equity] = await Promise.all([
    risk.previewOrder({ body: intent }),
    risk.showParameters(),
    findEquity(database),
  ]);
  // a refusal is left to the review, which keeps it
  if (verdict.verdict === 'refused' || equity === null) return { intent };
  const ratio = parameters.risk_per_trade_ratio * window.risk_share;
  const allowed = sharesAtRisk(equity, ratio, planned.prices);
  if (allowed === '0')
    return {
      skip: 'window_risk_too_small',
      reason: `one share risks more than ${ratio} of the equity, which the ${window.name} window allows`,
    };
  return { intent: Number(allowed) < Number(verdict.qty) ? { ...intent, qty: allowed } : intent };
};
