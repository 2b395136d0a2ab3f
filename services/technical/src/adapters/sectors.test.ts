import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseCsv } from '@catalyst/domain';
import type { Log } from '@catalyst/service-kit';
import { readSectors } from './sectors.ts';

const root = join(import.meta.dirname, '../../../..');
const table = join(root, 'services/technical/data/us-sectors.csv');
const reference = join(process.env.REFERENCE_DATA ?? resolve(root, '../shared/data'), 'reference');
const refused: unknown[] = [];
const log = {
  warn: (_event: string, fields: { line: number }) => void refused.push(fields.line),
} as unknown as Log;
const homeWith = (sectors: string | null): string => {
  const home = mkdtempSync(join(tmpdir(), 'catalyst-sectors-'));
  mkdirSync(join(home, 'config'));
  if (sectors !== null) writeFileSync(join(home, 'config/sectors.csv'), sectors);
  return home;
};

describe('the sectors of securities', () => {
  it("are known without a file of the operator: S&P's word first, Nasdaq's elsewhere", () => {
    const sectors = readSectors(homeWith(null), log);
    // Nasdaq calls Visa and Alphabet Consumer Discretionary and Technology
    expect(sectors.get('V')).toBe('Financials');
    expect(sectors.get('GOOGL')).toBe('Communication Services');
    expect(sectors.get('BRK.B')).toBe('Financials');
    expect(sectors.get('SGRY')).toBe('Health Care');
    expect(sectors.get('QQQQQ')).toBeUndefined();
  });

  it("are the operator's where the file has one, and a bad line costs only itself", () => {
    const sectors = readSectors(
      homeWith('symbol,sector\nSGRY,Industrials\nv,Energy\nNEW,Utilities\n\nAAPL,Fruit\n'),
      log,
    );
    expect(sectors.get('SGRY')).toBe('Industrials');
    expect(sectors.get('NEW')).toBe('Utilities');
    expect(sectors.get('V')).toBe('Financials');
    expect(sectors.get('AAPL')).toBe('Information Technology');
    expect(refused).toEqual([3, 6]);
  });

  it('are a table of one row a symbol, in order, whose types the README names', () => {
    const [heading, ...rows] = parseCsv(readFileSync(table, 'utf8'));
    expect(heading).toEqual(['symbol', 'sector', 'basis', 'type', 'market_cap_musd']);
    const symbols = rows.map(([symbol]) => symbol!);
    expect(symbols).toEqual([...new Set(symbols)].sort());
    expect([...new Set(rows.map(([, , , type]) => type))].sort()).toEqual([
      'common',
      'depositary',
      'fund',
      'note',
      'preferred',
      'right',
      'unit',
      'warrant',
    ]);
  });

  (existsSync(reference) ? it : it.skip)(
    'are what the script makes of the two lists (left out where REFERENCE_DATA is not there)',
    () => {
      const made = join(homeWith(null), 'made.csv');
      execFileSync(process.execPath, [join(root, 'scripts/make-sector-table.ts'), reference, made]);
      expect(readFileSync(made, 'utf8')).toBe(readFileSync(table, 'utf8'));
    },
  );
});
