import { InvalidArgumentError } from 'commander';
import { loadContracts } from './load-when-asked.ts';

/** Who holds a key, as the audit names the holder. */
export const readName = (text: string): string => {
  const read = loadContracts().holderName.safeParse(text);
  if (read.success) return read.data;
  throw new InvalidArgumentError(read.error.issues[0]!.message);
};
