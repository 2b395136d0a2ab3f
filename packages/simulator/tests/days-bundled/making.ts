import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, it } from '@jest/globals';
import { dayFiles, generateDay } from '../../src/day/index.ts';
import { dir, type BundledDay } from './bundled-day.ts';

const sha256 = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');

/** What it is made from, and the files that it is kept in. */
export const tellOfItsMaking = (bundled: BundledDay): void => {
  it('is written again from its seed byte by byte (SHA-256 of every file)', async () => {
    const { day } = bundled;
    const files = dayFiles(generateDay({ trade_date: day.trade_date, seed: day.seed }));
    const names = (await readdir(dir)).sort();
    expect([...files.keys()].sort()).toEqual(names);
    for (const name of names)
      expect([name, sha256(files.get(name) ?? new Uint8Array())]).toEqual([
        name,
        sha256(await readFile(join(dir, name))),
      ]);
  });

  it('is another day with another seed, and a smaller one with fewer symbols', () => {
    const { truth } = bundled;
    const other = generateDay({ trade_date: '2026-03-25', seed: 1, symbols: 40 });
    expect(other.securities).toHaveLength(40);
    expect(other.truth.traps.length).toBe(truth.traps.length);
    expect(sha256(dayFiles(other).get('bars_1min.csv.gz') ?? new Uint8Array())).not.toBe(
      sha256(
        dayFiles(generateDay({ trade_date: '2026-03-25', seed: 2, symbols: 40 })).get(
          'bars_1min.csv.gz',
        ) ?? new Uint8Array(),
      ),
    );
  });

  it.each([
    [
      { trade_date: '2026-03-22', seed: 1 },
      "trade_date must be a trading day of the exchange's calendar, was 2026-03-22",
    ],
    [{ trade_date: '2026-03-24', seed: -1 }, 'seed must be a whole number from 0, was -1'],
    [
      { trade_date: '2026-03-24', seed: 1, symbols: 19 },
      'symbols must be a whole number from 20 to 500, was 19',
    ],
    [
      { trade_date: '2026-03-24', seed: 1, symbols: 501 },
      'symbols must be a whole number from 20 to 500, was 501',
    ],
  ])('cannot be generated from %j', (options, message) => {
    expect(() => generateDay(options)).toThrow(message);
  });

  it('takes at most 2 MB and its gzip files carry no time and no system of their own', async () => {
    let size = 0;
    for (const name of await readdir(dir)) {
      const content = await readFile(join(dir, name));
      size += content.length;
      if (name.endsWith('.gz'))
        expect([...content.subarray(0, 8)]).toEqual([0x1f, 0x8b, 8, 0, 0, 0, 0, 0]);
      if (name.endsWith('.gz')) expect(gunzipSync(content).length).toBeGreaterThan(content.length);
    }
    expect(size).toBeLessThan(2_000_000);
  });
};
