import type { Book } from '../book.ts';
import type { ActJournal, OpenJournal } from '../unbooked.ts';
import { createAssumeShares } from './assume-shares.ts';
import type { LifeDeps } from './life-deps.ts';
import { rememberBook, type BookMemory } from './remember-book.ts';
import { createTakeActs } from './take-acts.ts';

/**
 * A book with a memory and a journal for the time in which it is away. Whatever is written first
 * finds in it what was done without it, so that no order of the desk's is taken for a stranger's.
 */
export const keepUnbooked = (
  { book: given, ...deps }: Pick<LifeDeps, 'book' | 'clock' | 'log'>,
  openJournal: OpenJournal,
): { book: Book; memory: BookMemory; journal: ActJournal } => {
  const journal = openJournal(createTakeActs(given, createAssumeShares(deps)));
  const { book, memory } = rememberBook(given);
  return {
    memory,
    journal,
    book: {
      ...book,
      transaction: async (work) => {
        await journal.settle();
        return book.transaction(work);
      },
    },
  };
};
