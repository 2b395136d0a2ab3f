import { z } from 'zod';
import type { DayNews } from './day.ts';
import { DayError } from './day-error.ts';
import { DAY_FILES } from './day-files.ts';
import { describeIssue } from './describe-issue.ts';
import { findRepeatedKey } from './repeated-key.ts';

const instant = z.iso.datetime();

const articleSchema = z.strictObject({
  id: z.int().positive(),
  created_at: instant,
  updated_at: instant,
  headline: z.string().min(1),
  summary: z.string(),
  content: z.string(),
  author: z.string(),
  source: z.string().min(1),
  url: z.string(),
  symbols: z.array(z.string()),
});

/**
 * Reads `news.jsonl`: one article a line, oldest first; a repeated id, an unknown symbol, a wrong
 * instant or one from `endMs` on, when the date is over, is refused.
 */
export const readNews = (
  text: string,
  symbols: ReadonlySet<string>,
  endMs: number,
  file: string = DAY_FILES.news,
): DayNews[] => {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const articles: DayNews[] = [];
  const ids = new Map<number, number>();
  lines.forEach((content, index) => {
    const line = index + 1;
    const fail = (column: string | null, was: string, expected: string): never => {
      throw new DayError({ file, line, column, was, expected });
    };
    let value: unknown;
    try {
      value = JSON.parse(content);
    } catch (error) {
      return fail(null, (error as Error).message, 'one JSON object a line');
    }
    const repeated = findRepeatedKey(content);
    if (repeated) fail(repeated.key, 'a second one', 'each field once');
    const parsed = articleSchema.safeParse(value);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      const key = String(
        issue?.path[0] ?? (issue?.code === 'unrecognized_keys' ? issue.keys[0] : ''),
      );
      const was =
        typeof value === 'object' && value !== null && key in value
          ? JSON.stringify((value as Record<string, unknown>)[key])
          : 'missing';
      return fail(
        issue?.path.map(String).join('.') || key || null,
        was.slice(0, 120),
        issue ? describeIssue(issue) : 'an article',
      );
    }
    const article = parsed.data;
    const before = ids.get(article.id);
    if (before !== undefined)
      fail('id', `${article.id}, already used in line ${before}`, 'an id of its own');
    ids.set(article.id, line);
    const last = articles.at(-1);
    if (last && Date.parse(article.created_at) < Date.parse(last.created_at))
      fail(
        'created_at',
        article.created_at,
        `an instant not before line ${line - 1}'s ${last.created_at}`,
      );
    if (Date.parse(article.created_at) >= endMs)
      fail(
        'created_at',
        article.created_at,
        `an instant before the end of the trade date, ${new Date(endMs).toISOString()}`,
      );
    if (Date.parse(article.updated_at) < Date.parse(article.created_at))
      fail(
        'updated_at',
        article.updated_at,
        `an instant not before created_at ${article.created_at}`,
      );
    for (const symbol of article.symbols)
      if (!symbols.has(symbol)) fail('symbols', symbol, 'a symbol that securities.csv lists');
    articles.push(article);
  });
  return articles;
};
