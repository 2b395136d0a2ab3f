import { calendarDay, valueAt } from '@catalyst/domain';
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { DAY_FORMAT } from './day.ts';
import { DayError } from './day-error.ts';
import { DAY_FILES } from './day-files.ts';
import { describeIssue } from './describe-issue.ts';
import { findRepeatedKey } from './repeated-key.ts';
import { quoteValue } from './quote-value.ts';

const refusedBar = z.strictObject({
  symbol: z.string(),
  minute: z.int(),
  open: z.number(),
  high: z.number(),
  low: z.number(),
  close: z.number(),
  volume: z.number(),
  reason: z.string(),
});

const CLOCK_TIME = /^([01]\d|2[0-3]):[0-5]\d$/;
const clockTime = z
  .string()
  .refine((text) => CLOCK_TIME.test(text), 'a time from 00:00 to 23:59 such as 16:00');

const daySchema = z.strictObject({
  format: z.literal(DAY_FORMAT),
  trade_date: z.iso.date(),
  kind: z.enum(['generated', 'imported']),
  seed: z.int().min(0),
  description: z.string(),
  notes: z.array(z.string()),
  refused_bars: z.array(refusedBar),
  calendar: z
    .array(calendarDay.extend({ open: clockTime, close: clockTime }))
    .min(1, 'at least one session'),
});
export type DayJson = z.infer<typeof daySchema>;

/** JSON is YAML, and the YAML reader remembers where each value stood. */
const lineOf = (text: string, path: readonly PropertyKey[]): number | null => {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, keepSourceTokens: true });
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true) as
      { range?: [number, number, number] } | undefined;
    if (node?.range) return lineCounter.linePos(node.range[0]).line;
  }
  return null;
};

/**
 * Reads and checks `day.json`: another format number, a wrong value, a calendar out of order or
 * without the trading date is refused.
 */
export const readDayJson = (text: string, file: string = DAY_FILES.day): DayJson => {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    const place = parseDocument(text).errors[0]?.linePos?.[0].line ?? null;
    throw new DayError({
      file,
      line: place,
      column: null,
      was: (error as Error).message,
      expected: 'JSON',
    });
  }
  const repeated = findRepeatedKey(text);
  if (repeated)
    throw new DayError({
      file,
      line: text.slice(0, repeated.index).split('\n').length,
      column: repeated.key,
      was: 'a second one',
      expected: 'each field once',
    });
  const parsed = daySchema.safeParse(content);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const path = [
      ...(issue?.path ?? []),
      ...(issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : []),
    ];
    const expected =
      path[0] === 'format'
        ? `format ${DAY_FORMAT}, the only one this version reads`
        : issue
          ? describeIssue(issue)
          : 'a valid day';
    throw new DayError({
      file,
      line: lineOf(text, path),
      column: path.map(String).join('.') || null,
      was: quoteValue(valueAt(content, path)),
      expected,
    });
  }
  const { calendar, trade_date: tradeDate } = parsed.data;
  calendar.forEach((day, index) => {
    const earlier = calendar[index - 1];
    const fail = (column: 'date' | 'close', expected: string): never => {
      const path = ['calendar', index, column];
      throw new DayError({
        file,
        line: lineOf(text, path),
        column: path.join('.'),
        was: quoteValue(day[column]),
        expected,
      });
    };
    if (earlier && earlier.date >= day.date) fail('date', `a date after ${earlier.date}`);
    if (day.close <= day.open) fail('close', `a time after the open ${day.open}`);
  });
  if (!calendar.some((day) => day.date === tradeDate)) {
    throw new DayError({
      file,
      line: lineOf(text, ['trade_date']),
      column: 'trade_date',
      was: quoteValue(tradeDate),
      expected: 'a date of the calendar',
    });
  }
  return parsed.data;
};
