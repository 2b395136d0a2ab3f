import type { DetectedPattern, ScanPhase } from '@catalyst/contracts';
import { stableId, toTimeId, type TradeDate } from '@catalyst/domain';
import type { Clock } from '@catalyst/service-kit';
import { detectPatterns as detect } from '../domain/detect-patterns.ts';
import type { Pattern } from '../domain/pattern.ts';
import type { PatternRow, Store } from '../store.ts';
import type { ReadCharts } from './read-charts.ts';

export const toDetected = (symbol: string, found: Pattern, at: string): DetectedPattern => ({
  symbol,
  pattern: found.pattern,
  timeframe: found.timeframe,
  confidence: found.confidence,
  level: found.level,
  entry: found.entry,
  stop: found.stop,
  target: found.target,
  reward_to_risk: found.reward_to_risk,
  evidence: {
    ...found.evidence,
    stop_basis: found.stop_basis,
    ...Object.fromEntries(
      Object.entries(found.confidence_parts).map(([part, value]) => [`part_${part}`, value]),
    ),
  },
  detected_at: at,
});

interface Deps {
  store: Store;
  clock: Clock;
  /** Of the day at hand, or of a session that is over. */
  chartsOf(session_date: TradeDate | undefined): ReadCharts;
}

/**
 * Patterns as of now, best first within a symbol; kept as rows, one for each pattern and the bar it
 * was last read from.
 */
export const createDetectPatterns =
  ({ store, clock, chartsOf }: Deps) =>
  async (
    symbols: readonly string[],
    phase: ScanPhase,
    session_date?: TradeDate,
  ): Promise<DetectedPattern[]> => {
    const now = clock.now();
    const rows: PatternRow[] = [];
    for (const [symbol, chart] of await chartsOf(session_date)(symbols)) {
      // a session that is over is read as of its end
      const as_of_time_id = Math.min(toTimeId(now), chart.session.close_time_id);
      for (const found of detect({ ...chart, as_of_time_id })) {
        rows.push({
          ...toDetected(symbol, found, now),
          pattern_id: stableId(
            'pattern',
            symbol,
            found.pattern,
            found.timeframe,
            found.to_time_id,
            phase,
          ),
          time_id: found.to_time_id,
        });
      }
    }
    await store.savePatterns(rows, phase, now);
    return rows.map(({ pattern_id: _, time_id: __, ...pattern }) => pattern);
  };
