import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { loadDay, recordDay, type Day, type RecordingProgress } from '../../src/index.ts';
import { openAccount } from '../open-account.ts';
import { TRADE_DATE } from '../small-day.ts';
import { chosen, original } from './recorded-day.ts';
import { testRecordings } from './recorded-simulator.ts';

const recorded = testRecordings();
const { start, optionsOf } = recorded;

describe('a recording of the simulator', () => {
  it('holds the minute bars, the daily bars, the listings, the news, the dividends and the calendar that the simulator had', async () => {
    await start();
    const seen: RecordingProgress[] = [];
    const { day: returned } = await recordDay(
      optionsOf({ on_progress: (progress) => seen.push(progress) }),
    );
    const day: Day = await loadDay(recorded.place('day'));
    expect(returned).toEqual(day);
    expect(day).toMatchObject({
      kind: 'imported',
      trade_date: TRADE_DATE,
      refused_bars: [],
      events: [],
    });
    expect(day.minute_bars).toEqual(chosen(original.minute_bars));
    expect(day.daily_bars).toEqual(chosen(original.daily_bars));
    expect(day.securities).toEqual(original.securities.filter(({ symbol }) => symbol !== 'OTHER'));
    expect(day.corporate_actions).toEqual(original.corporate_actions);
    const known = original.news
      .filter(({ symbols }) => symbols[0] !== 'OTHER')
      .map((article) => ({ ...article, symbols: article.symbols.slice(0, 1) }));
    expect(day.news).toEqual(known);
    expect(day.calendar.filter(({ date }) => date >= '2026-01-20' && date <= '2026-03-12')).toEqual(
      original.calendar,
    );
    expect(day.calendar.at(-1)?.date).toBe('2026-03-20');
    expect(seen.at(-1)).toEqual({ done_ratio: 1, text: 'recorded' });
    expect(seen.map(({ done_ratio }) => done_ratio)).toEqual(
      seen.map(({ done_ratio }) => done_ratio).sort((left, right) => left - right),
    );
  });

  it('has the usual volume of the minutes before', async () => {
    await start();
    const { day } = await recordDay(optionsOf());
    const total = (volumes: number[] | undefined): number =>
      (volumes ?? []).reduce((sum, volume) => sum + volume, 0);
    const daily =
      original.daily_bars
        .get('ACME')!
        .slice(-20)
        .reduce((sum, { volume }) => sum + volume, 0) / 20;
    expect(total(day.volume_profile.get('ACME')) / daily).toBeGreaterThan(0.95);
    expect(total(day.volume_profile.get('ACME')) / daily).toBeLessThan(1.1);
  });

  it('is replayed like any day: an order is filled at its prices', async () => {
    await start();
    const { day } = await recordDay(optionsOf());
    const replay = await openAccount(day.dir, { at: '09:59' });
    try {
      const { body: order } = await replay.place({ qty: '10' });
      await replay.step('10:00');
      expect(await replay.order(order.id)).toMatchObject({ status: 'filled', filled_qty: '10' });
      await replay.step('10:01');
      expect(
        (await replay.get('/v2/stocks/ACME/bars?timeframe=1Min')).body.bars.at(-1),
      ).toMatchObject({ h: 102, v: 50_000 });
    } finally {
      await replay.close();
    }
  });

  it('writes the keys nowhere', async () => {
    await start();
    await recordDay(optionsOf());
    const files = await readdir(recorded.folder, { recursive: true, withFileTypes: true });
    for (const file of files.filter((one) => one.isFile())) {
      const content = await readFile(join(file.parentPath, file.name), 'latin1');
      expect(
        content.includes(recorded.simulator.accounts[0]!.secret_key) ||
          content.includes(recorded.simulator.accounts[0]!.key_id),
      ).toBe(false);
    }
  });
});
