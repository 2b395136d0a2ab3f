import { z } from 'zod';

/**
 * The closed catalogue: code -> HTTP status, whether the same request may succeed later without
 * being changed, and whether its sentence is ours or may quote a broker or a vendor.
 */
export const errorCatalogue = {
  INVALID_REQUEST: { status: 400, retryable: false, words: 'ours' },
  INVALID_JSON: { status: 400, retryable: false, words: 'ours' },
  INVALID_UNIVERSE_SIZE: { status: 400, retryable: false, words: 'ours' },
  INVALID_RISK_PARAMETER: { status: 400, retryable: false, words: 'ours' },
  UNKNOWN_SYMBOL: { status: 404, retryable: false, words: 'ours' },
  MISSING_KEY: { status: 401, retryable: false, words: 'ours' },
  TOKEN_ENDED: { status: 401, retryable: false, words: 'ours' },
  WRONG_KEY: { status: 403, retryable: false, words: 'ours' },
  SCOPE_NOT_GRANTED: { status: 403, retryable: false, words: 'ours' },
  STEP_TIME_REFUSED: { status: 403, retryable: false, words: 'ours' },
  OPERATOR_ONLY: { status: 403, retryable: false, words: 'ours' },
  ROUTE_NOT_FOUND: { status: 404, retryable: false, words: 'ours' },
  NOT_FOUND: { status: 404, retryable: false, words: 'ours' },
  DESK_STOPPED: { status: 409, retryable: false, words: 'ours' },
  DESK_TAKEN_OVER: { status: 409, retryable: false, words: 'ours' },
  KEY_NAME_TAKEN: { status: 409, retryable: false, words: 'ours' },
  CYCLE_EXISTS: { status: 409, retryable: false, words: 'ours' },
  CYCLE_NOT_ACTIVE: { status: 409, retryable: false, words: 'ours' },
  APPROVAL_MISSING: { status: 409, retryable: false, words: 'ours' },
  APPROVAL_USED: { status: 409, retryable: false, words: 'ours' },
  APPROVAL_EXPIRED: { status: 409, retryable: false, words: 'ours' },
  INVITATION_ENDED: { status: 409, retryable: false, words: 'ours' },
  PROPOSAL_EXPIRED: { status: 409, retryable: false, words: 'ours' },
  PROPOSAL_ENDED: { status: 409, retryable: false, words: 'ours' },
  POSITION_NOT_OPEN: { status: 409, retryable: false, words: 'ours' },
  NOT_RECONCILED: { status: 409, retryable: true, words: 'ours' },
  REPLAY_ONLY: { status: 409, retryable: false, words: 'ours' },
  BODY_TOO_LARGE: { status: 413, retryable: false, words: 'ours' },
  BROKER_REFUSED: { status: 422, retryable: false, words: 'theirs' },
  TOO_MANY_REQUESTS: { status: 429, retryable: true, words: 'ours' },
  INTERNAL: { status: 500, retryable: false, words: 'ours' },
  VENDOR_REFUSED_KEYS: { status: 502, retryable: false, words: 'theirs' },
  VENDOR_ANSWERED_GARBAGE: { status: 502, retryable: true, words: 'theirs' },
  VENDOR_UNAVAILABLE: { status: 503, retryable: true, words: 'theirs' },
  SERVICE_UNAVAILABLE: { status: 503, retryable: true, words: 'ours' },
  NOT_READY: { status: 503, retryable: true, words: 'ours' },
  OUTCOME_UNKNOWN: { status: 504, retryable: true, words: 'theirs' },
  TIMED_OUT: { status: 504, retryable: true, words: 'ours' },
} as const satisfies Record<
  string,
  { status: number; retryable: boolean; words: 'ours' | 'theirs' }
>;

export type ErrorCode = keyof typeof errorCatalogue;
export const errorCode = z.enum(Object.keys(errorCatalogue) as [ErrorCode, ...ErrorCode[]]);

/** The one error body of every service. */
export const errorBody = z.object({
  error: z.object({
    code: errorCode,
    message: z.string(),
    details: z.record(z.string(), z.unknown()).default({}),
  }),
});
export type ErrorBody = z.infer<typeof errorBody>;
