import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from '@jest/globals';
import { gicsSectors } from '@catalyst/domain';
import * as files from '../src/day/day-files.ts';
import {
  auctionKinds,
  corporateActionTypes,
  listingExchanges,
  marketEventKinds,
} from '../src/day/day.ts';
import { loadDay } from '../src/day/index.ts';
import { openAccount } from './open-account.ts';

const page = readFileSync(join(import.meta.dirname, '../docs/day-format.md'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'day-format-page-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What the page says about a file: from its heading to the next. */
const sectionOf = (file: string): string => {
  const from = page.indexOf(`\n### \`${file}\``);
  if (from === -1) throw new Error(`the page has no section on ${file}`);
  const next = page.slice(from + 1).search(/\n###? /);
  return page.slice(from, next === -1 ? undefined : from + 1 + next);
};
const examples = new Map(
  [...page.matchAll(/```\w+ (\S+)\n([\s\S]*?)```/g)].map(([, file, text]) => [file!, text!]),
);
const COLUMNS: Record<string, readonly string[]> = {
  [files.DAY_FILES.securities]: files.SECURITY_COLUMNS,
  [files.DAY_FILES.minute_bars]: files.MINUTE_BAR_COLUMNS,
  [files.DAY_FILES.daily_bars]: files.DAILY_BAR_COLUMNS,
  [files.DAY_FILES.volume_profile]: files.VOLUME_PROFILE_COLUMNS,
  [files.DAY_FILES.corporate_actions]: files.CORPORATE_ACTION_COLUMNS,
  [files.DAY_FILES.events]: files.EVENT_COLUMNS,
  [files.DAY_FILES.auctions]: files.AUCTION_COLUMNS,
};
const write = (without: string | null = null): string => {
  const dir = join(folder, `my-day-${without}`);
  mkdirSync(dir);
  for (const [file, text] of examples)
    if (file !== without)
      writeFileSync(join(dir, file), file.endsWith('.gz') ? gzipSync(text) : text);
  return dir;
};

describe('the page on the day format', () => {
  it.each(Object.values(files.DAY_FILES))('has a section on %s', (file) => {
    expect(sectionOf(file).length).toBeGreaterThan(50);
  });

  it.each(Object.entries(COLUMNS))(
    'names every column of %s, and its example has them',
    (file, columns) => {
      for (const column of columns) expect(sectionOf(file)).toContain(`\`${column}\``);
      expect(examples.get(file)?.split('\n')[0]).toBe(columns.join(','));
    },
  );

  it('names every field of day.json and of an article', () => {
    const day = JSON.parse(examples.get('day.json')!) as Record<string, unknown> & {
      calendar: object[];
      refused_bars: object[];
    };
    for (const key of [
      ...Object.keys(day),
      ...Object.keys(day.calendar[0]!),
      ...Object.keys(day.refused_bars[0]!),
    ])
      expect(sectionOf('day.json')).toContain(`\`${key}\``);
    for (const key of Object.keys(
      JSON.parse(examples.get('news.jsonl')!.split('\n')[0]!) as object,
    ))
      expect(sectionOf('news.jsonl')).toContain(`\`${key}\``);
  });

  it('names every value that a cell may take', () => {
    for (const value of listingExchanges)
      expect(sectionOf('securities.csv')).toContain(`\`${value}\``);
    for (const value of corporateActionTypes)
      expect(sectionOf('corporate_actions.csv')).toContain(`\`${value}\``);
    for (const value of marketEventKinds) expect(sectionOf('events.csv')).toContain(`\`${value}\``);
    for (const value of auctionKinds) expect(sectionOf('auctions.csv')).toContain(`\`${value}\``);
    expect(sectionOf('securities.csv')).toContain(`${gicsSectors.length} GICS sectors`);
  });

  it('holds a whole day that is read as it stands', async () => {
    const day = await loadDay(write());
    expect(day).toMatchObject({
      trade_date: '2026-03-10',
      kind: 'imported',
      auctions: [{ symbol: 'ACME', kind: 'open', size: 12_000 }],
    });
    expect(day.securities.map(({ name }) => name)).toEqual([
      'Acme, Incorporated',
      'Beta Industries',
    ]);
    expect([
      day.minute_bars.get('ACME')?.length,
      day.daily_bars.get('BETA')?.length,
      day.news.length,
      day.events.length,
      day.corporate_actions.length,
      day.refused_bars.length,
    ]).toEqual([4, 2, 1, 1, 2, 1]);
    expect(day.volume_profile.get('ACME')?.slice(569, 574)).toEqual([
      0, 60_000, 42_000, 35_500.5, 0,
    ]);
  });

  it('says rightly which files are optional', async () => {
    for (const file of examples.keys()) {
      const isOptional = sectionOf(file).split('\n')[1]?.endsWith('(optional)') === true;
      if (isOptional) expect((await loadDay(write(file))).trade_date).toBe('2026-03-10');
      else
        await expect(loadDay(write(file))).rejects.toThrow(
          'expected a file of the day, was missing',
        );
    }
  });

  it('holds a day on which one can trade', async () => {
    const account = await openAccount(await loadDay(join(folder, 'my-day-null')), { at: '09:31' });
    try {
      const { body } = await account.place({ symbol: 'ACME', qty: '3' });
      await account.step('09:32');
      const order = await account.order(body.id);
      expect(order).toMatchObject({ status: 'filled', filled_qty: '3' });
      expect(Number(order.filled_avg_price)).toBeGreaterThan(100.3);
      expect(Number(order.filled_avg_price)).toBeLessThan(101);
      expect((await account.get('/v1beta1/news?symbols=ACME')).body.news).toHaveLength(1);
    } finally {
      await account.close();
    }
  });
});
