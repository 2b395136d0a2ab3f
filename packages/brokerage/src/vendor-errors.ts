import { errors } from '@alpacahq/alpaca-trade-api';
import { AppError, messageOf } from '@catalyst/runtime';

const PASSING_STATUSES = new Set([408, 425, 429]);

/**
 * True when the same request may succeed a little later: no answer, too many requests, or a fault
 * of the vendor's own.
 */
export const isTransient = (error: unknown): boolean =>
  error instanceof errors.FetchError ||
  (error instanceof errors.ApiError && (PASSING_STATUSES.has(error.status) || error.status >= 500));

/** Alpaca counts by the minute; what it says beyond that is a fault of a clock. */
const LIMIT_PASSES_MS = 60_000;
const LEAST_WAIT_MS = 1000;

/** From when on the vendor takes requests again; null when it did not say that it has had enough. */
export const takesAgainAt = (error: unknown, now_ms: number): number | null => {
  if (!(error instanceof errors.RateLimitError)) return null;
  // the header's own instant, since the SDK counts from the wall's
  const at = error.rateLimit?.reset?.getTime() ?? now_ms;
  return now_ms + Math.min(Math.max(at - now_ms, LEAST_WAIT_MS), LIMIT_PASSES_MS);
};

const reasonOf = (error: unknown): string => {
  if (error instanceof errors.ApiError)
    return `status ${error.status}${error.message ? `: ${error.message.slice(0, 300)}` : ''}`;
  if (error instanceof errors.FetchError) {
    const cause = error.cause as
      (Error & { code?: string; cause?: { code?: string; message?: string } }) | undefined;
    return (
      cause?.cause?.code ?? cause?.code ?? cause?.cause?.message ?? cause?.name ?? error.message
    );
  }
  return messageOf(error);
};

/** Whose keys, and where they were shown. */
export interface ShownKeys {
  ALPACA_API_KEY: string;
  ALPACA_TRADING_URL: string;
}

/** Alpaca's paper key ids begin with PK, those of live accounts with AK. */
const guessWhyRefused = ({ ALPACA_API_KEY: id, ALPACA_TRADING_URL: url }: ShownKeys): string => {
  const isLive = new URL(url).hostname === 'api.alpaca.markets';
  const wanted = isLive
    ? 'live keys (their ids begin with AK)'
    : 'paper keys (their ids begin with PK)';
  const make = `make ${isLive ? 'live' : 'paper'} keys at https://app.alpaca.markets`;
  if (id.startsWith(isLive ? 'AK' : 'PK'))
    return `they were revoked or made anew, or the secret is that of another id: ${make}`;
  if (/^[AP]K/.test(id))
    return `these look like ${isLive ? 'paper' : 'live'} keys, and ${url} takes ${wanted}: ${make}`;
  return `these do not look like keys of a trading account, and ${url} takes ${wanted}: ${make}`;
};

/** A 403 means many things, but not where anyone with keys may look. */
const isKeyRefusal = (what: string, error: unknown): boolean =>
  error instanceof errors.AuthError ||
  (error instanceof errors.ApiError &&
    error.status === 403 &&
    (what === 'account' || what === 'clock'));

/** The failure of keys that Alpaca does not take; with a guess why, where they are known. */
export const refusedKeys = (what: string, keys?: ShownKeys): AppError =>
  new AppError(
    'VENDOR_REFUSED_KEYS',
    `alpaca refuses ALPACA_API_KEY and ALPACA_SECRET_KEY at ${what}${keys ? `: ${guessWhyRefused(keys)}` : ''}`,
    { vendor: 'alpaca', request: what },
  );

/**
 * What went wrong at Alpaca, in the desk's own words. The vendor's error object stays behind: it
 * holds the request with its headers, and so the keys.
 */
export const toAppError = (what: string, error: unknown, keys?: ShownKeys): AppError => {
  if (error instanceof AppError) return error;
  if (isKeyRefusal(what, error)) return refusedKeys(what, keys);
  const details = {
    vendor: 'alpaca',
    request: what,
    ...(error instanceof errors.ApiError && {
      status: error.status,
      vendor_code: error.code ?? null,
    }),
  };
  const reason = reasonOf(error);
  if (error instanceof errors.NotFoundError)
    return new AppError('NOT_FOUND', `alpaca does not have it (${what}): ${reason}`, details);
  if (error instanceof errors.RateLimitError)
    return new AppError(
      'TOO_MANY_REQUESTS',
      `alpaca allows no more requests for now (${what})`,
      details,
    );
  if (error instanceof errors.ApiError && !isTransient(error))
    return new AppError('BROKER_REFUSED', `alpaca refuses ${what}: ${reason}`, details);
  return new AppError('VENDOR_UNAVAILABLE', `alpaca did not answer ${what} (${reason})`, details);
};
