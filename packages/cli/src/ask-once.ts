import { createInterface } from 'node:readline/promises';
import { UsageError } from './exit-codes.ts';

/**
 * Asks a person once, on standard error; anything but yes is no.
 * @throws UsageError where nobody can be asked
 */
export const askOnce = async (
  question: string,
  { yes = false }: { yes?: boolean | undefined },
): Promise<boolean> => {
  if (yes) return true;
  if (process.stdin.isTTY !== true)
    throw new UsageError(`nobody can be asked here, and nothing was done; say it with --yes`);
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^\s*y(es)?\s*$/i.test(await lines.question(`${question} [y/N] `));
  } finally {
    lines.close();
  }
};

/** What a verb answers that a person said no to. */
export const NOTHING_DONE = { done: false } as const;
