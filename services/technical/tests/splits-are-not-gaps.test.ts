import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { referenceData } from '@catalyst/testkit';
import { readZippedText } from './reference-data.ts';
import { adjustForSplits, gapRatio, splitFactor, type DailyBar } from '@catalyst/domain';

const folder = referenceData;
const withReference = folder ? it : it.skip;
if (!folder)
  process.stderr.write('left out: the split of AAPL in real bars, REFERENCE_DATA is not there\n');

const split = { ex_date: '2014-06-09', old_rate: 1, new_rate: 7 };
const dailyBars = (symbol: string): DailyBar[] =>
  readZippedText(join(folder!, 'bars/daily', `${symbol}.zip`))
    .trim()
    .split(/\r?\n/)
    .map((line, index) => {
      const [stamp, ...numbers] = line.split(',') as [string, ...string[]];
      const [open, high, low, close] = numbers.map((value) => Number(value) / 10_000) as [
        number,
        number,
        number,
        number,
      ];
      return {
        trade_date: `${stamp.slice(0, 4)}-${stamp.slice(4, 6)}-${stamp.slice(6, 8)}`,
        time_id: index,
        open,
        high,
        low,
        close,
        volume: Number(numbers[4]),
      };
    });

describe('splits', () => {
  withReference('are not gaps: AAPL opened 0.5 % higher on 2014-06-09, not 85.6 % lower', () => {
    const raw = dailyBars('aapl');
    const friday = raw.findIndex((bar) => bar.trade_date === '2014-06-06');
    const monday = raw[friday + 1]!;
    expect(gapRatio(raw[friday]!.close, monday.open)).toBeCloseTo(-0.856, 3);
    const adjusted = adjustForSplits(raw.slice(0, friday + 1), [split], '2014-06-09');
    expect(gapRatio(adjusted.at(-1)!.close, monday.open)).toBeCloseTo(0.005, 3);
  });

  it('change nothing before their date is reached, and nothing from their date on', () => {
    expect(splitFactor([split], '2014-06-06', '2014-06-08')).toBe(1);
    expect(splitFactor([split], '2014-06-06', '2014-06-09')).toBe(7);
    expect(splitFactor([split], '2014-06-09', '2014-06-30')).toBe(1);
  });

  it('multiply, forward and reverse', () => {
    const reverse = { ex_date: '2015-01-05', old_rate: 10, new_rate: 1 };
    expect(splitFactor([split, reverse], '2014-01-02', '2015-02-01')).toBeCloseTo(0.7, 12);
    const [bar] = adjustForSplits(
      [
        {
          trade_date: '2015-01-02',
          time_id: 0,
          open: 1,
          high: 2,
          low: 0.5,
          close: 1,
          volume: 1005,
        },
      ],
      [reverse],
      '2015-01-05',
    );
    expect(bar).toMatchObject({ open: 10, high: 20, low: 5, close: 10, volume: 101 });
  });

  it('with a rate of zero are refused', () => {
    expect(() => splitFactor([{ ...split, old_rate: 0 }], '2014-06-06', '2014-06-09')).toThrow(
      'rates above 0',
    );
  });

  it('gap is null without a previous close', () => {
    expect(gapRatio(0, 10)).toBeNull();
  });
});
