import {
  funnelStages,
  scan as fullScan,
  scanResult,
  symbolStory,
  type ScanResult,
} from '@catalyst/contracts';
import { symbol as symbolSchema } from '@catalyst/domain';
import { z } from 'zod';
import { CANDIDATES, URI } from '../domain/affected-resources.ts';
import { moreLines, pageOf } from './paging.ts';
import { decisionRuns, scanRuns, storyLines, storyQuotes } from '../domain/story-words.ts';
import { count, newYork, percent, price } from '../domain/wording.ts';
import type { Services } from '../services.ts';
import { fixedView, templateView } from './resource-view.ts';
import { cursorInput, defineTool, READS, tickerInput } from './tool.ts';

const number = (value: number | null | undefined, digits = 2): string =>
  value === null || value === undefined ? 'n/a' : value.toFixed(digits);

const line = (result: ScanResult): string =>
  [
    `${result.rank === null ? '-' : `${result.rank}.`} ${result.symbol}`,
    result.passed ? `score ${number(result.composite_score)}` : `ended at ${result.stage}`,
    `catalyst ${result.catalyst_type ?? 'none'} ${number(result.catalyst_strength)}`,
    `sentiment ${number(result.sentiment)}`,
    result.pattern
      ? `${result.pattern.pattern} entry ${price(result.pattern.entry)} stop ${price(result.pattern.stop)} target ${price(result.pattern.target)}`
      : 'no pattern',
    ...(result.passed ? [] : [result.reason]),
  ].join(', ');
const quotes = (results: readonly ScanResult[]): string[] =>
  results.flatMap(({ symbol, headline }) =>
    headline === null ? [] : [`${symbol} headline: ${headline}`],
  );

const number4 = z.number().nullable();
/** What a list of stocks needs of each; the whole of one is get_candidate_analysis's. */
const shortResult = scanResult
  .omit({ technical: true, pattern: true, article_id: true, reason: true })
  .extend({
    reason: z.string().optional(),
    last_price: number4,
    relative_volume: number4,
    gap_ratio: number4,
    pattern: z
      .object({
        name: z.string(),
        timeframe: z.string(),
        confidence: z.number(),
        entry: z.number(),
        stop: z.number(),
        target: z.number(),
      })
      .nullable(),
  });
const toShortResult = ({ technical, pattern, reason, ...rest }: ScanResult) => ({
  ...rest,
  ...(!rest.passed && { reason }),
  last_price: technical?.last_price ?? null,
  relative_volume: technical?.relative_volume ?? null,
  gap_ratio: technical?.gap_ratio ?? null,
  pattern: pattern && { ...pattern, name: pattern.pattern },
});

const candidateView = scanResult.omit({ article_id: true, technical: true, pattern: true }).extend({
  technical: scanResult.shape.technical.unwrap().omit({ symbol: true }).nullable(),
  pattern: scanResult.shape.pattern.unwrap().omit({ symbol: true, evidence: true }).nullable(),
});

/** Rows of each kind that a story tells, and that its structure has beside the words. */
const STORY_ROWS = 5;
const DATA_ROWS = 2;
const run = z.object({
  from: z.string(),
  to: z.string(),
  reason: z.string(),
});
const shownStory = z.object({
  symbol: symbolSchema,
  name: symbolStory.shape.name,
  trade_date: z.string(),
  verdict: z.string(),
  scans: z.array(run.extend({ scans: z.int(), stage: z.enum(funnelStages), passed: z.boolean() })),
  decisions: z.array(run.extend({ times: z.int(), kind: z.string(), outcome: z.string() })),
  orders: z.array(
    symbolStory.shape.orders.element
      .pick({
        client_order_id: true,
        role: true,
        side: true,
        qty: true,
        status: true,
        filled_qty: true,
        filled_avg_price: true,
        limit_price: true,
        stop_price: true,
      })
      .extend({ reason: symbolStory.shape.orders.element.shape.reason }),
  ),
  positions: z.array(
    symbolStory.shape.positions.element.pick({
      position_id: true,
      status: true,
      qty: true,
      entry_price: true,
      exit_price: true,
      exit_reason: true,
      realized_pnl_usd: true,
      unrealized_pnl_usd: true,
      r_multiple: true,
    }),
  ),
  news: z.array(
    symbolStory.shape.news.element.pick({
      headline: true,
      first_seen_at: true,
      catalyst_type: true,
      catalyst_strength: true,
      sentiment: true,
    }),
  ),
  afterwards: symbolStory.shape.afterwards,
});

