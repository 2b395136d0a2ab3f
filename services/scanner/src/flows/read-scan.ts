import { funnelStages, type FunnelStage, type Scan } from '@catalyst/contracts';
import type { ScanHead, Store } from '../store.ts';

export type ReadScan = (head: ScanHead) => Promise<Scan>;

/**
 * A scan with every stock's stage and reason; the reason of a failed one stands among what degraded
 * it.
 */
export const createReadScan =
  (store: Store): ReadScan =>
  async ({
    scan_id,
    cycle_id,
    phase,
    status,
    started_at,
    completed_at,
    counts,
    degraded,
    error,
  }) => ({
    scan_id,
    cycle_id,
    phase,
    status,
    started_at,
    completed_at,
    counts: Object.fromEntries(funnelStages.map((stage) => [stage, counts[stage] ?? 0])) as Record<
      FunnelStage,
      number
    >,
    degraded: error === null ? degraded : [...degraded, `the scan failed: ${error}`],
    results: await store.readResults(scan_id),
  });
