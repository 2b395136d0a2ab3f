import { CommanderError } from 'commander';
import type { ErrorCode } from '@catalyst/contracts';
import type { PlatformError } from '@catalyst/platform';
import type { AppError } from '@catalyst/service-kit/calls';

/** What the command's exit code tells the outside. */
const EXIT = { ok: 0, failed: 1, usage: 2, unhealthy: 3, refused: 4, configuration: 78 } as const;

/** A wrong way to call the command; the message says what was given and what is expected. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The desk, or a part of it, does not run or is not well. */
export class UnhealthyError extends Error {
  override readonly name = 'UnhealthyError';
}

/** Risk said no. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}

// Told by name: loading the packages that define them would make every usage error slow.
const isNamed = (error: unknown, name: string): boolean =>
  error instanceof Error && error.name === name;

const usage_codes = new Set<ErrorCode>([
  'INVALID_REQUEST',
  'INVALID_JSON',
  'INVALID_UNIVERSE_SIZE',
  'INVALID_RISK_PARAMETER',
  'UNKNOWN_SYMBOL',
]);
const unhealthy_codes = new Set<ErrorCode>([
  'SERVICE_UNAVAILABLE',
  'NOT_READY',
  'TIMED_OUT',
  'VENDOR_UNAVAILABLE',
]);
const refused_codes = new Set<ErrorCode>(['NOT_RECONCILED', 'DESK_STOPPED', 'OPERATOR_ONLY']);

export const exitCodeOf = (error: unknown): number => {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof UsageError) return EXIT.usage;
  if (error instanceof UnhealthyError) return EXIT.unhealthy;
  if (error instanceof RefusedError) return EXIT.refused;
  if (isNamed(error, 'ConfigError')) return EXIT.configuration;
  if (isNamed(error, 'PlatformError')) return (error as PlatformError).exit_code;
  if (isNamed(error, 'AppError')) {
    const { code } = error as AppError;
    if (usage_codes.has(code)) return EXIT.usage;
    if (unhealthy_codes.has(code)) return EXIT.unhealthy;
    if (refused_codes.has(code)) return EXIT.refused;
  }
  return EXIT.failed;
};

/** The desk, or the part that was asked, does not answer. */
export const isUnhealthy = (error: unknown): error is Error => exitCodeOf(error) === EXIT.unhealthy;

/** A short name of the fault for `--json`. */
export const errorCodeOf = (error: unknown): string => {
  if (isNamed(error, 'AppError')) return (error as AppError).code;
  const names: Record<number, string> = {
    [EXIT.usage]: 'USAGE',
    [EXIT.unhealthy]: 'UNHEALTHY',
    [EXIT.refused]: 'REFUSED',
    [EXIT.configuration]: 'BAD_CONFIGURATION',
  };
  return names[exitCodeOf(error)] ?? 'FAILED';
};

/**
 * Faults that a person can mend are told in a sentence; anything else is a bug and shows where it
 * happened.
 */
export const isExpected = (error: unknown): error is Error =>
  error instanceof CommanderError ||
  error instanceof UsageError ||
  error instanceof UnhealthyError ||
  error instanceof RefusedError ||
  ['ConfigError', 'PlatformError', 'AppError', 'DayError'].some((name) => isNamed(error, name));
