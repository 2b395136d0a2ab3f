import { Exact } from '@catalyst/domain';
import type { Decimal } from 'decimal.js';
import type { Account } from '../exchange/account.ts';

/** Why a transfer cannot be made, in one sentence. */
export class TransferError extends Error {}

const CENTS = 2;
const isAmount = (text: unknown): text is string =>
  typeof text === 'string' && /^-?\d{1,12}(\.\d+)?$/.test(text);

/**
 * Reads `{"amount_usd": "2500", "account_number": "SIM000001"}`; without a number it is the first
 * account's. Negative is a withdrawal, of no more than the cash there is.
 */
export const readTransfer = (
  body: unknown,
  accounts: readonly Account[],
): { account: Account; amount: Decimal } => {
  const { amount_usd: text, account_number: number } = (body ?? {}) as Record<string, unknown>;
  const amount = isAmount(text) ? new Exact(text) : null;
  if (amount === null || amount.isZero() || amount.decimalPlaces() > CENTS)
    throw new TransferError(
      `amount_usd must be dollars with at most ${CENTS} decimals as text, more or less than 0, was ${JSON.stringify(text) ?? 'missing'}`,
    );
  const account =
    number === undefined
      ? accounts[0]
      : accounts.find(({ account_number }) => account_number === number);
  if (!account)
    throw new TransferError(
      `account_number must be one of ${accounts.map(({ account_number }) => account_number).join(', ')}, was ${JSON.stringify(number)}`,
    );
  if (account.cash.plus(amount).isNegative())
    throw new TransferError(
      `${amount.abs().toFixed(CENTS)} dollars cannot be withdrawn: there are ${account.cash.toFixed(CENTS)}`,
    );
  return { account, amount };
};
