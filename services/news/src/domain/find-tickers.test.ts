import { describe, expect, it } from '@jest/globals';
import { createTickerFinder, shortCompanyName } from './find-tickers.ts';

const find = createTickerFinder([
  { symbol: 'RDGL', name: 'Ridgeline Biosciences, Inc.' },
  { symbol: 'DLTA', name: 'Delta Air Lines Co.' },
  { symbol: 'DLT', name: 'Delta Corp' },
  { symbol: 'GAP', name: 'Gap Inc' },
  { symbol: 'BRK.B', name: 'Berkshire Hathaway Inc. Class B' },
]);
const symbols = (headline: string, summary = '', vendor_symbols: string[] = []) =>
  find({ headline, summary, vendor_symbols }).map((item) => `${item.symbol}:${item.found_by}`);

describe('tickers of a story', () => {
  it.each([
    ['a cashtag', '$RDGL jumps', ['RDGL:cashtag']],
    ['an exchange tag', 'Something (NASDAQ: RDGL) announces', ['RDGL:exchange_tag']],
    [
      'an exchange tag of another exchange and class',
      'Something (NYSE:BRK-B) announces',
      ['BRK.B:exchange_tag'],
    ],
    [
      'a company name without its legal form',
      'Ridgeline Biosciences wins approval',
      ['RDGL:company_name'],
    ],
    ['the longer of two names', 'Delta Air Lines raises outlook', ['DLTA:company_name']],
    ['no price', 'To be bought for $40 and $RDGLX', []],
    ['no unknown symbol', '$ZZZZ (NYSE: QQQQ) jumps', []],
    ['no name inside a word or in lower case', 'Deltas of rivers and delta waves', []],
    ['no name below four letters', 'Gap widens', []],
  ])('are found by %s', (_title, headline, expected) => {
    expect(symbols(headline)).toEqual(expected);
  });

  it('come once each, the headline first, with the surest evidence', () => {
    expect(
      symbols('Delta Corp and $RDGL', 'Ridgeline Biosciences (NASDAQ: RDGL)', ['dlta']),
    ).toEqual(['RDGL:exchange_tag', 'DLT:company_name', 'DLTA:vendor']);
  });

  it.each([
    ['Ridgeline Biosciences, Inc.', 'Ridgeline Biosciences'],
    ['Foo Holdings Group Ltd.', 'Foo'],
    ['Inc', 'Inc'],
  ])('reads %s as %s', (name, short) => {
    expect(shortCompanyName(name)).toBe(short);
  });

  it('do not exist where no company is known', () => {
    expect(createTickerFinder([])({ headline: '$RDGL' })).toEqual([]);
  });
});
