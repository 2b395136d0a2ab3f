import { accept, badRequest, invalidField, type Outcome } from './refusal.ts';

/**
 * What the owner of an account decides about it, as `GET` and `PATCH /v2/account/configurations`
 * carry it.
 */
export interface AccountConfiguration {
  /** Orders for the night session (20:00-04:00) are refused; the simulator has no such session. */
  disable_overnight_trading: boolean;
  /** Whether quantities may be fractions and orders may be in dollars. */
  fractional_trading: boolean;
  /** "1", "2" or "4": a ceiling on the multiplier that the account's equity gives it. */
  max_margin_multiplier: string;
  /** Ceiling on the account's options level; the simulator trades no options. */
  max_options_trading_level: number;
  /** Long only: opening a short position is refused. */
  no_shorting: boolean;
  /** Whether publicly traded partnerships without a tax exception may be bought. */
  ptp_no_exception_entry: boolean;
  /** New orders are refused; open ones may be canceled. */
  suspend_trade: boolean;
  /** "all" or "none": mail after fills; kept, never sent. */
  trade_confirm_email: string;
}

export const defaultConfiguration: Readonly<AccountConfiguration> = {
  disable_overnight_trading: false,
  fractional_trading: true,
  max_margin_multiplier: '4',
  max_options_trading_level: 0,
  no_shorting: false,
  ptp_no_exception_entry: false,
  suspend_trade: false,
  trade_confirm_email: 'all',
};

type Reader = (value: unknown) => boolean;

const isBoolean: Reader = (value) => typeof value === 'boolean';
const isOneOf =
  (...values: unknown[]): Reader =>
  (value) =>
    values.includes(value);

/**
 * Which values each field takes; a field of the wrong JSON type makes the whole body unreadable,
 * one of the wrong value is named.
 */
const readers: Readonly<Record<keyof AccountConfiguration, Reader>> = {
  disable_overnight_trading: isBoolean,
  fractional_trading: isBoolean,
  max_margin_multiplier: isOneOf('1', '2', '4'),
  max_options_trading_level: isOneOf(0, 1, 2, 3),
  no_shorting: isBoolean,
  ptp_no_exception_entry: isBoolean,
  suspend_trade: isBoolean,
  trade_confirm_email: isOneOf('all', 'none'),
};

/**
 * Changes the fields that `body` names and returns the whole configuration; all of them or, where
 * one is refused, none. Fields that are unknown, and those of the ended pattern-day-trader rule
 * (`dtbp_check`, `pdt_check`), are passed over; null leaves a field as it is.
 */
export const changeConfiguration = (
  account: { configuration: AccountConfiguration },
  body: unknown,
): Outcome<AccountConfiguration> => {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    return badRequest('request body format is invalid');
  const changes: Record<string, unknown> = {};
  for (const [name, isValid] of Object.entries(readers)) {
    const value = (body as Record<string, unknown>)[name];
    if (value === undefined || value === null) continue;
    if (typeof value !== typeof defaultConfiguration[name as keyof AccountConfiguration])
      return badRequest('request body format is invalid');
    if (!isValid(value)) return invalidField(`invalid ${name}: ${String(value)}`);
    changes[name] = value;
  }
  Object.assign(account.configuration, changes);
  return accept({ ...account.configuration });
};
