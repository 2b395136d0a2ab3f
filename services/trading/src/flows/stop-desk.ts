import type { StopAct, Stopped } from '@catalyst/contracts';
import { notOpen, type Book, type OrderLife } from '@catalyst/order-life';
import {
  AppError,
  within,
  type AuditJournal,
  type HaltFile,
  type Log,
} from '@catalyst/service-kit';
import type { ActWithoutBook, Done } from './act-without-book.ts';

interface Asked {
  act: StopAct;
  symbol?: string | undefined;
  by: string;
  reason: string;
  request_id: string;
}
interface Deps {
  book: Book;
  isBookThere: () => Promise<boolean>;
  log: Log;
  closing: OrderLife['closing'];
  withoutBook: ActWithoutBook;
  haltFile: HaltFile;
  journal: AuditJournal;
}

/** A database that does not answer within this is not waited for. */
const BOOK_WITHIN_MS = 500;
const ANSWER_WITHIN_MS = 1500;
const NOTHING: Done = { closing: [], canceled_orders: 0, left: [] };

/**
 * The second door for stops: needs neither workflow nor the database. The file comes first, so that
 * nothing is entered from here on whatever else fails; what it did is written down afterwards.
 */
export const createStopDesk = ({
  book,
  isBookThere,
  log,
  closing,
  withoutBook,
  haltFile,
  journal,
}: Deps) => {
  const byBook = async ({ act, symbol, by, request_id }: Asked): Promise<Done> => {
    const cause = { request_id, by, reason: 'manual' as const };
    if (act === 'pause') return NOTHING;
    if (act === 'flatten') return closing.closeAllPositions(cause);
    if (act !== 'close') return { ...NOTHING, ...(await closing.cancelEntries(cause)) };
    const held = (await book.listOpenPositions()).find((one) => one.symbol === symbol);
    if (!held) throw notOpen(symbol!);
    const { left } = await closing.closePosition(held.position_id, cause);
    return { closing: [held.symbol], canceled_orders: 0, left: left ? [left] : [] };
  };
  const byBroker = ({ act, symbol }: Asked): Promise<Done> => {
    if (act === 'pause') return Promise.resolve(NOTHING);
    if (act === 'flatten') return withoutBook.flatten();
    return act === 'close' ? withoutBook.close(symbol!) : withoutBook.cancelEntries();
  };

  return async (asked: Asked): Promise<Stopped> => {
    const { act, symbol, by, reason, request_id } = asked;
    if (act === 'close' && symbol === undefined)
      throw new AppError('INVALID_REQUEST', 'close needs the symbol of what is to be closed');
    const isState = act === 'pause' || act === 'halt' || act === 'flatten';
    if (isState && haltFile.read() === null)
      haltFile.write(`${act === 'flatten' ? 'flattened' : 'halted'} by ${by}: ${reason}`);
    journal.note(
      {
        on_behalf_of: by,
        action: `stop_${act}`,
        subject: symbol ?? 'desk',
        details: { reason, request_id },
      },
      `stop ${request_id}`,
    );
    let by_book = await within(BOOK_WITHIN_MS, 'the database', isBookThere()).catch(() => false);
    let done: Done;
    try {
      done = await (by_book
        ? byBook(asked)
        : within(ANSWER_WITHIN_MS, 'the broker', byBroker(asked)));
    } catch (error) {
      if (!(error instanceof AppError) || !error.retryable) throw error;
      log.warn('stop_not_by_book', { act, error });
      // a database that went away meanwhile, or a broker that is slow: it goes on
      if (by_book) done = await within(ANSWER_WITHIN_MS, 'the broker', byBroker(asked));
      else
        done = {
          ...NOTHING,
          left: symbol === undefined ? [] : [{ symbol, why: error.message, is_naked: false }],
        };
      by_book = false;
    }
    void journal.settle();
    return {
      act,
      halt_file: isState ? haltFile.path : null,
      by_book,
      closing: done.closing,
      canceled_orders: done.canceled_orders,
      left: done.left,
    };
  };
};
