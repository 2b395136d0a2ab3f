import { errors } from '@alpacahq/alpaca-trade-api';
import { AppError } from '@catalyst/service-kit';

const PASSING_STATUSES = new Set([408, 425, 429]);

/**
 * True when the same request may succeed a little later: no answer, too many requests, or a fault
 * of the vendor's own.
 */
export const isTransient = (error: unknown): boolean =>
  error instanceof errors.FetchError ||
  (error instanceof errors.ApiError && (PASSING_STATUSES.has(error.status) || error.status >= 500));

const reasonOf = (error: unknown): string => {
  if (error instanceof errors.ApiError)
    return `status ${error.status}${error.message ? `: ${error.message.slice(0, 300)}` : ''}`;
  if (error instanceof errors.FetchError) {
    const cause = error.cause as (Error & { code?: string; cause?: { code?: string } }) | undefined;
    return cause?.cause?.code ?? cause?.code ?? cause?.name ?? error.message;
  }
  return error instanceof Error ? error.message : String(error);
};

/**
 * What went wrong at Alpaca, in the desk's own words. The vendor's error object stays behind: it
 * holds the request with its headers, and so the keys.
 */
export const toAppError = (what: string, error: unknown): AppError => {
  if (error instanceof AppError) return error;
  const details = {
    vendor: 'alpaca',
    request: what,
    ...(error instanceof errors.ApiError && {
      status: error.status,
      vendor_code: error.code ?? null,
    }),
  };
  const reason = reasonOf(error);
  if (error instanceof errors.AuthError)
    return new AppError(
      'VENDOR_UNAVAILABLE',
      `alpaca refuses the API keys at ${what} (${reason})`,
      details,
    );
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
