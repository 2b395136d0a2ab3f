import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gicsSector, parseCsv, symbol, type GicsSector } from '@catalyst/domain';
import type { Log } from '@catalyst/service-kit';

/** Made by scripts/make-sector-table.ts; its README tells from what, and how far it can be trusted. */
const SHIPPED = join(import.meta.dirname, '../../data/us-sectors.csv');

const readShipped = (): Map<string, GicsSector> =>
  new Map(
    parseCsv(readFileSync(SHIPPED, 'utf8'))
      .slice(1)
      .filter(([, sector]) => sector !== '')
      .map(([ticker, sector]) => [ticker!, gicsSector.parse(sector)]),
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
