import type { Book } from '../book.ts';
import { isBookAway, type ActJournal, type OpenJournal } from '../unbooked.ts';
import { createAssumeShares } from './assume-shares.ts';
import type { LifeDeps } from './life-deps.ts';
import { rememberBook, type BookMemory } from './remember-book.ts';
import { createTakeActs } from './take-acts.ts';

interface KeptUnbooked {
  book: Book;
  memory: BookMemory;
  journal: ActJournal;
  /** True from a write that the book did not take, though it may answer, until it takes one. */
  isRefused(): boolean;
}

/**
 * A book with a memory and a journal for the time in which it is away. Whatever is written first
 * finds in it what was done without it, so that no order of the desk's is taken for a stranger's.
 * @param onRefused called at the first write that it does not take: what it says of a stop may be old
 */
export const keepUnbooked = (
  { book: given, ...deps }: Pick<LifeDeps, 'book' | 'clock' | 'log'>,
  openJournal: OpenJournal,
  onRefused: () => void,
): KeptUnbooked => {
  const journal = openJournal(createTakeActs(given, createAssumeShares(deps)));
  const { book, memory } = rememberBook(given);
  let isRefused = false;
  const written = async <T>(write: () => Promise<T>): Promise<T> => {
    try {
      const result = await write();
      isRefused = false;
      return result;
    } catch (error) {
      const isFirst = !isRefused && isBookAway(error);
      isRefused ||= isFirst;
      if (isFirst) onRefused();
      throw error;
    }
  };
  return {
    memory,
    journal,
    isRefused: () => isRefused,
    book: {
      ...book,
      saveAccount: (account, marks) => written(() => book.saveAccount(account, marks)),
      transaction: async (work) => {
        await journal.settle();
        return written(() => book.transaction(work));
      },
    },
  };
};
