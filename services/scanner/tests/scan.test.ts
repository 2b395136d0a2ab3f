import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { scannerApi } from '@catalyst/contracts';
import { stableId } from '@catalyst/domain';
import {
  atStep,
  createTestDatabase,
  eventually,
  startTestService,
  type TestDatabase,
  type TestService,
} from '@catalyst/testkit';
import { scannerService } from '../src/service.ts';
import {
  catalystOf,
  NOW,
  snapshotOf,
  startNeighbours,
  storeReferences,
  type Answers,
} from './neighbours.ts';

const symbols = Array.from(
  { length: 120 },
  (_, index) =>
    `S${String.fromCharCode(65 + Math.floor(index / 26))}${String.fromCharCode(65 + (index % 26))}`,
);
const cycleId = stableId('cycle', 'scanner-test');
let database: TestDatabase;
let neighbours: Awaited<ReturnType<typeof startNeighbours>>;
let answers: Answers;
let home: string;
let service: TestService<typeof scannerApi>;
let minute = 0;

const start = () =>
  startTestService(scannerService, {
    ...neighbours.options,
    env: { ...neighbours.environment, CATALYST_HOME: home },
  });
/** Each test at a later minute. */
const step = (): string => new Date(Date.parse(NOW) + (minute += 1) * 60_000).toISOString();
const scan = (
  at: string,
  body: {
    scan_id?: string;
    universe_size?: number;
    phase?: 'pre_market' | 'intraday';
    wait?: boolean;
  } = {},
) =>
  atStep(at, () =>
    service.client().startScan({ body: { cycle_id: cycleId, wait: true, ...body } }),
  );
const routes = (): string[] => answers.asked.map((item) => item.route);
const stored = (scanId: string) =>
  database.database.query('SELECT * FROM scan_results WHERE scan_id = $1', [scanId]);
const events = () =>
  database.database.query<{
    payload: { scan_id: string; candidates_count: number; symbols: string[]; timestamp: string };
  }>(
    "SELECT envelope->'payload' AS payload FROM outbox WHERE channel = 'catalyst:scan_complete' ORDER BY seq",
  );

beforeAll(async () => {
  database = await createTestDatabase();
  home = mkdtempSync(join(tmpdir(), 'catalyst-scanner-'));
  await storeReferences(database, cycleId, symbols);
  neighbours = await startNeighbours(database, symbols);
  ({ answers } = neighbours);
  service = await start();
});
afterAll(async () => {
  await service?.close();
  await neighbours?.close();
  await database?.drop();
});
beforeEach(() => {
  answers.asked.length = 0;
  answers.down.clear();
  answers.snapshots.clear();
  answers.patterns.clear();
  answers.catalysts = symbols.map((symbol) => catalystOf(symbol));
});

