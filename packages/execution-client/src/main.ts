import { CommanderError } from 'commander';
import { createProgram } from './program.ts';

/** Faults that a person can mend are told in a sentence; anything else shows where it happened. */
const EXPECTED = new Set([
  'ClientError',
  'PassphraseError',
  'DeskRefusal',
  'DeskUnreachable',
  'AppError',
  'ConfigError',
]);

try {
  await createProgram().parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else {
    const { name, message, stack } = error as Error;
    process.stderr.write(`${EXPECTED.has(name) ? message : (stack ?? message)}\n`);
    process.exitCode = 1;
  }
}
