import { isUtf8 } from 'node:buffer';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { DAY_MS, sessionHours } from '../market/trading-time.ts';
import type { Day } from './day.ts';
import { DayError } from './day-error.ts';
import { DAY_FILES } from './day-files.ts';
import { readAuctions } from './read-auctions.ts';
import { readDayJson } from './read-day-json.ts';
import { readNews } from './read-news.ts';
import {
  readCorporateActions,
  readDailyBars,
  readEvents,
  readMinuteBars,
  readSecurities,
  readVolumeProfile,
} from './read-tables.ts';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * Bytes of a file that are text. What editors add unasked (a byte order mark, carriage returns) and
 * bytes that are no UTF-8 are refused, never silently replaced.
 */
const checkText = (content: Buffer, file: string): Buffer => {
  const lineAt = (index: number): number =>
    content.subarray(0, index).reduce((lines, byte) => lines + (byte === LINE_FEED ? 1 : 0), 1);
  const fail = (line: number, was: string, expected: string): never => {
    throw new DayError({ file, line, column: null, was, expected });
  };
  if (content[0] === 0xef && content[1] === 0xbb && content[2] === 0xbf)
    fail(1, 'a byte order mark at its beginning', 'UTF-8 without a byte order mark');
  const carriage = content.indexOf(CARRIAGE_RETURN);
  if (carriage !== -1)
    fail(lineAt(carriage), 'a carriage return', 'lines that end with a line feed alone');
  if (!isUtf8(content)) {
    const text = content.toString('utf8');
    fail(
      text.slice(0, text.indexOf('\ufffd')).split('\n').length,
      'bytes that are none',
      'text in UTF-8',
    );
  }
  return content;
};

/** Larger than any day's file; what says that it is larger is unpacked in pieces. */
const LARGEST_PIECE = 64 * 1_024 * 1_024;

/**
 * Unpacks into one piece of memory: the last four bytes of a gzip file are the length of what it
 * holds (RFC 1952).
 */
const unpack = (content: Buffer): Buffer => {
  const length = content.length >= 4 ? content.readUInt32LE(content.length - 4) : 0;
  return gunzipSync(content, { chunkSize: Math.min(LARGEST_PIECE, length + 1_024) });
};

const readBytes = async (dir: string, file: string): Promise<Buffer> => {
  let content: Buffer;
  try {
    content = await readFile(join(dir, file));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const was =
      code === 'ENOENT' || code === 'ENOTDIR'
        ? 'missing'
        : code === 'EISDIR'
          ? 'a folder'
          : message;
    throw new DayError({
      file: join(dir, file),
      line: null,
      column: null,
      was,
      expected: 'a file of the day',
    });
  }
  if (!file.endsWith('.gz')) return checkText(content, file);
  let unpacked: Buffer;
  try {
    unpacked = unpack(content);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new DayError({
      file: join(dir, file),
      line: null,
      column: null,
      was: code === 'Z_BUF_ERROR' ? 'a file that ends too early' : message,
      expected: 'gzip',
    });
  }
  return checkText(unpacked, file);
};

const readText = async (dir: string, file: string): Promise<string> =>
  (await readBytes(dir, file)).toString('utf8');

/** Smaller buffers may share their memory with others. */
const OWN_MEMORY_BYTES = 1_048_576;

/**
 * Gives a large buffer's memory back at once: an idle program may never come to the collection that
 * would do it.
 */
const giveBack = ({ buffer }: Buffer): void => {
  if (buffer instanceof ArrayBuffer && buffer.byteLength > OWN_MEMORY_BYTES) buffer.transfer(0);
};

/** How much of a large table is text at a time: all of it would take more memory than the day. */
const PIECE_BYTES = 65_536;

/** A large table in pieces of whole lines, each made into text when it is read. */
const readPieces = async (dir: string, file: string): Promise<Iterable<string>> => {
  const content = await readBytes(dir, file);
  return (function* pieces(): Generator<string> {
    for (let from = 0; from < content.length;) {
      const feed = content.indexOf(LINE_FEED, from + PIECE_BYTES);
      const to = feed === -1 ? content.length : feed + 1;
      yield content.toString('utf8', from, to);
      from = to;
    }
    giveBack(content);
  })();
};

/**
 * Reads a day's folder and checks every row; the first fault is thrown as a DayError with file,
 * line, column, what was there and what was expected.
 * `truth.json` is not read: nobody who takes part in the day may know it.
 */
export async function loadDay(dir: string): Promise<Day> {
  const head = readDayJson(await readText(dir, DAY_FILES.day));
  const securities = readSecurities(await readText(dir, DAY_FILES.securities));
  const symbols = new Set(securities.map((security) => security.symbol));
  const hours = sessionHours(head.calendar.find((day) => day.date === head.trade_date)!);
  const minuteBars = readMinuteBars(await readPieces(dir, DAY_FILES.minute_bars), symbols, hours);
  const auctions = existsSync(join(dir, DAY_FILES.auctions))
    ? await readText(dir, DAY_FILES.auctions)
    : null;
  const earlier = new Set(
    head.calendar.filter((day) => day.date < head.trade_date).map((day) => day.date),
  );
  return {
    dir,
    trade_date: head.trade_date,
    kind: head.kind,
    seed: head.seed,
    description: head.description,
    notes: head.notes,
    refused_bars: head.refused_bars,
    calendar: head.calendar,
    securities,
    minute_bars: minuteBars,
    daily_bars: readDailyBars(await readPieces(dir, DAY_FILES.daily_bars), symbols, earlier),
    volume_profile: readVolumeProfile(await readPieces(dir, DAY_FILES.volume_profile), symbols),
    corporate_actions: readCorporateActions(
      await readText(dir, DAY_FILES.corporate_actions),
      symbols,
    ),
    news: readNews(await readText(dir, DAY_FILES.news), symbols, hours.midnight_ms + DAY_MS),
    events: readEvents(await readText(dir, DAY_FILES.events), symbols),
    ...(auctions === null ? {} : { auctions: readAuctions(auctions, minuteBars, hours) }),
  };
}
