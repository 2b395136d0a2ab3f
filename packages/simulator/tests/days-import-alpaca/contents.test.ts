import { describe, expect, it } from '@jest/globals';
import { testRawRecording } from './raw-recording.ts';

const { put, run } = testRawRecording();

describe("a day made of Alpaca's answers", () => {
  it("holds the bars of the date by minute in New York, with the vendor's trades and average price", async () => {
    const day = await run();
    expect(day).toMatchObject({ kind: 'imported', trade_date: '2026-03-10', refused_bars: [] });
    expect(day.minute_bars.get('AAPL')).toEqual([
      {
        minute: 570,
        open: 100,
        high: 101,
        low: 99,
        close: 100.5,
        volume: 1_000,
        trade_count: 10,
        vwap: 100.1,
      },
      {
        minute: 571,
        open: 100,
        high: 101,
        low: 99,
        close: 100.5,
        volume: 1_000,
        trade_count: 10,
        vwap: 101,
      },
    ]);
    expect(day.minute_bars.get('BRK.B')?.map(({ minute }) => minute)).toEqual([240]);
    expect(day.daily_bars.get('AAPL')?.map(({ date }) => date)).toEqual([
      '2026-03-06',
      '2026-03-09',
    ]);
    expect(day.notes).toContainEqual(
      expect.stringMatching(/^1 minute bars had an average price outside/),
    );
  });

  it('takes the usual volume from the minutes of the sessions before, across the change to summer time', async () => {
    const day = await run();
    expect(day.volume_profile.get('AAPL')?.[570]).toBe(500);
    expect(day.notes).toContainEqual(
      'AAPL: volume profile is the mean of 2 sessions; there are no minutes of earlier ones.',
    );
    expect(
      day.volume_profile.get('BRK.B')?.reduce((sum, volume) => sum + volume, 0),
    ).toBeGreaterThan(50_000);
    expect(day.notes).toContainEqual(
      expect.stringMatching(/^BRK\.B: volume profile is the usual shape/),
    );
  });

  it('holds the news from the close before to the end of the date, about its symbols only', async () => {
    const day = await run();
    expect(
      day.news.map(({ id, symbols, summary, url }) => ({ id, symbols, summary, url })),
    ).toEqual([
      { id: 2, symbols: ['AAPL'], summary: '', url: '' },
      { id: 3, symbols: ['AAPL'], summary: '', url: '' },
    ]);
    expect(day.notes).toContainEqual(
      expect.stringMatching(/^1 articles were changed after publication/),
    );
  });

  it('lists its securities with what it had to decide', async () => {
    const day = await run();
    expect(day.securities).toMatchObject([
      { symbol: 'AAPL', exchange: 'NASDAQ', easy_to_borrow: true },
      { symbol: 'BRK.B', name: 'BRK.B', exchange: 'ARCA', easy_to_borrow: false },
    ]);
    expect(day.notes).toContainEqual(
      'BRK.B: is listed on BATS; the day says ARCA, because it has no BATS.',
    );
  });

  it('holds the splits and dividends of its calendar and says which other actions it leaves out', async () => {
    await put('corporate-actions/0-0002.json', {
      corporate_actions: {
        spin_offs: [{ symbol: 'AAPL', ex_date: '2026-03-02' }],
        reverse_splits: [{ symbol: 'BRK.B', ex_date: '2026-03-12', new_rate: 1, old_rate: 2.5 }],
      },
      next_page_token: null,
    });
    const day = await run();
    expect(day.corporate_actions).toEqual([
      {
        symbol: 'AAPL',
        type: 'cash_dividend',
        ex_date: '2026-02-09',
        new_rate: null,
        old_rate: null,
        cash: '0.26',
      },
      {
        symbol: 'BRK.B',
        type: 'reverse_split',
        ex_date: '2026-03-12',
        new_rate: '1',
        old_rate: '2.5',
        cash: null,
      },
    ]);
    expect(day.notes).toContainEqual(expect.stringContaining('spin_offs'));
  });
});
