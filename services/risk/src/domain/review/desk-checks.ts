import { Exact, LEAST_FREE_BYTES, toCents } from '@catalyst/domain';
import { percent, refuse, type Check } from './check.ts';
import { dailyLossUsedRatio } from './daily-loss.ts';

const checkHalted: Check = (_intent, { trading_state, trading_state_reason }) =>
  trading_state === 'halted'
    ? refuse(
        'TRADING_HALTED',
        `trading is halted (${trading_state_reason}); a person must arm or resume it`,
        'active',
        'halted',
      )
    : null;

const checkTakesEntries: Check = (_intent, { trading_state, trading_state_reason }) =>
  trading_state !== 'active'
    ? refuse(
        'ONLY_REDUCING',
        `the desk is ${trading_state} (${trading_state_reason}) and opens nothing new`,
        'active',
        trading_state,
      )
    : null;

const checkAccountKnown: Check = (_intent, { account }) =>
  account
    ? null
    : refuse(
        'ACCOUNT_UNKNOWN',
        'the account has not been read from the broker yet',
        'known',
        'unknown',
      );

const checkReconciled: Check = (_intent, { is_reconciled }) =>
  is_reconciled
    ? null
    : refuse(
        'NOT_RECONCILED',
        'orders and positions are not reconciled with the broker',
        'reconciled',
        'differences',
      );

const checkDisk: Check = (_intent, { disk_shortage }) =>
  disk_shortage === null
    ? null
    : refuse(
        'DISK_SPACE_LOW',
        `${disk_shortage}; what is entered on a full disk cannot be watched`,
        LEAST_FREE_BYTES,
        disk_shortage,
      );

const checkLastEntry: Check = (_intent, { now, last_entry_at }) =>
  last_entry_at !== null && Date.parse(now) > Date.parse(last_entry_at)
    ? refuse('AFTER_LAST_ENTRY', `no new entries after ${last_entry_at}`, last_entry_at, now)
    : null;

const checkDailyLoss: Check = (_intent, { account }, { daily_loss_limit_usd }) => {
  if (!account) return null;
  const { equity_usd, last_equity_usd } = account;
  const used = dailyLossUsedRatio(equity_usd, last_equity_usd, daily_loss_limit_usd);
  if (used < 1) return null;
  return refuse(
    'DAILY_LOSS_LIMIT',
    `today's loss uses ${percent(used)} of the daily limit of $${daily_loss_limit_usd}`,
    daily_loss_limit_usd,
    toCents(new Exact(last_equity_usd).minus(equity_usd)),
  );
};

/** Whether the desk may open anything at all. */
export const DESK_CHECKS: readonly Check[] = [
  checkHalted,
  checkTakesEntries,
  checkAccountKnown,
  checkReconciled,
  checkDisk,
  checkLastEntry,
  checkDailyLoss,
];
