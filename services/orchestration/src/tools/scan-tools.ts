import type { ScanResult } from '@catalyst/contracts';
import { z } from 'zod';
import { shortResult, shownResult } from '../domain/shown-numbers.ts';
import { count, newYork } from '../domain/wording.ts';
import type { Services } from '../services.ts';
import { defineTool, READS, tickerInput } from './tool.ts';

const number = (value: number | null, digits = 2): string =>
  value === null ? 'n/a' : value.toFixed(digits);

const line = (result: ScanResult): string =>
  [
    `${result.rank === null ? '-' : `${result.rank}.`} ${result.symbol}`,
    result.passed ? `score ${number(result.composite_score)}` : `ended at ${result.stage}`,
    `catalyst ${result.catalyst_type ?? 'none'} ${number(result.catalyst_strength)}`,
    `sentiment ${number(result.sentiment)}`,
    result.pattern
      ? `${result.pattern.pattern} entry ${result.pattern.entry} stop ${result.pattern.stop} target ${result.pattern.target}`
      : 'no pattern',
  ].join(', ');
const quotes = (results: readonly ScanResult[]): string[] =>
  results.flatMap(({ symbol, reason, headline }) => [
    `${symbol} reason: ${reason}`,
    ...(headline === null ? [] : [`${symbol} headline: ${headline}`]),
  ]);

export const createScanTools = ({ scanner }: Pick<Services, 'scanner'>) => [
  defineTool({
    name: 'get_scan_results',
    title: 'Show the last market scan',
    description:
      'The last complete scan: how many stocks passed each stage, and the candidates with score, catalyst, pattern and why; get_candidate_analysis has the rest of one. include: "all" adds the stocks that were left out, with the reason.',
    input: z.strictObject({
      include: z.enum(['candidates', 'all']).default('candidates'),
      limit: z.int().min(1).max(200).default(20),
      cycle_id: z.uuid().optional().describe('The current cycle when left out'),
    }),
    annotations: READS,
    run: async ({ include, limit, cycle_id }) => {
      const { results, ...scan } = await scanner.showLatestScan({
        query: cycle_id ? { cycle_id } : {},
      });
      const wanted = results.filter((result) => include === 'all' || result.passed);
      const shown = wanted.slice(0, limit).map(shownResult);
      const head = `${scan.phase} scan of ${newYork(scan.completed_at ?? scan.started_at)}: ${Object.entries(
        scan.counts,
      )
        .map(([stage, passed]) => `${stage} ${passed}`)
        .join(', ')}.`;
      return {
        text: [
          head,
          ...(scan.degraded.length > 0 ? [`Degraded: ${scan.degraded.join('; ')}.`] : []),
          `${count(shown.length, 'stock')} of ${wanted.length} shown.`,
          ...shown.map(line),
        ].join('\n'),
        data: { scan, results: shown.map(shortResult), total: wanted.length },
        quotes: quotes(shown),
        untrusted_fields: ['reason'],
      };
    },
  }),
  defineTool({
    name: 'get_candidate_analysis',
    title: 'Analyze one candidate',
    description:
      'What the last scan said of one stock: stage, reason, catalyst, indicators, pattern with entry, stop and target.',
    input: z.strictObject({ symbol: tickerInput }),
    annotations: READS,
    run: async ({ symbol }) => {
      const found = await scanner.showCandidate({ params: { symbol } });
      const { scan_id, completed_at } = found;
      const result = shownResult(found.result);
      const { technical } = result;
      return {
        text: [
          `As of the scan of ${newYork(completed_at)}:`,
          line(result),
          technical
            ? `last ${number(technical.last_price)}, relative volume ${number(technical.relative_volume)}, RSI ${number(technical.indicators.rsi_14, 1)}, ATR ${number(technical.indicators.atr_14)}`
            : 'It did not reach the technical stage.',
        ].join('\n'),
        data: { scan_id, completed_at, result },
        quotes: quotes([result]),
        untrusted_fields: ['reason'],
      };
    },
  }),
];
