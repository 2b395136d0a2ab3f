import { valueAt } from '@catalyst/domain';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { DayError } from '../day-error.ts';
import { describeIssue } from '../describe-issue.ts';
import { quoteValue } from '../quote-value.ts';

/**
 * Reads one answer; what is wrong with it is a DayError with the file and, as its column, the JSON
 * path (`bars.AAPL.17.h`).
 */
export const readRaw = async <S extends z.ZodType>(
  dir: string,
  file: string,
  schema: S,
): Promise<z.output<S>> => {
  let text: string;
  try {
    text = await readFile(join(dir, file), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new DayError({
      file: join(dir, file),
      line: null,
      column: null,
      was: 'missing',
      expected: 'an answer of Alpaca',
    });
  }
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw new DayError({
      file: join(dir, file),
      line: null,
      column: null,
      was: (error as Error).message,
      expected: 'JSON',
    });
  }
  const parsed = schema.safeParse(content);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const path = issue?.path ?? [];
  throw new DayError({
    file: join(dir, file),
    line: null,
    column: path.map(String).join('.') || null,
    was: quoteValue(valueAt(content, path)),
    expected: issue ? describeIssue(issue) : 'an answer of Alpaca',
  });
};

/** The JSON files of a folder below `dir`, in the order of their names. */
export const listRaw = async (dir: string, folder: string): Promise<string[]> => {
  let names: string[];
  try {
    names = await readdir(join(dir, folder));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new DayError({
      file: join(dir, folder),
      line: null,
      column: null,
      was: 'missing',
      expected: 'a folder of answers of Alpaca',
    });
  }
  return names
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => `${folder}/${name}`);
};

/**
 * `news/0-0003.json` is the third page of the first list; the pages of a list follow each other by
 * name.
 */
const listOf = (file: string): string => file.replace(/-?\d*\.json$/, '');

/**
 * Visits the pages of a folder in order. A list whose last page names a page after it is incomplete
 * and refused.
 */
export const visitPages = async <
  S extends z.ZodType<{ next_page_token?: string | null | undefined }>,
>(
  dir: string,
  folder: string,
  schema: S,
  visit: (page: z.output<S>, file: string) => void,
): Promise<void> => {
  const files = await listRaw(dir, folder);
  for (const [index, file] of files.entries()) {
    const page = await readRaw(dir, file, schema);
    visit(page, join(dir, file));
    const next = files[index + 1];
    if (page.next_page_token && (next === undefined || listOf(next) !== listOf(file))) {
      throw new DayError({
        file: join(dir, file),
        line: null,
        column: 'next_page_token',
        was: quoteValue(page.next_page_token),
        expected: 'null on the last page of a list, or the page after it',
      });
    }
  }
};
