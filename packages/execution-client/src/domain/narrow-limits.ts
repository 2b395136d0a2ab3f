import type { ClientConfiguration } from '@catalyst/contracts';
import { Exact, toDecimalString, type DecimalString } from '@catalyst/domain';
import type { OwnerLimits } from './owner-limits.ts';

/** What the desk asks of a client: the part of its configuration that bears on entries. */
export type AskedByDesk = Pick<ClientConfiguration['effective'], 'risk' | 'may_enter' | 'why_not'>;

/** A desk that asks for nothing. */
export const NOTHING_ASKED: AskedByDesk = { risk: {}, may_enter: true, why_not: [] };

/** What the client may do: of each limit the stricter one. */
export interface AllowedLimits extends OwnerLimits {
  /** How far the stop may be from the entry, as part of it; null where only the desk's plan says. */
  max_stop_ratio: number | null;
  /** A target farther from the entry than this part of it is brought nearer. */
  max_target_ratio: number | null;
}

const leastMoney = (own: DecimalString, asked: number | undefined): DecimalString =>
  asked === undefined ? own : toDecimalString(Exact.min(own, asked));
const asRatio = (percent: number | undefined): number | null =>
  percent === undefined ? null : percent / 100;

/**
 * The narrower of the owner's limits and what the desk asks, limit by limit: a desk can lower and
 * switch off, never raise or switch on. Exits, hours and what is told to the desk are the owner's
 * alone.
 */
export const narrowLimits = (own: OwnerLimits, { risk }: AskedByDesk): AllowedLimits => ({
  ...own,
  max_notional_usd: leastMoney(own.max_notional_usd, risk.max_position_size_usd),
  daily_loss_usd: leastMoney(own.daily_loss_usd, risk.max_daily_loss_usd),
  max_positions: Math.min(own.max_positions, risk.max_positions ?? own.max_positions),
  max_stop_ratio: asRatio(risk.stop_loss_pct),
  max_target_ratio: asRatio(risk.take_profit_pct),
});
