import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ListingExchange } from '../day.ts';

/** Codes of the exchanges in the vendor's map files. */
const EXCHANGES: Readonly<Record<string, ListingExchange>> = { Q: 'NASDAQ', N: 'NYSE', P: 'ARCA', A: 'AMEX' };

/** The exchange that `corporate-actions/map_files/<symbol>.csv` names last; null without the file or with a code we do not know. */
export const readLeanExchange = async (barsDir: string, symbol: string): Promise<ListingExchange | null> => {
  let text: string;
  try {
    text = await readFile(join(barsDir, 'corporate-actions', 'map_files', `${symbol.toLowerCase()}.csv`), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  return EXCHANGES[text.trim().split('\n').at(-1)?.trim().split(',')[2] ?? ''] ?? null;
};
