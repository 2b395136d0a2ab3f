import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatCsv, parseCsv } from '@catalyst/domain';

/**
 * Gives a replay's desk the sectors of its day, as an operator would: the broker's wire does not
 * tell them.
 */
export const writeSectors = (day_dir: string, service_home: string): void => {
  const securities = join(day_dir, 'securities.csv');
  if (!existsSync(securities)) return;
  const [columns = [], ...rows] = parseCsv(readFileSync(securities, 'utf8'));
  const sectors = rows
    .map((cells) => ['symbol', 'sector'].map((column) => cells[columns.indexOf(column)] ?? ''))
    .filter(([, sector]) => sector !== '');
  const folder = join(service_home, 'config');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'sectors.csv'), formatCsv([['symbol', 'sector'], ...sectors]));
};
