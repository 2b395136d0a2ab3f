import { describe, expect, it } from '@jest/globals';
import { article, asset, bar } from './alpaca-answers.ts';
import { testRawRecording } from './raw-recording.ts';

const { put, faultOf, written } = testRawRecording();

describe("a day made of Alpaca's answers", () => {
  it.each([
    [
      'a price that is no number',
      'bars-1min/0-0002.json',
      { bars: { AAPL: [bar('2026-03-10T13:31:00Z', { h: '101' })] }, next_page_token: null },
      {
        file: 'bars-1min/0-0002.json',
        column: 'bars.AAPL.0.h',
        was: '"101"',
        expected: 'a value of type number',
      },
    ],
    [
      'a minute that repeats',
      'bars-1min/0-0002.json',
      { bars: { AAPL: [bar('2026-03-10T13:30:00Z')] }, next_page_token: null },
      { file: 'bars-1min/0-0002.json', column: 'bars.AAPL.0.t' },
    ],
    [
      'a bar of another date',
      'bars-1min/0-0002.json',
      { bars: { AAPL: [bar('2026-03-11T13:30:00Z')] }, next_page_token: null },
      { column: 'bars.AAPL.0.t', was: '2026-03-11T13:30:00Z' },
    ],
    [
      'a symbol that was not recorded',
      'bars-1day/0-0001.json',
      { bars: { TSLA: [bar('2026-03-09T04:00:00Z')] } },
      { column: 'bars.TSLA', expected: 'a symbol of recording.json' },
    ],
    [
      'a page that is missing',
      'bars-1min/0-0002.json',
      { bars: {}, next_page_token: 'x' },
      { file: 'bars-1min/0-0002.json', column: 'next_page_token' },
    ],
    [
      'an answer that is no JSON',
      'news/0-0001.json',
      '{"news": [',
      { file: 'news/0-0001.json', expected: 'JSON' },
    ],
    [
      'an article without an id',
      'news/0-0001.json',
      { news: [article(1, '2026-03-10T14:00:00Z', { id: undefined })] },
      { column: 'news.0.id', was: 'missing' },
    ],
    [
      'a stock that trades over the counter',
      'assets/AAPL.json',
      asset('AAPL', { exchange: 'OTC' }),
      { file: 'assets/AAPL.json', column: 'exchange' },
    ],
    [
      'a date that the calendar does not have',
      'recording.json',
      { trade_date: '2026-03-14', feed: 'sip', symbols: ['AAPL'] },
      { file: 'calendar.json', was: 'no 2026-03-14' },
    ],
    [
      'a date without any bar',
      'recording.json',
      { trade_date: '2026-03-13', feed: 'sip', symbols: ['AAPL', 'BRK.B'] },
      { file: 'bars-1min', was: 'none' },
    ],
  ])(
    'is refused for %s, with the file and the place in it, and nothing is written',
    async (_what, file, content, expected) => {
      await put(file, content);
      expect(await faultOf()).toMatchObject(expected);
      expect(await written()).toEqual([]);
    },
  );
});
