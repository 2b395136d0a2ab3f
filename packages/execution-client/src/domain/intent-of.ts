import { createHash } from 'node:crypto';
import type { OrderIntent } from '@catalyst/contracts';
import { canonicalJson, stableId, type Direction, type Side } from '@catalyst/domain';
import type { EntryPlan } from './entry-plan.ts';

export const directionOf = (entry: Side): Direction => (entry === 'buy' ? 'long' : 'short');

interface IntendedSignal {
  signal_id: string;
  symbol: string;
  side: Side;
  entry_price: string;
  chain: { cycle_id: string };
}

/**
 * What the order life is asked for. All names follow from the signal and the account, so that the
 * same signal is one order there, whichever process or machine asks for it.
 */
export const intentOf = (
  { signal_id, symbol, side, entry_price, chain }: IntendedSignal,
  plan: EntryPlan,
  account_number: string,
): { intent: OrderIntent; approval_id: string; intent_hash: string } => {
  const intent: OrderIntent = {
    intent_id: stableId('follow', signal_id, account_number),
    cycle_id: chain.cycle_id,
    symbol,
    direction: directionOf(side),
    qty: plan.qty,
    entry_price,
    limit_price: plan.limit_price,
    stop_price: plan.stop_price,
    target_price: plan.target_price,
  };
  return {
    intent,
    approval_id: stableId('own_approval', intent.intent_id),
    intent_hash: createHash('sha256').update(canonicalJson(intent)).digest('hex'),
  };
};
