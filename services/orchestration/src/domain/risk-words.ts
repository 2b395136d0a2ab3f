import type { RiskDecision, RiskParameters, RiskStatus } from '@catalyst/contracts';
import { ageWords, dollars, gain, percent, shares } from './wording.ts';

const limitWords = (name: string): string =>
  name
    .replace(/_(usd|ratio)$/, '')
    .replace(/^max_/, '')
    .replaceAll('_', ' ');

type Refusal = Pick<
  Extract<RiskDecision, { verdict: 'refused' }>,
  'message' | 'limit' | 'value' | 'max_qty'
>;
/** Risk's sentence, the numbers that it does not name itself, and what would pass. */
export const refusalWords = ({ message, limit, value, max_qty }: Refusal): string => {
  const sentence = message.replace(/\.$/, '');
  const isNews = /[1-9]/.test(limit) && !sentence.includes(limit);
  const numbers = isNews ? `; limit ${limit}, value ${value}` : '';
  return `${sentence}${numbers}; ${Number(max_qty) > 0 ? `the largest quantity that would pass is ${shares(max_qty)}` : 'no quantity would pass'}`;
};

/** The day against its limits, as a person asks for it: what is lost, what may be, what is left. */
export const riskLines = (
  status: RiskStatus,
  worst_usd: string | null,
  parameters: RiskParameters,
  warnings: readonly string[],
): string[] => {
  const { daily_pnl_usd, daily_loss_limit_usd, limits_used, open_risk_usd, equity_usd } = status;
  return [
    daily_pnl_usd === null
      ? "The account has not been read yet, so the day's result is not known and nothing is entered."
      : `Day ${gain(daily_pnl_usd)}, equity ${dollars(equity_usd ?? '0')}; ${percent(status.daily_loss_used_ratio)} of the daily loss limit of ${dollars(daily_loss_limit_usd)} is used.`,
    `If every stop is hit, ${dollars(open_risk_usd)} more is lost${worst_usd === null ? '' : ` and the day ends at ${gain(worst_usd)}`}; at ${dollars(`-${daily_loss_limit_usd}`)} everything is sold and the desk stops for the day.`,
    `${status.open_positions} of ${status.max_positions} positions, exposure ${dollars(status.exposure_usd)}; a new trade may risk ${percent(parameters.risk_per_trade_ratio, 2)} of the equity.`,
    `Used of each limit: ${
      limits_used
        .map(
          ({ limit, used_ratio, of }) =>
            `${limitWords(limit)} ${percent(used_ratio)}${of === null ? '' : ` (${of})`}`,
        )
        .join(', ') || 'not known before the account is read'
    }.`,
    ...status.stale_prices.map(
      ({ symbol, age_seconds }) =>
        `${symbol} is reckoned with a price ${age_seconds === null ? 'that nobody ever saw' : `${ageWords(age_seconds)} old`}.`,
    ),
    ...status.limits_in_part.map(
      ({ limit, reason }) => `${limit} is not checked in full: ${reason}.`,
    ),
    ...warnings,
  ];
};
