import type { RiskStatus } from '@catalyst/contracts';
import { inNewYork } from '@catalyst/domain';
import { lastPriceAlerts, PRICE_MISSING, PRICE_RETURNED } from '../store/cycles.ts';
import type { FlowDeps } from './flow-deps.ts';
import { raiseAlert } from './raise-alert.ts';

/** A held stock without a price is told once, and once more when it has one again. */
export const tellPriceAges = async (
  deps: FlowDeps,
  cycle_id: string,
  held: readonly string[],
  stale: RiskStatus['stale_prices'],
): Promise<void> => {
  if (held.length === 0) return;
  const told = await lastPriceAlerts(deps.database, cycle_id);
  for (const symbol of held) {
    const missing = stale.find((price) => price.symbol === symbol);
    const wasMissing = told.get(symbol) === PRICE_MISSING;
    if (missing && !wasMissing)
      await raiseAlert(deps, cycle_id, {
        severity: 'warning',
        code: PRICE_MISSING,
        message: `${symbol} is held and has had no price ${missing.last_price_at === null ? 'yet' : `since ${inNewYork(missing.last_price_at).clock}`}: its profit is reckoned with an old one`,
        details: { symbol, last_price_at: missing.last_price_at },
      });
    if (!missing && wasMissing)
      await raiseAlert(deps, cycle_id, {
        severity: 'info',
        code: PRICE_RETURNED,
        message: `${symbol} has a price again`,
        details: { symbol },
      });
  }
};
