import { beforeAll, describe, expect, it } from '@jest/globals';
import { stableId } from '@catalyst/domain';
import { atStep } from '@catalyst/testkit';
import { cycleId, deskForAll, symbols } from './scanner-desk.ts';

const desk = deskForAll();
beforeAll(async () => {
  await desk.scan(desk.step()); // the day's own
});

describe('a scan of a session that is over', () => {
  const sunday = '2026-03-29T15:00:00.000Z';
  const scanFriday = (at = sunday) =>
    atStep(at, () =>
      desk.service.client().scanLastSession({
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
    expect(desk.answers.asked.find(({ route }) => route === 'queryCatalysts')).toMatchObject({
      hours: 24 + 43,
    });
    expect(desk.answers.asked.find(({ route }) => route === 'computeSnapshots')).toMatchObject({
      phase: 'intraday',
    });
    // its neighbours are told the session, which the day at hand may not be
    expect(
      desk.answers.asked.flatMap(({ route, session_date }) => (session_date ? [route] : [])),
    ).toEqual(['selectUniverse', 'computeSnapshots', 'detectPatterns']);
    expect(await desk.service.client('cli').showLastSessionScan()).toEqual(result);
    expect(
      await desk.service.client('cli').showScan({ params: { scan_id: result.scan_id } }),
    ).toEqual(result);
  });

  it('is no answer to what the latest scan is, however late it was made, and wakes nobody', async () => {
    const before = await desk.service.client('cli').showLatestScan({ query: {} });
    const announced = (await desk.events()).length;
    const later = await scanFriday('2026-03-29T16:00:00.000Z');
    expect(await desk.service.client('cli').showLatestScan({ query: {} })).toEqual(before);
    expect(
      (await desk.service.client('cli').showCandidate({ params: { symbol: symbols[0]! } })).scan_id,
    ).toBe(before.scan_id);
    expect(await desk.events()).toHaveLength(announced);
    // nor do its stories stand in for the news of a day
    desk.answers.down.add('news');
    const { scan: blind } = await desk.scan('2026-03-29T16:01:00.000Z');
    expect(blind!.counts.catalyst).toBe(0);
    expect(later.counts.catalyst).toBe(35);
  });

  it('made in the morning leaves the universe that the day goes by as it was', async () => {
    const universe = () =>
      desk.query(
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
    desk.answers.down.add('technical');
    expect(await scanFriday('2026-03-29T17:00:00.000Z')).toMatchObject({ status: 'failed' });
    desk.answers.down.clear();
    expect(await scanFriday('2026-03-29T17:05:00.000Z')).toMatchObject({ status: 'complete' });
  });
});
