import { afterAll, beforeAll } from '@jest/globals';
import { stableId } from '@catalyst/domain';
import type { BookHistory } from '../../src/book-history.ts';
import type { ApprovalRow, NewPosition } from '../../src/book-rows.ts';
import type { Book } from '../../src/book.ts';
import { minute } from './new-rows.ts';

/** A book that has nothing in it yet. */
export interface OpenBook {
  book: Book;
  /** Makes an approval of an intent in `symbol` known, as whoever approves does. */
  approve(approval: ApprovalRow, symbol: string): Promise<void>;
  history(): Promise<BookHistory>;
  /** Opens the same book anew, as after the end of the process that wrote it. */
  reopen(): Promise<Book>;
  close(): Promise<void>;
}

/** The one book of all tests of a contract; it is there while they run. */
export interface TestedBook {
  readonly opened: OpenBook;
  /** Another one once it was opened anew: each test asks for it. */
  readonly book: Book;
  reopen(): Promise<void>;
  /** A position of its own for a test, in a symbol of its own. */
  newPosition(fields?: Partial<NewPosition>): NewPosition;
}

/** Opens a book before the tests of the block, and closes it after them. */
export const testBook = (open: () => Promise<OpenBook>): TestedBook => {
  let opened: OpenBook;
  let book: Book;
  let count = 0;
  beforeAll(async () => {
    opened = await open();
    ({ book } = opened);
  });
  afterAll(() => opened?.close());
  return {
    get opened() {
      return opened;
    },
    get book() {
      return book;
    },
    reopen: async () => {
      book = await opened.reopen();
    },
    newPosition: (fields = {}) => {
      count += 1;
      return {
        position_id: stableId('book-contract', count),
        cycle_id: null,
        symbol: `T${String.fromCharCode(65 + Math.floor(count / 26), 65 + (count % 26))}`,
        intent_id: stableId('book-contract-intent', count),
        direction: 'long',
        initial_stop_price: '98',
        target_price: '110',
        is_adopted: true,
        created_at: minute(count),
        ...fields,
      };
    },
  };
};
