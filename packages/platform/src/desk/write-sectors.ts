import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

// a comma that an even number of quotes follows is not inside a quoted field
const FIELD_END = /,(?=(?:[^"]*"[^"]*")*[^"]*$)/;

/**
 * Gives a replay's desk the sectors of its day, as an operator would: the broker's wire does not
 * tell them.
 */
export const writeSectors = (day_dir: string, service_home: string): void => {
  const securities = join(day_dir, 'securities.csv');
  if (!existsSync(securities)) return;
  const [heading = '', ...lines] = readFileSync(securities, 'utf8').trimEnd().split(/\r?\n/);
  const columns = heading.split(',');
  const rows = lines
    .map((line) => line.split(FIELD_END))
    .map(
      (fields) => `${fields[columns.indexOf('symbol')]},${fields[columns.indexOf('sector')] ?? ''}`,
    )
    .filter((row) => !row.endsWith(','));
  const folder = join(service_home, 'config');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'sectors.csv'), `symbol,sector\n${rows.join('\n')}\n`);
};
