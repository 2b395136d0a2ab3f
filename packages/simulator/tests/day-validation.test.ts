import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DayError, loadDay, writeDay } from '../src/day/index.ts';
import { brokenHalfDay } from './broken-days/broken-half-day.ts';
import { halfDay } from './half-day.ts';

const folder = mkdtempSync(join(tmpdir(), 'day-validation-'));
const dir = join(folder, 'day');
afterAll(() => rmSync(folder, { recursive: true }));
const texts = new Map<string, string>();
beforeAll(async () => {
  await writeDay(halfDay, dir);
  for (const file of readdirSync(dir))
    texts.set(
      file,
      (file.endsWith('.gz')
        ? gunzipSync(readFileSync(join(dir, file)))
        : readFileSync(join(dir, file))
      ).toString(),
    );
});

/** What reading the day says when one file's text is another; null where it is taken. */
let count = 0;
const faultOf = async (file: string, text: string): Promise<DayError | null> => {
  const place = join(folder, `changed-${(count += 1)}`);
  mkdirSync(place);
  for (const [name, own] of texts)
    writeFileSync(
      join(place, name),
      name === file
        ? name.endsWith('.gz')
          ? gzipSync(text)
          : text
        : name.endsWith('.gz')
          ? gzipSync(own)
          : own,
    );
  try {
    await loadDay(place);
    return null;
  } catch (error) {
    if (!(error instanceof DayError)) throw error;
    return error;
  } finally {
    rmSync(place, { recursive: true });
  }
};
const edited = (file: string, before: string, after: string): string => {
  const text = texts.get(file)!;
  expect(text).toContain(before);
  return text.replace(before, () => after);
};

describe('a day folder', () => {
  it('is taken as it was written', async () => {
    expect(await loadDay(dir)).toEqual({ ...halfDay, dir });
  });

  const minutes = 'bars_1min.csv.gz';
  it.each(brokenHalfDay)(
    'is refused for %s, in one sentence with the file, the line and what is expected',
    async (_fault, file, before, after, message) => {
      const text =
        file === 'securities.csv' && after === ''
          ? `${texts.get(file)!.split('\n')[0]}\n`
          : edited(file, before, after);
      expect((await faultOf(file, text))?.message).toBe(message);
    },
  );

  it('is refused where a file of it is a folder', async () => {
    const place = join(folder, 'folder-for-file');
    await writeDay(halfDay, place);
    rmSync(join(place, 'events.csv'));
    mkdirSync(join(place, 'events.csv'));
    await expect(loadDay(place)).rejects.toThrow(
      `${join(place, 'events.csv')}: expected a file of the day, was a folder`,
    );
  });

  it('with any cell of any table changed is taken or refused in that file, in that line or a later one, never with another error', async () => {
    const tables = [
      'securities.csv',
      minutes,
      'bars_1day.csv.gz',
      'volume_profile.csv.gz',
      'corporate_actions.csv',
      'events.csv',
    ];
    const junk = fc.constantFrom(
      '',
      ' ',
      'x',
      '-1',
      '0',
      '0.5',
      '1e5',
      'NaN',
      'Infinity',
      '99999999999999999',
      '2026-03-09',
      '2026-02-30',
      '09:30',
      'true',
      'TRUE',
      'ACME',
      'BETA',
      'acme',
      '"',
      '""',
      ',',
      '\u0000',
      '\u00e9',
      '\ufffd',
      '__proto__',
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...tables),
        fc.nat(),
        fc.nat(),
        junk,
        async (file, row, column, value) => {
          const lines = texts.get(file)!.trimEnd().split('\n');
          const line = row % lines.length;
          const cells = lines[line]!.split(',');
          cells[column % cells.length] = value;
          lines[line] = cells.join(',');
          const error = await faultOf(file, `${lines.join('\n')}\n`);
          if (error === null) return;
          // a symbol that left securities.csv is missed by the tables that name it
          if (file !== 'securities.csv') expect(error.fault.file).toBe(file);
          if (error.fault.file === file) expect(error.fault.line).toBeGreaterThanOrEqual(line + 1);
          expect(error.message).toMatch(/, line \d+(, column \w+)?: expected .+, was .+$/s);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('with any piece of any file cut out, doubled or replaced is taken or refused as a day, never with another error', async () => {
    const files = [
      'day.json',
      'securities.csv',
      minutes,
      'bars_1day.csv.gz',
      'volume_profile.csv.gz',
      'corporate_actions.csv',
      'news.jsonl',
      'events.csv',
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files),
        fc.nat(),
        fc.nat({ max: 40 }),
        fc.oneof(
          fc.constant(null),
          fc.string({ maxLength: 6 }),
          fc.constantFrom('{', '}', '[', '"', '\n', ',', ':', '\\', 'null', '1', '\u2028'),
        ),
        async (file, from, length, replacement) => {
          const text = texts.get(file)!;
          const start = from % text.length;
          const piece = text.slice(start, start + length);
          const error = await faultOf(
            file,
            text.slice(0, start) + (replacement ?? piece + piece) + text.slice(start + length),
          );
          if (error) expect(error.message).toMatch(/: expected .+, was /s);
        },
      ),
      { numRuns: 300 },
    );
  });
});
