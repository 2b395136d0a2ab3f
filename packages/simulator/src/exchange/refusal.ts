/**
 * What Alpaca answers instead of doing what was asked: a status and a body with its code and
 * message.
 */
export interface Refusal {
  status: number;
  body: { code: number; message: string; [detail: string]: unknown };
}

export type Outcome<T> = { ok: true; value: T } | { ok: false; refusal: Refusal };

export const accept = <T>(value: T): Outcome<T> => ({ ok: true, value });

/** Checks one after the other; the first that refuses answers. */
export const firstRefusal = (checks: readonly (() => Outcome<null>)[]): Outcome<null> => {
  for (const check of checks) {
    const outcome = check();
    if (!outcome.ok) return outcome;
  }
  return accept(null);
};

const refuse = (
  status: number,
  code: number,
  message: string,
  details: Record<string, unknown> = {},
): { ok: false; refusal: Refusal } => ({
  ok: false,
  refusal: { status, body: { ...details, code, message } },
});

/** The body is not what the route reads. */
export const badRequest = (message: string) => refuse(400, 40010000, message);
/** A field is missing or contradicts another. */
export const invalidField = (message: string, details?: Record<string, unknown>) =>
  refuse(422, 40010001, message, details);
/** The order is well formed and the exchange does not take it. */
export const unprocessable = (message: string, details?: Record<string, unknown>) =>
  refuse(422, 42210000, message, details);
/** The account may not do this now: shares, buying power, wash trade. */
export const forbidden = (message: string, details?: Record<string, unknown>) =>
  refuse(403, 40310000, message, details);
export const notFound = (message: string) => refuse(404, 40410000, message);
