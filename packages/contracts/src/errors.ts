import { z } from 'zod';

/**
 * The closed catalogue: code -> HTTP status, and whether the same request may succeed later without
 * being changed.
 */
export const errorCatalogue = {
  INVALID_REQUEST: { status: 400, retryable: false },
  INVALID_JSON: { status: 400, retryable: false },
  INVALID_UNIVERSE_SIZE: { status: 400, retryable: false },
  INVALID_RISK_PARAMETER: { status: 400, retryable: false },
  UNKNOWN_SYMBOL: { status: 404, retryable: false },
  MISSING_KEY: { status: 401, retryable: false },
  TOKEN_ENDED: { status: 401, retryable: false },
  WRONG_KEY: { status: 403, retryable: false },
  SCOPE_NOT_GRANTED: { status: 403, retryable: false },
  STEP_TIME_REFUSED: { status: 403, retryable: false },
  OPERATOR_ONLY: { status: 403, retryable: false },
  ROUTE_NOT_FOUND: { status: 404, retryable: false },
  NOT_FOUND: { status: 404, retryable: false },
  DESK_STOPPED: { status: 409, retryable: false },
  DESK_TAKEN_OVER: { status: 409, retryable: false },
  KEY_NAME_TAKEN: { status: 409, retryable: false },
  CYCLE_EXISTS: { status: 409, retryable: false },
  CYCLE_NOT_ACTIVE: { status: 409, retryable: false },
  APPROVAL_MISSING: { status: 409, retryable: false },
  APPROVAL_USED: { status: 409, retryable: false },
  APPROVAL_EXPIRED: { status: 409, retryable: false },
  INVITATION_ENDED: { status: 409, retryable: false },
  PROPOSAL_EXPIRED: { status: 409, retryable: false },
  PROPOSAL_ENDED: { status: 409, retryable: false },
  POSITION_NOT_OPEN: { status: 409, retryable: false },
  NOT_RECONCILED: { status: 409, retryable: true },
  REPLAY_ONLY: { status: 409, retryable: false },
  BODY_TOO_LARGE: { status: 413, retryable: false },
  BROKER_REFUSED: { status: 422, retryable: false },
  TOO_MANY_REQUESTS: { status: 429, retryable: true },
  INTERNAL: { status: 500, retryable: false },
  VENDOR_REFUSED_KEYS: { status: 502, retryable: false },
  VENDOR_ANSWERED_GARBAGE: { status: 502, retryable: true },
  VENDOR_UNAVAILABLE: { status: 503, retryable: true },
  SERVICE_UNAVAILABLE: { status: 503, retryable: true },
  NOT_READY: { status: 503, retryable: true },
  OUTCOME_UNKNOWN: { status: 504, retryable: true },
  TIMED_OUT: { status: 504, retryable: true },
} as const satisfies Record<string, { status: number; retryable: boolean }>;

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
