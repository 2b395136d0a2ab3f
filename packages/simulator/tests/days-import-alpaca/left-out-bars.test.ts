import { describe, expect, it } from '@jest/globals';
import { bar } from './alpaca-answers.ts';
import { testRawRecording } from './raw-recording.ts';

const { put, run } = testRawRecording();

describe("a day made of Alpaca's answers", () => {
  it('leaves out bars with impossible prices, and those of a split that hold both scales, each with its reason', async () => {
    await put('bars-1min/0-0002.json', {
      bars: {
        AAPL: [
          bar('2026-03-10T13:31:00Z', { h: 98 }),
          bar('2026-03-10T13:32:00Z', { o: 50, h: 50.5, l: 49.5, c: 50, vw: 50 }),
        ],
      },
      next_page_token: null,
    });
    await put('corporate-actions/0-0002.json', {
      corporate_actions: {
        forward_splits: [{ symbol: 'AAPL', ex_date: '2026-03-10', new_rate: 2, old_rate: 1 }],
      },
      next_page_token: null,
    });
    const day = await run();
    expect(day.minute_bars.get('AAPL')?.map(({ minute }) => minute)).toEqual([572]);
    expect(day.refused_bars.map(({ minute, reason }) => ({ minute, reason }))).toEqual([
      { minute: 571, reason: 'expected at least the low 99 as high, was 98' },
      {
        minute: 570,
        reason:
          'open and high and low and close in dollars from before the 2:1 split of 2026-03-10',
      },
    ]);
  });

  it('leaves out bars of the night, outside the extended hours, with the reason', async () => {
    await put('bars-1min/0-0002.json', {
      bars: {
        'BRK.B': [
          bar('2026-03-10T07:59:00Z'),
          bar('2026-03-10T08:00:00Z'),
          bar('2026-03-11T00:00:00Z'),
        ],
      },
      next_page_token: null,
    });
    const day = await run();
    expect(day.minute_bars.get('BRK.B')?.map(({ minute }) => minute)).toEqual([240]);
    expect(day.refused_bars.map(({ minute, reason }) => ({ minute, reason }))).toEqual([
      {
        minute: 239,
        reason:
          'expected a minute from 240 to 1199 (the extended hours, 04:00 to 20:00 in New York), was 239',
      },
      {
        minute: 1_200,
        reason:
          'expected a minute from 240 to 1199 (the extended hours, 04:00 to 20:00 in New York), was 1200',
      },
    ]);
  });
});
