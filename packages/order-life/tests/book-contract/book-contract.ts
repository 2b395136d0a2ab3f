import { describe } from '@jest/globals';
import { promiseAccountAndStanding } from './account-and-standing.ts';
import { promiseHistory } from './history.ts';
import { promiseOrders } from './orders.ts';
import { promiseShares } from './shares.ts';
import { testBook, type OpenBook } from './tested-book.ts';
import { promiseTransactions } from './transactions.ts';

/** What each book promises to the life of orders, whatever keeps it. */
export const describeBook = (where: string, open: () => Promise<OpenBook>): void => {
  describe(`a book in ${where}`, () => {
    const tested = testBook(open);
    promiseTransactions(tested);
    promiseOrders(tested);
    promiseShares(tested);
    promiseAccountAndStanding(tested);
    // last, since it looks at what all of them left and opens the book anew
    promiseHistory(tested);
  });
};
