import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { newYorkTime, toTimeId } from '@catalyst/domain';
import { referenceData } from '@catalyst/testkit';

interface VendorBar {
  /** Minutes since midnight in New York for a minute bar, the date for a daily one. */
  stamp: string;
  values: [open: number, high: number, low: number, close: number, volume: number];
}
export type VendorMinute = { time_id: number; values: number[] };

/** The rows of the one CSV in a vendor's zip, read without the product's own importer. */
const vendorRows = (path: string): VendorBar[] => {
  const zip = readFileSync(join(referenceData!, 'bars', path));
  const directory = zip.lastIndexOf(Buffer.from('PK\x01\x02', 'latin1'));
  const start = 30 + zip.readUInt16LE(26) + zip.readUInt16LE(28);
  const text = inflateRawSync(
    zip.subarray(start, start + zip.readUInt32LE(directory + 20)),
  ).toString();
  return text
    .trim()
    .split('\n')
    .map((line) => {
      const [stamp, open, high, low, close, volume] = line.trim().split(',');
      return {
        stamp: stamp!,
        values: [
          Number(open) / 10_000,
          Number(high) / 10_000,
          Number(low) / 10_000,
          Number(close) / 10_000,
          Number(volume),
        ],
      };
    });
};
/** A day's minutes. */
export const vendorMinutes = (symbol: string, date: string): VendorMinute[] => {
  const midnight = toTimeId(newYorkTime(date, '00:00'));
  return vendorRows(`minute/${symbol.toLowerCase()}/${date.replaceAll('-', '')}_trade.zip`).map(
    ({ stamp, values }) => ({ time_id: midnight + Number(stamp) / 60_000, values }),
  );
};
/** A year of daily bars before a date. */
export const vendorDays = (symbol: string, before: string): { date: string; values: number[] }[] =>
  vendorRows(`daily/${symbol.toLowerCase()}.zip`)
    .map(({ stamp, values }) => ({
      date: `${stamp.slice(0, 4)}-${stamp.slice(4, 6)}-${stamp.slice(6, 8)}`,
      values,
    }))
    .filter(({ date }) => date < before)
    .slice(-252);
