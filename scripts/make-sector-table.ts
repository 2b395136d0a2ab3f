/**
 * Makes services/technical/data/us-sectors.csv from two public lists: the constituents of the S&P 500 with their GICS
 * sector, and the listed US securities with Nasdaq's own sector, which is not GICS. A person runs it when newer lists
 * are at hand, and writes their date into the README beside the table.
 *
 *   node scripts/make-sector-table.ts <folder with sp500_gics.csv.gz and us_listed.csv.gz> [file to write]
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import {
  formatCsv,
  gicsSector,
  parseCsv,
  symbol,
  type GicsSector,
} from '../packages/domain/src/index.ts';

const TABLE = join(import.meta.dirname, '../services/technical/data/us-sectors.csv');

/** Nasdaq's sectors by the GICS sector that most of their companies are in; two have none. */
const NASDAQ_SECTORS: Readonly<Record<string, GicsSector>> = {
  'Basic Materials': 'Materials',
  'Consumer Discretionary': 'Consumer Discretionary',
  'Consumer Staples': 'Consumer Staples',
  Energy: 'Energy',
  Finance: 'Financials',
  'Health Care': 'Health Care',
  Industrials: 'Industrials',
  'Real Estate': 'Real Estate',
  Technology: 'Information Technology',
  Telecommunications: 'Communication Services',
  Utilities: 'Utilities',
};

/** What a listing is, by the words of its name; the first that fits. */
const SECURITY_TYPES: readonly (readonly [string, RegExp])[] = [
  ['warrant', /\bwarrants?\b/i],
  ['right', /\brights?\b/i],
  ['note', /\b(notes?|debentures?|bonds?)\b/i],
  ['fund', /\b(etf|etn|funds?|beneficial interest)\b/i],
  ['depositary', /\b(american depositary|ads|adr)\b/i],
  ['preferred', /\b(preferred|preference|perpetual|depositary shares?)\b/i],
  ['unit', /\bunits?\b(?!.*\b(l\.?p\.?|partner)\b)/i],
];
const securityType = (name: string): string =>
  SECURITY_TYPES.find(([, words]) => words.test(name))?.[0] ?? 'common';

const [folder, target = TABLE] = process.argv.slice(2);
if (folder === undefined) {
  process.stderr.write('usage: node scripts/make-sector-table.ts <reference folder> [file]\n');
  process.exit(64);
}
const readTable = (name: string): Record<string, string>[] => {
  const [columns = [], ...rows] = parseCsv(
    gunzipSync(readFileSync(join(resolve(folder), name))).toString('utf8'),
  );
  return rows.map((cells) => Object.fromEntries(columns.map((column, at) => [column, cells[at]!])));
};

interface Row {
  sector: string;
  basis: string;
  type: string;
  market_cap_musd: string;
}
const table = new Map<string, Row>();
for (const listed of readTable('us_listed.csv.gz')) {
  // "BRK/A" is a class of shares, "ABR^D" a preferred share, which no symbol of the desk names
  const ticker = listed.symbol!.replace('/', '.');
  if (!symbol.safeParse(ticker).success) continue;
  const sector = NASDAQ_SECTORS[listed.industry!] ?? '';
  const millions = Math.round(Number(listed.marketCap) / 1e6);
  table.set(ticker, {
    sector,
    basis: sector === '' ? '' : 'nasdaq',
    type: securityType(listed.name!),
    market_cap_musd: millions > 0 ? String(millions) : '',
  });
}
for (const constituent of readTable('sp500_gics.csv.gz')) {
  const ticker = symbol.parse(constituent.Symbol);
  const sector = gicsSector.parse(constituent['GICS Sector']);
  const { type = 'common', market_cap_musd = '' } = table.get(ticker) ?? {};
  table.set(ticker, { sector, basis: 'gics', type, market_cap_musd });
}
const rows = [...table].sort(([left], [right]) => (left < right ? -1 : 1));
writeFileSync(
  target,
  formatCsv([
    ['symbol', 'sector', 'basis', 'type', 'market_cap_musd'],
    ...rows.map(([ticker, row]) => [ticker, row.sector, row.basis, row.type, row.market_cap_musd]),
  ]),
);
process.stdout.write(`${rows.length} securities written to ${target}\n`);
