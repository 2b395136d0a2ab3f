import { describe, expect, it } from '@jest/globals';
import { stableId } from '@catalyst/domain';
import { atStep, eventually } from '@catalyst/testkit';
import { snapshotOf } from '../neighbours.ts';
import { cycleId, deskForAll, symbols } from './scanner-desk.ts';

const desk = deskForAll();

describe('a scan', () => {
  it.each([[10], [49], [201], [100.5]])(
    'of %d stocks is refused with what was given and the bounds',
    async (universe_size) => {
      await expect(desk.scan(desk.step(), { universe_size })).rejects.toMatchObject({
        code: 'INVALID_UNIVERSE_SIZE',
        message: 'Universe size must be between 50 and 200',
        details: { provided: universe_size, min: 50, max: 200 },
      });
      expect(desk.answers.asked).toEqual([]);
    },
  );

  it('of an unknown cycle is refused', async () => {
    await expect(
      atStep(desk.step(), () =>
        desk.service.client().startScan({ body: { cycle_id: stableId('nowhere'), wait: true } }),
      ),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('goes 100, 35, 20, 10, 5, keeps every stock with its reason, and announces itself once', async () => {
    desk.answers.snapshots.set(symbols[0]!, {
      indicators: { ...snapshotOf('SAA').indicators, rsi_14: 80 },
    });
    const at = desk.step();
    const { scan_id, status, scan: result } = await desk.scan(at);
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
    expect((await desk.events()).map((event) => event.payload)).toEqual([
      {
        cycle_id: cycleId,
        scan_id,
        candidates_count: 5,
        symbols: result!.results.slice(0, 5).map((item) => item.symbol),
        timestamp: at,
      },
    ]);
    expect(desk.answers.asked.every((item) => item.at === at)).toBe(true);
    expect(desk.answers.asked.map((item) => item.symbols)).toEqual([0, 120, 35, 20]);
  });

  it('is made once under its id, however often and however many at once ask', async () => {
    const scan_id = stableId('scan', 'once');
    const at = desk.step();
    const before = (await desk.events()).length;
    const [first, second] = await Promise.all([
      desk.scan(at, { scan_id }),
      desk.scan(at, { scan_id }),
    ]);
    const third = await desk.scan(at, { scan_id });
    expect(second).toEqual(first);
    expect(third).toEqual(first);
    expect(desk.routes().filter((route) => route === 'queryCatalysts')).toHaveLength(1);
    expect((await desk.events()).length).toBe(before + 1);
    await expect(desk.scan(at, { scan_id, universe_size: 60 })).rejects.toMatchObject({
      code: 'INVALID_REQUEST',
    });
  });

  it('is made once where a second process of the scanner is asked for it at the same time', async () => {
    const second = await desk.start();
    const scan_id = stableId('scan', 'two-processes');
    const at = desk.step();
    const before = (await desk.events()).length;
    const bothScan = Promise.withResolvers<void>();
    desk.answers.before_news = async () => {
      if (desk.routes().filter((route) => route === 'queryCatalysts').length === 2)
        bothScan.resolve();
      await bothScan.promise;
    };
    const body = { cycle_id: cycleId, wait: true, scan_id };
    const [one, two] = await atStep(at, () =>
      Promise.all([desk.service.client().startScan({ body }), second.client().startScan({ body })]),
    );
    desk.answers.before_news = async () => {};
    await second.close();
    expect(desk.routes().filter((route) => route === 'queryCatalysts')).toHaveLength(2);
    expect(two).toEqual(one);
    expect((await desk.events()).length).toBe(before + 1);
  });

  it('that a dead process left behind is done again and gives what it would have given', async () => {
    const scan_id = stableId('scan', 'left-behind');
    const at = desk.step();
    await desk.query(
      "INSERT INTO scans (scan_id, cycle_id, phase, universe_size, status, started_at) VALUES ($1, $2, 'pre_market', 100, 'started', $3)",
      [scan_id, cycleId, at],
    );
    await desk.restart();
    const resumed = await desk.scan(at, { scan_id });
    const other = await desk.scan(at, { scan_id: stableId('scan', 'not-left-behind') });
    expect(resumed.status).toBe('complete');
    expect(resumed.scan!.results).toEqual(other.scan!.results);
  });

  it('answers started at once where nobody waits, and is complete soon', async () => {
    const answer = await desk.scan(desk.step(), { wait: false });
    expect(answer).toMatchObject({ status: 'started', scan: null });
    expect(answer.estimated_completion).toMatch(/Z$/);
    await eventually(async () =>
      expect(
        await desk.service.client().showScan({ params: { scan_id: answer.scan_id } }),
      ).toMatchObject({ status: 'complete', counts: { ranking: 5 } }),
    );
  });
});

describe('what a scan said', () => {
  it('is shown as the latest, by its id, and stock by stock', async () => {
    const { scan: result } = await desk.scan(desk.step());
    expect(
      await desk.service.client('cli').showLatestScan({ query: { cycle_id: cycleId } }),
    ).toEqual(result);
    expect(
      await desk.service.client('orchestration').showScan({ params: { scan_id: result!.scan_id } }),
    ).toEqual(result);
    expect(await desk.service.client('cli').showCandidate({ params: { symbol: 'ZZZZ' } })).toEqual({
      scan_id: result!.scan_id,
      completed_at: result!.completed_at,
      result: result!.results.at(-1),
    });
    await expect(
      desk.service.client('cli').showCandidate({ params: { symbol: 'QQQQ' } }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(
      desk.service.client('cli').showLatestScan({ query: { cycle_id: stableId('nowhere') } }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
