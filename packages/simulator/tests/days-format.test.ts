import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DayError, listDays, loadDay, writeDay } from '../src/day/index.ts';
import { brokenContents } from './broken-days/broken-contents.ts';
import { brokenFiles } from './broken-days/broken-files.ts';
import { twoStockDay } from './two-stock-day.ts';

let folder = '';
let dir = '';

const edit = async (file: string, change: (text: string) => string): Promise<void> => {
  const path = join(dir, file);
  const content = await readFile(path);
  const text = file.endsWith('.gz') ? gunzipSync(content).toString() : content.toString();
  const changed = change(text);
  expect(changed).not.toBe(text);
  await writeFile(path, file.endsWith('.gz') ? gzipSync(changed) : changed);
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'days-'));
  dir = join(folder, 'small');
});
afterAll(() => rm(folder, { recursive: true }));

describe('a day folder', () => {
  it('comes back as it was written, quotes, nulls and fractions included', async () => {
    await writeDay(twoStockDay, dir);
    expect(await loadDay(dir)).toEqual({ ...twoStockDay, dir });
  });

  it('is listed by its day.json', async () => {
    await writeDay(twoStockDay, dir);
    expect(await listDays(folder)).toEqual([
      {
        name: 'small',
        dir,
        trade_date: '2026-03-10',
        kind: 'generated',
        description: 'Two stocks',
      },
    ]);
  });

  const bars = 'bars_1min.csv.gz';
  it.each(brokenContents)(
    'is refused for %s, with file, line, column, what was there and what was expected',
    async (_fault, file, before, after, message) => {
      await writeDay(twoStockDay, dir);
      await edit(file, (text) => text.replace(before, after));
      const error = await loadDay(dir).then(
        () => null,
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(DayError);
      expect((error as DayError).message).toContain(message);
    },
  );

  it.each([
    'day.json',
    'securities.csv',
    bars,
    'bars_1day.csv.gz',
    'volume_profile.csv.gz',
    'corporate_actions.csv',
    'news.jsonl',
    'events.csv',
  ])('is refused without %s', async (file) => {
    await writeDay(twoStockDay, dir);
    await rm(join(dir, file));
    await expect(loadDay(dir)).rejects.toThrow(
      `${join(dir, file)}: expected a file of the day, was missing`,
    );
  });

  it.each(brokenFiles)('is refused for %s', async (_fault, file, before, after, message) => {
    await writeDay(twoStockDay, dir);
    await edit(file, (text) => text.replace(before, after));
    await expect(loadDay(dir)).rejects.toThrow(message);
  });

  it('is refused when a file is empty, cut in half or not in UTF-8', async () => {
    await writeDay(twoStockDay, dir);
    await writeFile(join(dir, 'events.csv'), '');
    await expect(loadDay(dir)).rejects.toThrow(
      'events.csv, line 1: expected the header symbol,kind,from_minute,to_minute, was an empty file',
    );
    await writeDay(twoStockDay, dir);
    await writeFile(
      join(dir, 'securities.csv'),
      (await readFile(join(dir, 'securities.csv'), 'latin1')).replace('Birch', 'Bouleau \u00e9'),
      'latin1',
    );
    await expect(loadDay(dir)).rejects.toThrow(
      'securities.csv, line 3: expected text in UTF-8, was bytes that are none',
    );
    await writeDay(twoStockDay, dir);
    const whole = await readFile(join(dir, bars));
    await writeFile(join(dir, bars), whole.subarray(0, whole.length / 2));
    await expect(loadDay(dir)).rejects.toThrow(
      `${join(dir, bars)}: expected gzip, was a file that ends too early`,
    );
  });

  it('is refused when a compressed file is not gzip', async () => {
    await writeDay(twoStockDay, dir);
    await writeFile(join(dir, bars), 'plain');
    await expect(loadDay(dir)).rejects.toThrow(`${join(dir, bars)}: expected gzip`);
  });
});
