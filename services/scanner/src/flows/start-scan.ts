import { UNIVERSE_SIZE, type Scan } from '@catalyst/contracts';
import { later, stableId } from '@catalyst/domain';
import { AppError, type Clock, type EventBus, type Log } from '@catalyst/service-kit';
import type { ScanHead, Store } from '../store.ts';
import type { RunFunnel } from './run-funnel.ts';
import { toScan, type ReadScan } from './read-scan.ts';

/** The design's budget of a whole scan. */
const SCAN_BUDGET_MS = 15_000;

interface Deps {
  store: Store;
  clock: Clock;
  bus: EventBus;
  log: Log;
  runFunnel: RunFunnel;
  readScan: ReadScan;
}
type WantedScan = Pick<ScanHead, 'cycle_id' | 'phase' | 'session_date' | 'universe_size'> & {
  scan_id?: string | undefined;
};
interface ScanRequest extends WantedScan {
  wait: boolean;
}
export interface ScanAnswer {
  scan_id: string;
  status: Scan['status'];
  estimated_completion: string;
  scan: Scan | null;
}

const checkUniverseSize = (size: number): void => {
  const { min, max } = UNIVERSE_SIZE;
  if (!Number.isInteger(size) || size < min || size > max)
    throw new AppError('INVALID_UNIVERSE_SIZE', `Universe size must be between ${min} and ${max}`, {
      provided: size,
      min,
      max,
    });
};

/**
 * Scans once per scan_id: a scan that ended is answered from what is stored, one that runs is
 * waited for, and one that a dead process left behind is done again. Results, counts and the event
 * are one transaction. A service that cannot be asked fails the scan, with the reason.
 */
export const createStartScan = ({ store, clock, bus, log, runFunnel, readScan }: Deps) => {
  const running = new Map<string, Promise<Scan | null>>();

  /** @returns the scan as it is stored now; null where it did not end here */
  const perform = async (head: ScanHead): Promise<Scan | null> => {
    let outcome;
    try {
      outcome = await runFunnel(head);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      log.error('scan_failed', { scan_id: head.scan_id, code: error.code, reason: error.message });
      await store.failScan(head.scan_id, `${error.code}: ${error.message}`, clock.now());
      return null;
    }
    const { results, counts, degraded, universe } = outcome;
    const at = clock.now();
    return store.transaction(async (tx) => {
      const completion = { counts, degraded, universe, at };
      const ended = await store.completeScan(tx, head.scan_id, completion);
      if (!ended) return null;
      await store.saveResults(tx, head.scan_id, results);
      const symbols = results.filter((result) => result.passed).map((result) => result.symbol);
      // a scan without a cycle is nobody's news: it changes no day in hand
      if (head.cycle_id !== null)
        bus.stage(tx, 'catalyst:scan_complete', {
          cycle_id: head.cycle_id,
          scan_id: head.scan_id,
          candidates_count: symbols.length,
          symbols,
          timestamp: at,
        });
      return toScan(ended, results);
    });
  };

  const performOnce = (head: ScanHead): Promise<Scan | null> => {
    const earlier = running.get(head.scan_id);
    if (earlier) return earlier;
    const work = perform(head).finally(() => running.delete(head.scan_id));
    running.set(head.scan_id, work);
    return work;
  };

  /** The scan's own row, made by whoever asks first. */
  const openScan = async ({
    cycle_id,
    phase,
    session_date,
    universe_size,
    scan_id: given,
  }: WantedScan): Promise<ScanHead> => {
    const now = clock.now();
    const scanId = given ?? stableId('scan', cycle_id ?? session_date!, phase, now);
    const head =
      (await store.addScan({
        scan_id: scanId,
        cycle_id,
        phase,
        session_date,
        universe_size,
        started_at: now,
      })) ?? (await store.readHead(scanId));
    if (!head) throw new AppError('NOT_FOUND', `there is no cycle ${cycle_id}`, { cycle_id });
    if (
      head.cycle_id !== cycle_id ||
      head.phase !== phase ||
      head.session_date !== session_date ||
      head.universe_size !== universe_size
    ) {
      throw new AppError(
        'INVALID_REQUEST',
        `scan ${scanId} was started with other values: give a changed scan a new id`,
        { cycle_id: head.cycle_id, phase: head.phase, universe_size: head.universe_size },
      );
    }
    return head;
  };

  return {
    startScan: async (request: ScanRequest): Promise<ScanAnswer> => {
      checkUniverseSize(request.universe_size);
      let head = await openScan(request);
      let scan: Scan | null = null;
      if (head.status === 'started') {
        const work = performOnce(head);
        if (request.wait) {
          scan = await work;
          if (!scan) head = (await store.readHead(head.scan_id))!;
        } else
          work.catch((error: unknown) =>
            log.error('scan_crashed', { scan_id: head.scan_id, error }),
          );
      }
      return {
        scan_id: head.scan_id,
        status: scan?.status ?? head.status,
        estimated_completion: later(head.started_at, SCAN_BUDGET_MS),
        scan: scan ?? (head.status === 'started' ? null : await readScan(head)),
      };
    },
    /** Lets what runs come to its end. */
    stop: async (): Promise<void> => void (await Promise.allSettled(running.values())),
  };
};
