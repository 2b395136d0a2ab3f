import { Writable } from 'node:stream';
import { createInterface } from 'node:readline/promises';
import { UsageError } from './exit-codes.ts';

/**
 * Asks a person for one line; what is typed is not shown where it is secret. Where nobody sits at a
 * terminal it is read from standard input, as whoever scripts it gives it.
 * @throws UsageError where there is no line
 */
export const askLine = async (
  question: string,
  { is_secret = false }: { is_secret?: boolean } = {},
): Promise<string> => {
  const isPerson = process.stdin.isTTY === true;
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  if (isPerson) process.stderr.write(question);
  const lines = createInterface({
    input: process.stdin,
    output: is_secret || !isPerson ? silent : process.stderr,
    terminal: isPerson,
  });
  try {
    for await (const line of lines) return line;
  } finally {
    lines.close();
    if (isPerson && is_secret) process.stderr.write('\n');
  }
  throw new UsageError('nothing was given on standard input');
};
