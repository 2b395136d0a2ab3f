import type { BrokenDay } from './broken-day.ts';

const bars = 'bars_1min.csv.gz';

/** Faults of how a file is written. */
export const brokenFiles: BrokenDay[] = [
  [
    'an absurd price',
    bars,
    '570,10,10.2,',
    '570,10,99999999,',
    'bars_1min.csv.gz, line 2, column high: expected a price of at most 10000000, was 99999999',
  ],
  [
    'a column that is missing',
    'securities.csv',
    ',sector,',
    ',',
    'securities.csv, line 1: expected the header symbol,name,exchange,sector,',
  ],
  ['a cell too few', bars, 'QQBB,600,', 'QQBB,', 'bars_1min.csv.gz, line 4: expected 9 cells'],
  [
    'a byte order mark',
    'securities.csv',
    'symbol,',
    '\ufeffsymbol,',
    'securities.csv, line 1: expected UTF-8 without a byte order mark, was a byte order mark at its beginning',
  ],
  [
    'a carriage return',
    'events.csv',
    '640,650',
    '640,650\r',
    'events.csv, line 2: expected lines that end with a line feed alone, was a carriage return',
  ],
  [
    'a carriage return in a compressed file',
    bars,
    'QQAA,571',
    '\rQQAA,571',
    'bars_1min.csv.gz, line 3: expected lines that end with a line feed alone, was a carriage return',
  ],
];
