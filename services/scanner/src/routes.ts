import type { scannerApi } from '@catalyst/contracts';
import { AppError, type Clock, type Handlers } from '@catalyst/service-kit';
import type { ReadScan } from './flows/read-scan.ts';
import type { createStartScan } from './flows/start-scan.ts';
import type { ScanHead, Store } from './store.ts';

interface Deps {
  store: Store;
  clock: Clock;
  startScan: ReturnType<typeof createStartScan>['startScan'];
  readScan: ReadScan;
}

export const createRoutes = ({
  store,
  clock,
  startScan,
  readScan,
}: Deps): Handlers<typeof scannerApi> => {
  const readLatestHead = async (cycleId: string | null): Promise<ScanHead> => {
    const head = await store.readLatestHead(cycleId, clock.latest());
    if (!head)
      throw new AppError(
        'NOT_FOUND',
        cycleId === null
          ? 'there is no complete scan yet'
          : `there is no complete scan of cycle ${cycleId} yet`,
      );
    return head;
  };
  return {
    startScan: ({ body }) => startScan({ ...body, session_date: null }),
    scanLastSession: async ({ body }) => {
      const { scan } = await startScan({
        ...body,
        cycle_id: null,
        phase: 'last_session',
        wait: true,
      });
      return scan!;
    },
    showLastSessionScan: async () => {
      const head = await store.readLastSessionHead();
      if (!head) throw new AppError('NOT_FOUND', 'no session was scanned after its end yet');
      return readScan(head);
    },
    showLatestScan: async ({ query }) => readScan(await readLatestHead(query.cycle_id ?? null)),
    showScan: async ({ params }) => {
      const head = await store.readHead(params.scan_id);
      if (!head)
        throw new AppError('NOT_FOUND', `there is no scan ${params.scan_id}`, {
          scan_id: params.scan_id,
        });
      return readScan(head);
    },
    showCandidate: async ({ params }) => {
      const head = await readLatestHead(null);
      const result = await store.readResult(head.scan_id, params.symbol);
      if (!result)
        throw new AppError('NOT_FOUND', `the last scan did not look at ${params.symbol}`, {
          symbol: params.symbol,
          scan_id: head.scan_id,
        });
      return { scan_id: head.scan_id, completed_at: head.completed_at!, result };
    },
  };
};
