import type { RiskStatus } from '@catalyst/contracts';
import { inNewYork } from '@catalyst/domain';
import { lastPriceAlerts, PRICE_MISSING, PRICE_RETURNED } from '../store/cycles.ts';
import type { FlowDeps } from './flow-deps.ts';
import { raiseAlert } from './raise-alert.ts';

/**
 * A held stock without a price is told once, and once more when it has one again. What was told is
 * read once a cycle: only one process conducts.
 */
export const createTellPriceAges = (deps: FlowDeps) => {
  let known: { cycle_id: string; told: Map<string, string> } | null = null;

  return async (
    cycle_id: string,
    held: readonly string[],
    stale: RiskStatus['stale_prices'],
  ): Promise<void> => {
    if (held.length === 0) return;
    if (known?.cycle_id !== cycle_id)
      known = { cycle_id, told: await lastPriceAlerts(deps.database, cycle_id) };
    const { told } = known;
    for (const symbol of held) {
      const missing = stale.find((price) => price.symbol === symbol);
      const wasMissing = told.get(symbol) === PRICE_MISSING;
      if (missing && !wasMissing) {
        await raiseAlert(deps, cycle_id, {
          severity: 'warning',
          code: PRICE_MISSING,
          message: `${symbol} is held and has had no price ${missing.last_price_at === null ? 'yet' : `since ${inNewYork(missing.last_price_at).clock}`}: its profit is reckoned with an old one`,
          details: { symbol, last_price_at: missing.last_price_at },
        });
        told.set(symbol, PRICE_MISSING);
      }
      if (!missing && wasMissing) {
        await raiseAlert(deps, cycle_id, {
          severity: 'info',
          code: PRICE_RETURNED,
          message: `${symbol} has a price again`,
          details: { symbol },
        });
        told.set(symbol, PRICE_RETURNED);
      }
    }
  };
};
export type TellPriceAges = ReturnType<typeof createTellPriceAges>;