describe('a scan', () => {
  it.each([[10], [49], [201], [100.5]])(
    'of %d stocks is refused with what was given and the bounds',
    async (universe_size) => {
      await expect(scan(step(), { universe_size })).rejects.toMatchObject({
        code: 'INVALID_UNIVERSE_SIZE',
        message: 'Universe size must be between 50 and 200',
        details: { provided: universe_size, min: 50, max: 200 },
      });
      expect(answers.asked).toEqual([]);
    },
  );

  it('of an unknown cycle is refused', async () => {
    await expect(
      atStep(step(), () =>
        service.client().startScan({ body: { cycle_id: stableId('nowhere'), wait: true } }),
      ),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('goes 100, 35, 20, 10, 5, keeps every stock with its reason, and announces itself once', async () => {
    answers.snapshots.set(symbols[0]!, {
      indicators: { ...snapshotOf('SAA').indicators, rsi_14: 80 },
    });
    const at = step();
    const { scan_id, status, scan: result } = await scan(at);
    expect(status).toBe('complete');
    expect(result).toMatchObject({
      phase: 'pre_market',
      completed_at: at,
      counts: { universe: 100, catalyst: 35, technical: 20, pattern: 10, ranking: 5 },
      degraded: [],
    });
    expect(result!.results).toHaveLength(101);
    expect(result!.results.slice(0, 5).map((item) => [item.rank, item.passed, item.stage])).toEqual(
      [1, 2, 3, 4, 5].map((rank) => [rank, true, 'ranking']),
    );
    expect(result!.results.find((item) => item.symbol === symbols[0])).toMatchObject({
      stage: 'technical',
      passed: false,
      reason: 'rsi_14 was 80, above 70',
      technical: { indicators: { rsi_14: 80 } },
      pattern: null,
    });
    expect(result!.results.at(-1)).toMatchObject({
      symbol: 'ZZZZ',
      stage: 'universe',
      passed: false,
      reason: 'last_price was 3, not above 5',
    });
    expect((await events()).map((event) => event.payload)).toEqual([
      {
        cycle_id: cycleId,
        scan_id,
        candidates_count: 5,
        symbols: result!.results.slice(0, 5).map((item) => item.symbol),
        timestamp: at,
      },
    ]);
    expect(answers.asked.every((item) => item.at === at)).toBe(true);
    expect(answers.asked.map((item) => item.symbols)).toEqual([0, 120, 35, 20]);
  });

  it('is made once under its id, however often and however many at once ask', async () => {
    const scan_id = stableId('scan', 'once');
    const at = step();
    const before = (await events()).length;
    const [first, second] = await Promise.all([scan(at, { scan_id }), scan(at, { scan_id })]);
    const third = await scan(at, { scan_id });
    expect(second).toEqual(first);
    expect(third).toEqual(first);
    expect(routes().filter((route) => route === 'queryCatalysts')).toHaveLength(1);
    expect((await events()).length).toBe(before + 1);
    await expect(scan(at, { scan_id, universe_size: 60 })).rejects.toMatchObject({
      code: 'INVALID_REQUEST',
    });
  });

  it('is made once where a second process of the scanner is asked for it at the same time', async () => {
    const second = await start();
    const scan_id = stableId('scan', 'two-processes');
    const at = step();
    const before = (await events()).length;
    const bothScan = Promise.withResolvers<void>();
    answers.before_news = async () => {
      if (routes().filter((route) => route === 'queryCatalysts').length === 2) bothScan.resolve();
      await bothScan.promise;
    };
    const body = { cycle_id: cycleId, wait: true, scan_id };
    const [one, two] = await atStep(at, () =>
      Promise.all([service.client().startScan({ body }), second.client().startScan({ body })]),
    );
    answers.before_news = async () => {};
    await second.close();
    expect(routes().filter((route) => route === 'queryCatalysts')).toHaveLength(2);
    expect(two).toEqual(one);
    expect((await events()).length).toBe(before + 1);
  });

  it('that a dead process left behind is done again and gives what it would have given', async () => {
    const scan_id = stableId('scan', 'left-behind');
    const at = step();
    await database.database.query(
      "INSERT INTO scans (scan_id, cycle_id, phase, universe_size, status, started_at) VALUES ($1, $2, 'pre_market', 100, 'started', $3)",
      [scan_id, cycleId, at],
    );
    await service.close();
    service = await start();
    const resumed = await scan(at, { scan_id });
    const other = await scan(at, { scan_id: stableId('scan', 'not-left-behind') });
    expect(resumed.status).toBe('complete');
    expect(resumed.scan!.results).toEqual(other.scan!.results);
  });

  it('answers started at once where nobody waits, and is complete soon', async () => {
    const answer = await scan(step(), { wait: false });
    expect(answer).toMatchObject({ status: 'started', scan: null });
    expect(answer.estimated_completion).toMatch(/Z$/);
    await eventually(async () =>
      expect(
        await service.client().showScan({ params: { scan_id: answer.scan_id } }),
      ).toMatchObject({ status: 'complete', counts: { ranking: 5 } }),
    );
  });
});

describe('in the session', () => {
  it('the universe of the cycle stands, over a restart too, until a new stock is in the news', async () => {
    answers.catalysts = symbols.slice(0, 60).map((symbol) => catalystOf(symbol));
    await scan(step());
    await scan(step(), { phase: 'intraday' });
    await service.close();
    service = await start();
    answers.catalysts = answers.catalysts.map((catalyst) => ({ ...catalyst, strength: 0.9 }));
    const before = await scan(step(), { phase: 'intraday' });
    expect(routes().filter((route) => route === 'selectUniverse')).toHaveLength(1);
    expect(before.scan!.counts.universe).toBe(60);
    answers.catalysts = [...answers.catalysts, catalystOf(symbols[70]!)];
    const after = await scan(step(), { phase: 'intraday' });
    expect(routes().filter((route) => route === 'selectUniverse')).toHaveLength(2);
    expect(after.scan!.counts.universe).toBe(61);
  });

  it('a cash takeover at its price is refused with the numbers', async () => {
    answers.catalysts = [
      catalystOf(symbols[0]!, {
        catalyst_type: 'merger_acquisition',
        headline: 'To be acquired for $50.50 per share in cash',
        strength: 0.95,
      }),
      catalystOf(symbols[1]!),
    ];
    const { scan: result } = await scan(step(), { phase: 'intraday' });
    expect(result!.results.find((item) => item.symbol === symbols[0])).toMatchObject({
      stage: 'technical',
      passed: false,
      reason:
        'price was 50, -0.99 % from the 50.5 in cash announced per share, not farther than 3 %',
    });
    expect(result!.results[0]).toMatchObject({ symbol: symbols[1], rank: 1 });
  });

  it('the surest pattern of a stock counts, and no technical call is made when nothing is strong', async () => {
    answers.catalysts = [catalystOf(symbols[0]!)];
    answers.patterns.set(symbols[0]!, [
      { pattern: 'gap_and_hold', confidence: 0.9 },
      { pattern: 'bull_flag', confidence: 0.75 },
    ]);
    expect((await scan(step())).scan!.results[0]).toMatchObject({
      pattern: { pattern: 'gap_and_hold' },
    });
    answers.catalysts = [catalystOf(symbols[0]!, { sentiment: -0.9 })];
    answers.asked.length = 0;
    const { scan: result } = await scan(step());
    expect(result!.counts).toMatchObject({ universe: 1, catalyst: 0, ranking: 0 });
    // the universe stands while the same stocks are in the news, before the open too
    expect(routes()).toEqual(['queryCatalysts']);
  });
});

describe('where a service cannot be asked', () => {
  it('stored stories are used without news, in half the universe, and the scan says so', async () => {
    await scan(step());
    answers.down.add('news');
    const { status, scan: result } = await scan(step());
    expect(status).toBe('complete');
    expect(result!.degraded).toEqual([
      expect.stringContaining(
        'news is degraded, the stories of the last scan and a universe of 50 are used: news cannot answer',
      ),
    ]);
    expect(result!.counts).toMatchObject({ universe: 50, catalyst: 35, ranking: 5 });
    expect(
      answers.asked.filter((item) => item.route === 'selectUniverse').map((item) => item.limit),
    ).toEqual([100, 50]);
  });

  it('a news source that is away is told with the scan, which uses the stored stories and the whole universe', async () => {
    answers.news_faults.push('alpaca news is degraded, stored news is used: status 500');
    const { scan: result } = await scan(step());
    expect(result).toMatchObject({
      status: 'complete',
      degraded: ['alpaca news is degraded, stored news is used: status 500'],
      counts: { universe: 100, ranking: 5 },
    });
    answers.news_faults.length = 0;
    expect((await scan(step())).scan!.degraded).toEqual([]);
  });

  it.each([['technical'], ['pattern']])(
    'the scan fails without %s, with the reason, and keeps no half results',
    async (name) => {
      answers.down.add(name);
      const scan_id = stableId('scan', 'failed', name);
      const at = step();
      const failed = await scan(at, { scan_id });
      expect(failed).toMatchObject({
        status: 'failed',
        scan: { results: [], degraded: [`the scan failed: BROKER_REFUSED: ${name} cannot answer`] },
      });
      answers.down.clear();
      expect(await scan(at, { scan_id })).toEqual(failed);
      expect(await stored(scan_id)).toHaveLength(0);
      expect((await events()).some((event) => event.payload.scan_id === scan_id)).toBe(false);
    },
  );
});

describe('what a scan said', () => {
  it('is shown as the latest, by its id, and stock by stock', async () => {
    const { scan: result } = await scan(step());
    expect(await service.client('cli').showLatestScan({ query: { cycle_id: cycleId } })).toEqual(
      result,
    );
    expect(
      await service.client('orchestration').showScan({ params: { scan_id: result!.scan_id } }),
    ).toEqual(result);
    expect(await service.client('cli').showCandidate({ params: { symbol: 'ZZZZ' } })).toEqual({
      scan_id: result!.scan_id,
      completed_at: result!.completed_at,
      result: result!.results.at(-1),
    });
    await expect(
      service.client('cli').showCandidate({ params: { symbol: 'QQQQ' } }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(
      service.client('cli').showLatestScan({ query: { cycle_id: stableId('nowhere') } }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('a scan of a session that is over', () => {
  const sunday = '2026-03-29T15:00:00.000Z';
  const scanFriday = (at = sunday) =>
    atStep(at, () =>
      service.client().scanLastSession({
        body: { session_date: '2026-03-27', scan_id: stableId('last', at) },
      }),
    );

  it('belongs to no cycle, is measured as a session, and is shown as what it is', async () => {
    const result = await scanFriday();
    expect(result).toMatchObject({
      cycle_id: null,
      phase: 'last_session',
      session_date: '2026-03-27',
      status: 'complete',
      counts: { universe: 100, ranking: 5 },
    });
    // 24 hours before the close, and the 43 since
    expect(answers.asked.find(({ route }) => route === 'queryCatalysts')).toMatchObject({
      hours: 24 + 43,
    });
    expect(answers.asked.find(({ route }) => route === 'computeSnapshots')).toMatchObject({
      phase: 'intraday',
    });
    // its neighbours are told the session, which the day at hand may not be
    expect(
      answers.asked.flatMap(({ route, session_date }) => (session_date ? [route] : [])),
    ).toEqual(['selectUniverse', 'computeSnapshots', 'detectPatterns']);
    expect(await service.client('cli').showLastSessionScan()).toEqual(result);
    expect(await service.client('cli').showScan({ params: { scan_id: result.scan_id } })).toEqual(
      result,
    );
  });

  it('is no answer to what the latest scan is, however late it was made, and wakes nobody', async () => {
    const before = await service.client('cli').showLatestScan({ query: {} });
    const announced = (await events()).length;
    const later = await scanFriday('2026-03-29T16:00:00.000Z');
    expect(await service.client('cli').showLatestScan({ query: {} })).toEqual(before);
    expect(
      (await service.client('cli').showCandidate({ params: { symbol: symbols[0]! } })).scan_id,
    ).toBe(before.scan_id);
    expect(await events()).toHaveLength(announced);
    // nor do its stories stand in for the news of a day
    answers.down.add('news');
    const { scan: blind } = await scan('2026-03-29T16:01:00.000Z');
    expect(blind!.counts.catalyst).toBe(0);
    expect(later.counts.catalyst).toBe(35);
  });

  it('made in the morning leaves the universe that the day goes by as it was', async () => {
    const universe = () =>
      database.database.query(
        'SELECT scan_id, universe FROM scans WHERE cycle_id = $1 AND universe IS NOT NULL',
        [cycleId],
      );
    const before = await universe();
    expect(before).not.toEqual([]);
    const { results } = await scanFriday('2026-03-30T09:00:00.000Z');
    expect(results.filter(({ passed }) => passed)).toHaveLength(5);
    expect(await universe()).toEqual(before);
  });

  it('fails with its reason, and another may be made', async () => {
    answers.down.add('technical');
    expect(await scanFriday('2026-03-29T17:00:00.000Z')).toMatchObject({ status: 'failed' });
    answers.down.clear();
    expect(await scanFriday('2026-03-29T17:05:00.000Z')).toMatchObject({ status: 'complete' });
  });
});

describe('the thresholds', () => {
  it('take effect with the next scan after a save; a bad file keeps them and health says why', async () => {
    const path = join(home, 'config', 'scanner.yaml');
    const good = readFileSync(path, 'utf8');
    writeFileSync(path, good.replace('  limit: 5\n', '  limit: 3\n'));
    expect((await scan(step())).scan!.counts.ranking).toBe(3);
    writeFileSync(path, good.replace('min_rsi: 40', 'min_rsi: 90'));
    expect((await scan(step())).scan!.counts.ranking).toBe(3);
    const health = (await (await fetch(`${service.url}/health`)).json()) as {
      status: string;
      notes: string[];
    };
    expect(health).toMatchObject({
      status: 'degraded',
      notes: [expect.stringContaining('min_rsi must be below max_rsi')],
    });
    writeFileSync(path, good);
    expect((await scan(step())).scan!.counts.ranking).toBe(5);
  });
});
