import { catalystType, instant, symbol } from '@catalyst/domain';
import { z } from 'zod';
import { detectedPattern } from './pattern.ts';
import { route } from './route.ts';
import { scanPhase, technicalSnapshot } from './technical.ts';

export const funnelStages = ['universe', 'catalyst', 'technical', 'pattern', 'ranking'] as const;
export const funnelStage = z.enum(funnelStages);
export type FunnelStage = z.infer<typeof funnelStage>;

/** What became of one stock in one scan. */
export const scanResult = z.object({
  symbol,
  /** The last stage it entered. */
  stage: funnelStage,
  passed: z.boolean(),
  /** Why it ended there, or why it was selected, with the numbers. */
  reason: z.string(),
  rank: z.int().nullable(),
  composite_score: z.number().nullable(),
  catalyst_type: catalystType.nullable(),
  catalyst_strength: z.number().nullable(),
  sentiment: z.number().nullable(),
  article_id: z.string().nullable(),
  headline: z.string().nullable(),
  technical: technicalSnapshot.nullable(),
  pattern: detectedPattern.nullable(),
});
export type ScanResult = z.infer<typeof scanResult>;

export const scan = z.object({
  scan_id: z.uuid(),
  cycle_id: z.uuid(),
  phase: scanPhase,
  status: z.enum(['started', 'complete', 'failed']),
  started_at: instant,
  completed_at: instant.nullable(),
  /** How many stocks passed each stage. */
  counts: z.record(funnelStage, z.int()),
  degraded: z.array(z.string()),
  results: z.array(scanResult),
});
export type Scan = z.infer<typeof scan>;

/**
 * Bounds of `universe_size`; outside them the scanner answers INVALID_UNIVERSE_SIZE with details {
 * provided, min, max }.
 */
export const UNIVERSE_SIZE = { min: 50, max: 200, default: 100 } as const;

export const scannerApi = {
  startScan: route('POST', '/api/v1/scan/start', {
    summary:
      'Starts the funnel and answers at once; with wait: true it answers when the scan is complete. The same scan_id is scanned once.',
    body: z.strictObject({
      cycle_id: z.uuid(),
      universe_size: z.number().default(UNIVERSE_SIZE.default),
      phase: scanPhase.default('pre_market'),
      scan_id: z.uuid().optional(),
      wait: z.boolean().default(false),
    }),
    response: z.object({
      scan_id: z.uuid(),
      status: z.enum(['started', 'complete', 'failed']),
      estimated_completion: instant,
      scan: scan.nullable().default(null),
    }),
    repeatable: true,
  }),
  showLatestScan: route('GET', '/api/v1/scans/latest', {
    summary: "The last complete scan, with every stock's stage and reason.",
    query: z.strictObject({ cycle_id: z.uuid().optional() }),
    response: scan,
  }),
  showScan: route('GET', '/api/v1/scans/:scan_id', {
    summary: 'One scan.',
    params: z.object({ scan_id: z.uuid() }),
    response: scan,
  }),
  showCandidate: route('GET', '/api/v1/candidates/:symbol', {
    summary: 'What the last scan said of one stock.',
    params: z.object({ symbol }),
    response: z.object({ scan_id: z.uuid(), completed_at: instant, result: scanResult }),
  }),
};
