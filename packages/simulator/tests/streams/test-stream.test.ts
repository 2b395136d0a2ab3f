import { describe, expect, it } from '@jest/globals';
import { error } from './error.ts';
import { testQuietDay } from './quiet-day.ts';

const quiet = testQuietDay();
const { start, open } = quiet;

describe('the test stream', () => {
  it('tells its fictional stock at any hour, every five seconds and every minute, as the clock goes', async () => {
    await start({ at: '04:00', data_plan: 'basic' });
    const stream = await open('/v2/test');
    await stream.authenticate();
    await stream.subscribe({ bars: ['FAKEPACA'], quotes: ['FAKEPACA'] });
    expect(stream.arrays.at(-1)).toEqual([
      { T: 'subscription', trades: [], quotes: ['FAKEPACA'], bars: ['FAKEPACA'] },
    ]);
    await quiet.account.step('04:01');
    await stream.subscribe({ trades: ['*'] });
    await quiet.account.request('POST', '/sim/step', { to: '2026-03-10T08:01:07Z' });
    await stream.settled();
    expect(stream.messages('q')).toHaveLength(13);
    expect(stream.messages('q')[0]).toEqual({
      T: 'q',
      S: 'FAKEPACA',
      bx: 'O',
      bp: 133.85,
      bs: 4,
      ax: 'R',
      ap: 135.77,
      as: 5,
      c: ['R'],
      z: 'A',
      t: expect.stringMatching(/^2026-03-10T08:00:05\.000\d+Z$/),
    });
    expect(stream.messages('t')).toEqual([
      {
        T: 't',
        S: 'FAKEPACA',
        i: 1,
        x: 'N',
        p: 134.56,
        s: 3,
        c: [' '],
        z: 'A',
        t: expect.stringMatching(/^2026-03-10T08:01:05\.000\d+Z$/),
      },
    ]);
    expect(stream.messages('b')).toEqual([
      {
        T: 'b',
        S: 'FAKEPACA',
        o: 132.65,
        h: 136,
        l: 132.12,
        c: 134.65,
        v: 205,
        t: '2026-03-10T08:00:00Z',
        n: 16,
        vw: 133.7,
      },
    ]);
    await stream.subscribe({ dailyBars: ['FAKEPACA'] });
    expect(stream.arrays.at(-1)).toEqual(error(410, 'invalid subscribe action for this feed'));
  });
});
