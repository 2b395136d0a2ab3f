import type { Scan, ScanResult, scannerApi } from '@catalyst/contracts';
import { stableId } from '@catalyst/domain';
import { AppError, type Database, type Handlers } from '@catalyst/service-kit';
import { patternOf } from './fixture-pattern.ts';
import { nobodyAsks } from './nobody-asks.ts';
import type { Script } from './script.ts';

/** Selects the script's candidates in every scan, which is in the scans table as the real one's. */
export const createFixtureScanner = (
  script: Script,
  database: Database,
  clock: () => string,
): Handlers<typeof scannerApi> => {
  let lastSessionScan: Scan | null = null;
  const selected = (now: string): ScanResult[] =>
    script.candidates.map((symbol, index): ScanResult => ({
      symbol,
      stage: 'ranking',
      passed: true,
      reason: 'selected',
      rank: index + 1,
      composite_score: 0.9 - index / 10,
      catalyst_type: 'earnings',
      catalyst_strength: 0.8,
      sentiment: 0.7,
      article_id: null,
      headline: `${symbol} beats`,
      technical: null,
      pattern: patternOf(symbol, now),
    }));
  return {
    startScan: async ({ body: { cycle_id, scan_id = stableId('scan'), phase, universe_size } }) => {
      const now = clock();
      await database.query(
        "INSERT INTO scans (scan_id, cycle_id, phase, universe_size, status, started_at, completed_at) VALUES ($1, $2, $3, $4, 'complete', $5, $5) ON CONFLICT DO NOTHING",
        [scan_id, cycle_id, phase, universe_size, now],
      );
      const results = selected(now);
      const scan: Scan = {
        scan_id,
        cycle_id,
        phase,
        session_date: null,
        status: 'complete',
        started_at: now,
        completed_at: now,
        counts: {
          universe: 100,
          catalyst: 35,
          technical: 20,
          pattern: 10,
          ranking: results.length,
        },
        degraded: [],
        results,
      };
      return { scan_id, status: 'complete' as const, estimated_completion: now, scan };
    },
    scanLastSession: ({ body: { scan_id, session_date } }) => {
      const now = clock();
      lastSessionScan = {
        scan_id,
        cycle_id: null,
        phase: 'last_session',
        session_date,
        status: 'complete',
        started_at: now,
        completed_at: now,
        counts: { universe: 0, catalyst: 0, technical: 0, pattern: 0, ranking: 0 },
        degraded: [],
        results: selected(now),
      };
      return lastSessionScan;
    },
    showLastSessionScan: () => {
      if (!lastSessionScan) throw new AppError('NOT_FOUND', 'no session was scanned yet');
      return lastSessionScan;
    },
    showLatestScan: nobodyAsks,
    showScan: nobodyAsks,
    showCandidate: nobodyAsks,
  };
};
