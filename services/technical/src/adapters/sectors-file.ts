import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gicsSector, parseCsv, symbol, type GicsSector } from '@catalyst/domain';
import type { Log } from '@catalyst/service-kit';

/**
 * Symbol -> GICS sector from $CATALYST_HOME/config/sectors.csv (`symbol,sector`, a heading line):
 * the broker does not tell sectors. Without the file no sector is known, and the sector limit says
 * nothing. A bad line is left out and reported.
 */
export const readSectorsFile = (home: string, log: Log): Map<string, GicsSector> => {
  const path = join(home, 'config', 'sectors.csv');
  const sectors = new Map<string, GicsSector>();
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
