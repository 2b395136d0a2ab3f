import type { SessionHours } from '../market/trading-time.ts';
import { readCsv } from './csv-table.ts';
import { auctionKinds, type DayAuction, type DayBar } from './day.ts';
import { AUCTION_COLUMNS, DAY_FILES } from './day-files.ts';

/**
 * Reads `auctions.csv`: at most one opening and one closing auction a symbol, each at most the
 * volume of its minute. `hours` are the trading date's.
 */
export const readAuctions = (
  text: string,
  minuteBars: ReadonlyMap<string, readonly DayBar[]>,
  hours: SessionHours,
): DayAuction[] => {
  const auctions: DayAuction[] = [];
  const seen = new Set<string>();
  readCsv(DAY_FILES.auctions, text, AUCTION_COLUMNS, (row) => {
    const symbol = row.text('symbol');
    const kind = row.oneOf('kind', auctionKinds);
    const minute = kind === 'open' ? hours.open_minute : hours.close_minute - 1;
    const bar = minuteBars.get(symbol)?.find((candidate) => candidate.minute === minute);
    if (!bar)
      return row.fail(
        'symbol',
        JSON.stringify(symbol),
        `a symbol with a bar in minute ${minute}, which holds the auction`,
      );
    const key = `${symbol} ${kind}`;
    if (seen.has(key)) row.fail('kind', kind, `one ${kind} auction of ${symbol}`);
    seen.add(key);
    const size = row.count('size');
    if (size < 1 || size > bar.volume)
      row.fail(
        'size',
        String(size),
        `shares from 1 to ${bar.volume}, the volume of minute ${minute}`,
      );
    auctions.push({ symbol, kind, size });
  });
  return auctions;
};
