import { funnelStages, type FunnelStage, type Scan } from '@catalyst/contracts';
import { byRankAndStage } from '../domain/scan-order.ts';
import type { ResultRow, ScanHead, Store } from '../store.ts';

/**
 * A scan with every stock's stage and reason; the reason of a failed one stands among what degraded
 * it.
 */
export const toScan = (
  {
    scan_id,
    cycle_id,
    phase,
    session_date,
    status,
    started_at,
    completed_at,
    counts,
    degraded,
    error,
  }: ScanHead,
  results: readonly ResultRow[],
): Scan => ({
  scan_id,
  cycle_id,
  phase,
  session_date,
  status,
  started_at,
  completed_at,
  counts: Object.fromEntries(funnelStages.map((stage) => [stage, counts[stage] ?? 0])) as Record<
    FunnelStage,
    number
  >,
  degraded: error === null ? degraded : [...degraded, `the scan failed: ${error}`],
  results: results.toSorted(byRankAndStage),
});

export type ReadScan = (head: ScanHead) => Promise<Scan>;

export const createReadScan =
  (store: Store): ReadScan =>
  async (head) =>
    toScan(head, await store.readResults(head.scan_id));
