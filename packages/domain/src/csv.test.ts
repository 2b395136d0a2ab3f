import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatCsv, parseCsv } from './csv.ts';

const cell = fc.string({ unit: fc.constantFrom('a', '7', ' ', ',', '"', '\n', 'é') });

describe('a CSV text', () => {
  it('gives back the cells that were written, whatever is in them', () => {
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 1 })), (rows) =>
        expect(parseCsv(formatCsv(rows))).toEqual(rows),
      ),
    );
  });

  it.each([
    ['', []],
    ['symbol,sector', [['symbol', 'sector']]],
    [
      'A,"Energy, oil"\r\nB,\r\n',
      [
        ['A', 'Energy, oil'],
        ['B', ''],
      ],
    ],
    ['A,1\n\nB,2\n\n', [['A', '1'], [''], ['B', '2'], ['']]],
    ['A\n,"B,2\n', [['A'], ['', 'B,2\n']]],
  ])('%j is read as it is, its last line break begins no row', (text, rows) =>
    expect(parseCsv(text)).toEqual(rows),
  );

  it('is written with an empty cell for null and a line feed after every row', () =>
    expect(formatCsv([['a', null, true, 1.5]])).toBe('a,,true,1.5\n'));
});
