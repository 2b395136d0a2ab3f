import { errorCatalogue, type ErrorBody, type ErrorCode } from '@catalyst/contracts';

/** What was thrown, in words; anything may be. */
export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/**
 * A failure that a caller can act on: a code of the closed catalogue, one sentence, and the numbers
 * behind it.
 */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly details: Record<string, unknown>;

  constructor(
    code: ErrorCode,
    message: string,
    details: Record<string, unknown> = {},
    cause?: unknown,
  ) {
    super(message, { cause });
    this.code = code;
    this.details = details;
  }

  get status(): number {
    return errorCatalogue[this.code].status;
  }

  get retryable(): boolean {
    return errorCatalogue[this.code].retryable;
  }

  /** The body a caller sees; an internal error keeps its message to the log. */
  toBody(): ErrorBody {
    const message =
      this.code === 'INTERNAL'
        ? 'something went wrong inside the service; its log has the reason under this request id'
        : this.message;
    return {
      error: { code: this.code, message, details: this.code === 'INTERNAL' ? {} : this.details },
    };
  }
}

/**
 * Configuration that a program must not start with; every fault at once. Programs exit with code 78
 * on it.
 */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(
      `the configuration has ${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`,
    );
    this.faults = faults;
  }
}

/** sysexits.h EX_CONFIG. */
export const EXIT_CONFIG = 78;
