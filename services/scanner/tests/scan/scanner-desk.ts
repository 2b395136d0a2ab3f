import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import type { scannerApi } from '@catalyst/contracts';
import { stableId } from '@catalyst/domain';
import {
  atStep,
  createTestDatabase,
  startTestService,
  type TestDatabase,
  type TestService,
} from '@catalyst/testkit';
import { scannerService } from '../../src/service.ts';
import { catalystOf, NOW, startNeighbours, storeReferences, type Answers } from '../neighbours.ts';

export const symbols = Array.from(
  { length: 120 },
  (_, index) =>
    `S${String.fromCharCode(65 + Math.floor(index / 26))}${String.fromCharCode(65 + (index % 26))}`,
);
export const cycleId = stableId('cycle', 'scanner-test');

interface ScanBody {
  scan_id?: string;
  universe_size?: number;
  phase?: 'pre_market' | 'intraday';
  wait?: boolean;
}
interface Announced {
  payload: { scan_id: string; candidates_count: number; symbols: string[]; timestamp: string };
}

/** One scanner for all tests of a file, between neighbours whose answers each test writes. */
export const deskForAll = () => {
  let database: TestDatabase;
  let neighbours: Awaited<ReturnType<typeof startNeighbours>>;
  let minute = 0;
  const desk = {
    answers: undefined as unknown as Answers,
    home: '',
    service: undefined as unknown as TestService<typeof scannerApi>,
    start: () =>
      startTestService(scannerService, {
        ...neighbours.options,
        env: { ...neighbours.environment, CATALYST_HOME: desk.home },
      }),
    restart: async (): Promise<void> => {
      await desk.service.close();
      desk.service = await desk.start();
    },
    /** Each test at a later minute. */
    step: (): string => new Date(Date.parse(NOW) + (minute += 1) * 60_000).toISOString(),
    scan: (at: string, body: ScanBody = {}) =>
      atStep(at, () =>
        desk.service.client().startScan({ body: { cycle_id: cycleId, wait: true, ...body } }),
      ),
    routes: (): string[] => desk.answers.asked.map((item) => item.route),
    query: (sql: string, values: unknown[] = []) => database.database.query(sql, values),
    stored: (scanId: string) =>
      desk.query('SELECT * FROM scan_results WHERE scan_id = $1', [scanId]),
    events: () =>
      database.database.query<Announced>(
        "SELECT envelope->'payload' AS payload FROM outbox WHERE channel = 'catalyst:scan_complete' ORDER BY seq",
      ),
  };

  beforeAll(async () => {
    database = await createTestDatabase();
    desk.home = mkdtempSync(join(tmpdir(), 'catalyst-scanner-'));
    await storeReferences(database, cycleId, symbols);
    neighbours = await startNeighbours(database, symbols);
    desk.answers = neighbours.answers;
    desk.service = await desk.start();
  });
  afterAll(async () => {
    await desk.service?.close();
    await neighbours?.close();
    await database?.drop();
  });
  beforeEach(() => {
    const { answers } = desk;
    answers.asked.length = 0;
    answers.down.clear();
    answers.snapshots.clear();
    answers.patterns.clear();
    answers.catalysts = symbols.map((symbol) => catalystOf(symbol));
  });
  return desk;
};
