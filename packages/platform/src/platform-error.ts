/**
 * A fault of the machine or its configuration that a person can mend; the message says what was
 * found and what to do.
 */
export class PlatformError extends Error {
  /** The exit code a program ends with: 1 failed, 78 bad configuration. */
  readonly exit_code: number;

  constructor(
    message: string,
    { exit_code = 78, cause }: { exit_code?: 1 | 78; cause?: unknown } = {},
  ) {
    super(message, { cause });
    this.name = 'PlatformError';
    this.exit_code = exit_code;
  }
}
