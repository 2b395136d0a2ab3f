import type { ListingExchange } from '../day/day.ts';

/** The code of a listing's exchange on the tape. */
export const EXCHANGE_CODES: Readonly<Record<ListingExchange, string>> = {
  NASDAQ: 'Q',
  NYSE: 'N',
  ARCA: 'P',
  AMEX: 'A',
};

/**
 * The consolidated tape on which a listing is printed: A for NYSE, B for the other exchanges, C for
 * Nasdaq.
 */
export const TAPES: Readonly<Record<ListingExchange, string>> = {
  NASDAQ: 'C',
  NYSE: 'A',
  ARCA: 'B',
  AMEX: 'B',
};
