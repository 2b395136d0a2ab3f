import { readFileSync } from 'node:fs';
import { gunzipSync, inflateRawSync } from 'node:zlib';
import type { Bar } from '@catalyst/domain';

/** Rows of `date,open,high,low,close,volume`, one bar per row, numbered from 0. */
export const readBarCsv = (path: string): Bar[] =>
  readFileSync(path, 'utf8')
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line, index) => {
      const [open, high, low, close, volume] = line.split(',').slice(1).map(Number) as [
        number,
        number,
        number,
        number,
        number,
      ];
      return { time_id: index, open, high, low, close, volume };
    });

export const readGzippedJson = <T>(path: string): T =>
  JSON.parse(gunzipSync(readFileSync(path)).toString('utf8')) as T;

/** The text of a zip's first entry, found through the central directory. */
export const readZippedText = (path: string): string => {
  const zip = readFileSync(path);
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06'));
  const entry = zip.readUInt32LE(end + 16);
  const method = zip.readUInt16LE(entry + 10);
  const size = zip.readUInt32LE(entry + 20);
  const local = zip.readUInt32LE(entry + 42);
  const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
  const body = zip.subarray(start, start + size);
  return (method === 0 ? body : inflateRawSync(body)).toString('utf8');
};
