import type { RiskParameters, RiskStatus } from '@catalyst/contracts';
import { Exact, toCents } from '@catalyst/domain';
import type { Terminal } from './terminal.ts';
import type { whatIfStopped } from './what-if-stopped.ts';
import { showGain } from './show-gain.ts';

const dollars = (usd: InstanceType<typeof Exact> | string): string => `$${toCents(usd)}`;
const percent = (ratio: number): string => `${new Exact(ratio).times(100).toString()} %`;

export interface LimitRoom {
  limit: string;
  value: string;
  used: string;
  left: string;
}

/** Each limit that is used up as the day goes, with the room that is left of it. */
export const roomOfLimits = (status: RiskStatus, parameters: RiskParameters): LimitRoom[] => {
  const { daily_pnl_usd, equity_usd, open_positions } = status;
  const lost =
    daily_pnl_usd === null ? null : new Exact(daily_pnl_usd).isNegative() ? daily_pnl_usd : '0';
  const share = (ratio: number): string =>
    equity_usd === null ? 'equity unknown' : dollars(new Exact(equity_usd).times(ratio));
  return [
    {
      limit: 'daily loss',
      value: dollars(status.daily_loss_limit_usd),
      used: lost === null ? 'account not read' : dollars(new Exact(lost).abs()),
      left: lost === null ? 'unknown' : dollars(new Exact(status.daily_loss_limit_usd).plus(lost)),
    },
    {
      limit: 'positions',
      value: String(status.max_positions),
      used: `${open_positions}${status.live_approvals === 0 ? '' : ` and ${status.live_approvals} approved`}`,
      left: String(Math.max(0, status.max_positions - open_positions - status.live_approvals)),
    },
    {
      limit: 'one position',
      value: percent(parameters.max_position_ratio),
      used: '',
      left: share(parameters.max_position_ratio),
    },
    {
      limit: 'one sector',
      value: percent(parameters.max_sector_ratio),
      used: '',
      left: `${share(parameters.max_sector_ratio)} less what it holds`,
    },
    {
      limit: 'risk of one trade',
      value: percent(parameters.risk_per_trade_ratio),
      used: '',
      left: share(parameters.risk_per_trade_ratio),
    },
  ];
};

/** The limits, what is left of them, and what every stop hit would cost. */
export const describeRisk = (
  status: RiskStatus,
  rooms: readonly LimitRoom[],
  { stops, from_now_usd, without_stop }: ReturnType<typeof whatIfStopped>,
  terminal: Terminal,
): string => {
  const { daily_pnl_usd, daily_loss_limit_usd } = status;
  const after = daily_pnl_usd === null ? null : new Exact(daily_pnl_usd).plus(from_now_usd);
  return [
    `trading is ${status.trading_state}: ${status.reason}`,
    `today ${daily_pnl_usd === null ? 'unknown: the account was not read' : showGain(daily_pnl_usd)}; exposure ${dollars(status.exposure_usd)}`,
    '',
    terminal.table(
      ['limit', 'is', 'used', 'left'],
      rooms.map(({ limit, value, used, left }) => [limit, value, used, left]),
      [1, 2, 3],
    ),
    ...status.limits_in_part.map(
      ({ limit, reason }) => `${limit} is not checked in full: ${reason}`,
    ),
    '',
    ...(stops.length === 0
      ? ['nothing is held: no stop can be hit']
      : [
          terminal.table(
            ['if its stop is hit', 'shares', 'stop', 'from now', 'from the entry'],
            stops.map((hit) => [
              hit.symbol,
              hit.qty,
              hit.stop_price ?? terminal.colors.red('NONE'),
              hit.from_now_usd === null ? '' : showGain(hit.from_now_usd),
              hit.from_entry_usd === null ? '' : showGain(hit.from_entry_usd),
            ]),
            [1, 2, 3, 4],
          ),
          `if every stop is hit at its price: ${showGain(from_now_usd)} from now${after === null ? '' : `, the day at ${showGain(after.toString())} (the limit is ${dollars(daily_loss_limit_usd)})`}`,
          ...(without_stop.length === 0
            ? []
            : [terminal.colors.red(`without a stop at the broker: ${without_stop.join(', ')}`)]),
        ]),
  ].join('\n');
};