/** What the funnel found, and everything about one stock. */
export const createScanTools = ({
  scanner,
  reporting,
}: Pick<Services, 'scanner' | 'reporting'>) => [
  defineTool({
    name: 'get_scan_results',
    title: 'Show the last market scan',
    description:
      'The last complete market scan: how many stocks passed each stage of the funnel, and the candidates with score, catalyst, pattern, entry, stop and target. include: "all" adds the stocks that were left out, with the reason.',
    scope: 'read',
    input: z.strictObject({
      include: z.enum(['candidates', 'all']).default('candidates'),
      limit: z.int().min(1).max(25).default(10),
      cursor: cursorInput,
      cycle_id: z.uuid().optional().describe('The current session when left out'),
    }),
    output: z.object({
      scan: fullScan.omit({ results: true, cycle_id: true, started_at: true, status: true }),
      results: z.array(shortResult),
      total: z.int(),
      next: z.string().nullable(),
    }),
    annotations: READS,
    resources: [
      fixedView(URI.scan, {
        name: 'latest-market-scan',
        title: 'Latest market scan',
        description: 'The last complete scan: how many passed each stage, and the candidates.',
      }),
    ],
    run: async ({ include, limit, cursor, cycle_id }) => {
      const { results, ...scan } = await scanner.showLatestScan({
        query: cycle_id ? { cycle_id } : {},
      });
      const wanted = results.filter((result) => include === 'all' || result.passed);
      const page = pageOf(wanted, {
        list: `scan ${include} ${scan.scan_id.slice(0, 8)}`,
        limit,
        cursor,
      });
      const done_at = scan.completed_at ?? scan.started_at;
      return {
        text: [
          `${scan.phase.replaceAll('_', ' ')} scan of ${newYork(done_at)}: ${Object.entries(
            scan.counts,
          )
            .map(([stage, passed]) => `${stage} ${passed}`)
            .join(', ')}.`,
          ...(scan.degraded.length > 0 ? [`Degraded: ${scan.degraded.join('; ')}.`] : []),
          `${count(page.shown.length, 'stock')} of ${page.total} shown.`,
          ...page.shown.map(line),
          ...moreLines(page),
        ].join('\n'),
        data: {
          scan,
          results: page.shown.map(toShortResult),
          total: page.total,
          next: page.next,
        },
        quotes: quotes(page.shown),
        as_of: done_at,
      };
    },
  }),
  defineTool({
    name: 'get_candidate_analysis',
    title: 'Analyze one candidate',
    description:
      'What the last scan said of one stock: stage, reason, catalyst, indicators (RSI, ATR, moving averages), relative volume, pattern with entry, stop and target. For the whole day of a stock: explain_symbol.',
    scope: 'read',
    input: z.strictObject({ symbol: tickerInput }),
    output: z.object({ scan_id: z.string(), completed_at: z.string(), result: candidateView }),
    annotations: READS,
    resources: [
      templateView(
        `${CANDIDATES}{symbol}`,
        {
          name: 'market-scan-candidate',
          title: 'One candidate',
          description: 'What the last scan said of one stock.',
        },
        tickerInput,
      ),
    ],
    run: async ({ symbol }) => {
      const { scan_id, completed_at, result } = await scanner.showCandidate({ params: { symbol } });
      const { technical } = result;
      return {
        text: [
          line(result),
          ...(result.passed ? [`Why: ${result.reason}.`] : []),
          technical
            ? `last ${price(technical.last_price)}, gap ${technical.gap_ratio === null ? 'n/a' : percent(technical.gap_ratio, 1)}, relative volume ${number(technical.relative_volume)}, RSI ${number(technical.indicators.rsi_14, 1)}, ATR ${number(technical.indicators.atr_14)}`
            : 'It did not reach the technical stage.',
        ].join('\n'),
        data: { scan_id, completed_at, result },
        quotes: quotes([result]),
        as_of: completed_at,
      };
    },
  }),
  defineTool({
    name: 'explain_symbol',
    title: 'Explain one stock',
    description:
      'Everything the desk did about one stock on a day, and why: how far each scan let it come, decisions, what risk said, orders, how its stop moved, fills, how it ended, and what it did after it was sold. Answers "why did we buy, not buy or sell X?" and "what happened to its stop?".',
    scope: 'read',
    input: z.strictObject({
      symbol: tickerInput,
      trade_date: z.iso
        .date()
        .optional()
        .describe('New York date; the latest session when left out'),
    }),
    output: shownStory,
    annotations: READS,
    resources: [
      templateView(
        URI.story('{symbol}'),
        {
          name: 'story-of-a-stock',
          title: 'Story of a stock',
          description: 'One stock over the latest session, from the headlines to the result.',
        },
        tickerInput,
      ),
    ],
    run: async ({ symbol, trade_date }) => {
      const story = await reporting.tellStory({
        params: { symbol },
        query: { ...(trade_date && { trade_date }) },
      });
      return {
        text: [
          `${symbol} on ${story.trade_date}: ${story.verdict}`,
          ...storyLines(story, STORY_ROWS),
        ].join('\n'),
        data: {
          ...story,
          scans: scanRuns(story.scans).slice(-DATA_ROWS),
          decisions: decisionRuns(story.decisions).slice(-DATA_ROWS),
          orders: story.orders.slice(-DATA_ROWS),
          news: story.news.filter(({ is_repeat }) => !is_repeat).slice(-3),
        },
        quotes: storyQuotes(story, 3),
      };
    },
  }),
];
