import { catalystType, instant, symbol, tradeDate } from '@catalyst/domain';
import { z } from 'zod';
import { outsideText } from './outside-text.ts';
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
  headline: outsideText.nullable(),
  technical: technicalSnapshot.nullable(),
  pattern: detectedPattern.nullable(),
});
export type ScanResult = z.infer<typeof scanResult>;

/** What a scan is of: the day before its open, the day in its session, or a session that is over. */
export const scanKind = z.enum([...scanPhase.options, 'last_session']);
export type ScanKind = z.infer<typeof scanKind>;

export const scan = z.object({
  scan_id: z.uuid(),
  /** Null for a scan of the last session, which can be neither proposed nor entered. */
  cycle_id: z.uuid().nullable(),
  phase: scanKind,
  /** The session that was scanned when it was over; null for a scan of a cycle. */
  session_date: tradeDate.nullable().default(null),
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
    summary: "The last complete scan of a cycle, with every stock's stage and reason.",
    query: z.strictObject({ cycle_id: z.uuid().optional() }),
    response: scan,
  }),
  scanLastSession: route('POST', '/api/v1/scans/last-session', {
    summary:
      'Scans a session that is over: a scan without a cycle, which no answer takes for a day in hand.',
    body: z.strictObject({
      session_date: tradeDate,
      universe_size: z.number().default(UNIVERSE_SIZE.default),
      scan_id: z.uuid(),
    }),
    response: scan,
    repeatable: true,
  }),
  showLastSessionScan: route('GET', '/api/v1/scans/last-session', {
    summary: 'The last complete scan that was made of a session after its end.',
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
