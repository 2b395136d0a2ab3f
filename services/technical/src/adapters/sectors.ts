import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  gicsSector,
  multiply,
  parseCsv,
  symbol,
  type DecimalString,
  type GicsSector,
} from '@catalyst/domain';
import type { Log } from '@catalyst/service-kit';

/** Made by scripts/make-sector-table.ts; its README tells from what, and how far it can be trusted. */
const SHIPPED = join(import.meta.dirname, '../../data/us-sectors.csv');

/** The table is of July 2026, from no told day of it. */
export const MARKET_CAPS_AS_OF = '2026-07-01';

const readTable = (): string[][] => parseCsv(readFileSync(SHIPPED, 'utf8')).slice(1);

const readShipped = (): Map<string, GicsSector> =>
  new Map(
    readTable()
      .filter(([, sector]) => sector !== '')
      .map(([ticker, sector]) => [ticker!, gicsSector.parse(sector)]),
  );

/** Symbol -> market capitalization in dollars, as of MARKET_CAPS_AS_OF; to the nearest million. */
export const readMarketCaps = (): ReadonlyMap<string, DecimalString> =>
  new Map(
    readTable()
      .filter(([, , , , millions = '']) => millions !== '')
      .map(([ticker, , , , millions]) => [ticker!, multiply(millions!, 1_000_000)]),
  );

/**
 * Symbol -> GICS sector: the shipped table, over which the operator's
 * $CATALYST_HOME/config/sectors.csv (`symbol,sector`, a heading line) wins. The broker does not tell
 * sectors. A bad line of the operator's is left out and reported.
 */
export const readSectors = (home: string, log: Log): ReadonlyMap<string, GicsSector> => {
  const sectors = readShipped();
  const path = join(home, 'config', 'sectors.csv');
  if (!existsSync(path)) return sectors;
  parseCsv(readFileSync(path, 'utf8'))
    .slice(1)
    .forEach((cells, index) => {
      if (cells.join('').trim() === '') return;
      const [ticker = '', ...name] = cells;
      const parsedSymbol = symbol.safeParse(ticker.trim());
      const parsedSector = gicsSector.safeParse(name.join(',').trim());
      if (parsedSymbol.success && parsedSector.success)
        sectors.set(parsedSymbol.data, parsedSector.data);
      else
        log.warn('sector_line_refused', {
          path,
          line: index + 2,
          reason: 'expected a ticker and one of the 11 GICS sectors',
        });
    });
  return sectors;
};
