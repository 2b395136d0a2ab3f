import type { ClientStatus } from '../client-status.ts';
import { skipCodes } from '../domain/skip-code.ts';
import type { Terminal } from '../terminal.ts';
import { clockOf, cells, plain } from './wording.ts';

/** A process that has not looked around for so long does not run. */
const GONE_MS = 15_000;

export const isRunning = ({ look, at }: Pick<ClientStatus, 'look' | 'at'>): boolean =>
  look !== null && Date.parse(at) - Date.parse(look.at) < GONE_MS;

const money: Readonly<Record<ClientStatus['account_kind'], string>> = {
  live: 'REAL MONEY',
  paper: 'paper money',
  simulated: 'a simulated exchange',
};

const DAY_MS = 86_400_000;
/** The end of the dry run is offered once there was a day to judge it by. */
const describeDryRun = ({ watching_since, at }: ClientStatus): string => {
  const hasWatched =
    watching_since !== null && Date.parse(at) - Date.parse(watching_since) >= DAY_MS;
  return hasWatched
    ? 'DRY RUN since a day or more: look at "catalyst-client history"; "catalyst-client trade on" lets it order'
    : 'DRY RUN: signals are decided and nothing is ordered; watch it for a day';
};

/** In the dry run too: what was paused or stopped stays so when that ends. */
const describeMode = (status: ClientStatus): string => {
  const { is_trading, standing } = status;
  const dry_run = is_trading ? null : describeDryRun(status);
  if (standing === null || standing.state === 'active') return dry_run ?? 'trading';
  const act =
    standing.state === 'flattening' ? 'STOPPED, everything is sold' : 'PAUSED, no entries';
  const stop = `${act}: ${standing.reason} ("catalyst-client resume" goes on)`;
  return dry_run === null ? stop : `${dry_run}\n${stop}`;
};

const describeStream = (status: ClientStatus): string => {
  const { look, last_seq, is_desk_halted } = status;
  if (!isRunning(status) || look === null)
    return `not running ("catalyst-client run" starts it); seen up to signal ${last_seq}`;
  const { stream, silent_ms } = look;
  const silent = silent_ms === null ? '' : `, last word ${Math.round(silent_ms / 1000)} s ago`;
  const reason = stream.reason === null ? '' : ` (${stream.reason})`;
  return `${stream.state}${reason}, signal ${last_seq}${silent}${is_desk_halted ? '; the desk has HALTED' : ''}`;
};

const signed = (usd: string): string => (usd.startsWith('-') ? usd : `+${usd}`);

const describeTrades = ({ trades }: ClientStatus): string[] =>
  trades.length === 0
    ? ['no trades today']
    : trades.map((trade) => {
        const { symbol, direction, status, qty, entered_qty, entry_price, is_protected } = trade;
        const result = status === 'closed' ? trade.realized_pnl_usd : trade.unrealized_pnl_usd;
        const state =
          status === 'closed'
            ? `closed at ${trade.exit_price ?? '-'} (${trade.exit_reason ?? 'not filled'})`
            : `${status}${qty !== '0' && !is_protected ? ', stop under way' : ''}`;
        return cells(
          [symbol, 6],
          [direction, 6],
          [status === 'closed' ? entered_qty : qty, -6],
          [`at ${entry_price ?? '-'}`, 14],
          [signed(result), -10],
          [state, 0],
        );
      });

const describeDecisions = ({ decisions }: ClientStatus, most: number): string[] =>
  decisions
    .slice(0, most)
    .map(({ decided_at, symbol, decision, code, reason, plan }) =>
      cells(
        [clockOf(decided_at), 9],
        [symbol, 6],
        [code ?? decision, 18],
        [code === 'dry_run' && plan ? `would buy ${plan.qty} at ${plan.limit_price}` : reason, 0],
      ),
    );

/** The status as a person reads it, in a terminal that is redrawn or once. */
export const describeStatus = (
  status: ClientStatus,
  { colors }: Pick<Terminal, 'colors'>,
  most_decisions = 8,
): string => {
  const { name, account_kind, account_number, day_result_usd, look } = status;
  const isLoss = day_result_usd.startsWith('-');
  return [
    colors.bold(`${name} · ${money[account_kind]} · account ${account_number}`),
    describeMode(status),
    `desk     ${describeStream(status)}`,
    ...(isRunning(status) && look && Object.keys(look.desk_troubles ?? {}).length > 0
      ? [
          colors.yellow(
            `         not well at the desk: ${Object.entries(look.desk_troubles!)
              .map(([part, health]) => `${plain(part)} ${health}`)
              .join(', ')}`,
          ),
        ]
      : []),
    ...(isRunning(status) && look && !look.is_reconciled
      ? [colors.yellow('book     differs from the broker: nothing is entered until they agree')]
      : []),
    ...(look?.failures ?? []).map((line) => colors.red(line)),
    `today    ${(isLoss ? colors.red : colors.green)(`${signed(day_result_usd)} dollars`)}`,
    '',
    ...describeTrades(status),
    '',
    ...describeDecisions(status, most_decisions),
  ].join('\n');
};

export const describeSkips = (): string =>
  Object.entries(skipCodes)
    .map(([code, meaning]) => cells([code, 22], [meaning, 0]))
    .join('\n');
