import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { lineNow, type Line } from '@catalyst/domain';
import { createLineClock, steadyWall, type LineReport } from './line-clock.ts';

const START = '2026-03-24T14:00:00.000Z';
const HOUR_MS = 3_600_000;
const lineAt = (instant: string, f = 1): Line => ({ w0: steadyWall(), s0: Date.parse(instant), f });
const minutesLater = (minutes: number): string =>
  new Date(Date.parse(START) + minutes * 60_000).toISOString();

const open = (line = lineAt(START)) => {
  const clock = createLineClock(line);
  const reports: LineReport[] = [];
  clock.report((report) => reports.push(report));
  return { clock, reports, last: () => reports.at(-1) };
};

describe('the clock of a rehearsal', () => {
  it('shows the instant that the wall has on its line', () => {
    const line = lineAt(START, 60);
    const { clock } = open(line);
    expect(Math.abs(Date.parse(clock.now()) - lineNow(line, steadyWall()))).toBeLessThan(60_000);
    clock.follow(lineAt(minutesLater(90)));
    expect(clock.now() >= minutesLater(90)).toBe(true);
  });

  it('wakes who waits when another line brings their instant, in the order of the instants', async () => {
    const { clock, last } = open();
    clock.hold();
    const woken: string[] = [];
    const done = Promise.all([
      clock.sleep(HOUR_MS).then(() => woken.push('an hour')),
      new Promise<void>((resolve) => {
        clock.at(minutesLater(30), () => {
          woken.push('half past');
          resolve();
        });
      }),
    ]);
    clock.at(minutesLater(10), () => void woken.push('never'))();
    clock.follow(lineAt(minutesLater(29)));
    await pause(5);
    expect(woken).toEqual([]);
    clock.follow(lineAt(minutesLater(61)));
    await done;
    expect(woken).toEqual(['half past', 'an hour']);
    expect(last()).toEqual({ busy: true });
  });

  it('is busy while anything is held, and else says when the next wakes', async () => {
    const { clock, last } = open();
    expect(last()).toEqual({ idle_until: null });
    const first = clock.hold();
    const second = clock.hold();
    first.release();
    first.release();
    expect(last()).toEqual({ busy: true });
    clock.at(minutesLater(5), () => {});
    second.release();
    expect(last()).toEqual({ idle_until: Date.parse(minutesLater(5)) });
  });

  it('does what is beside everything once after a jump, and is kept from none by it', async () => {
    const { clock, last } = open();
    let times = 0;
    let finish = () => {};
    const stop = clock.beside(60_000, () => {
      times += 1;
      return new Promise<void>((resolve) => {
        finish = resolve;
      });
    });
    expect(last()).toEqual({ idle_until: null });
    clock.follow(lineAt(minutesLater(30)));
    expect([times, last()]).toEqual([1, { busy: true }]);
    finish();
    await pause(1);
    expect(last()).toEqual({ idle_until: null });
    stop();
    clock.follow(lineAt(minutesLater(60)));
    await pause(1);
    expect(times).toBe(1);
  });

  it('does it once after several small jumps too, and a clock that is set back counts for none', () => {
    const { clock } = open();
    let times = 0;
    const stop = clock.beside(10 * 60_000, async () => void (times += 1));
    for (const minutes of [4, 8, 2]) clock.follow(lineAt(minutesLater(minutes)));
    expect(times).toBe(0);
    clock.follow(lineAt(minutesLater(5)));
    expect(times).toBe(1);
    clock.follow(lineAt(minutesLater(9)));
    expect(times).toBe(1);
    stop();
  });

  it('is idle where all work sleeps, and busy where one of two goes on', async () => {
    const { clock, last } = open();
    const { run, release } = clock.hold();
    let finish = () => {};
    const working = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const both = run(() => clock.together([() => clock.sleep(HOUR_MS), () => working]));
    await pause(1);
    expect(last()).toEqual({ busy: true });
    finish();
    await pause(1);
    expect(last()).toEqual({ idle_until: expect.any(Number) });
    clock.follow(lineAt(minutesLater(61)));
    await both;
    await pause(1);
    expect(last()).toEqual({ busy: true });
    release();
    expect(last()).toEqual({ idle_until: null });
  });

  it('is busy while one works, whatever sleeps that another has left behind or that nobody held', async () => {
    const { clock, last } = open();
    const left = clock.hold();
    const sleeping = left.run(() => clock.sleep(HOUR_MS));
    expect(last()).toEqual({ idle_until: expect.any(Number) });
    left.release();
    const unheld = clock.sleep(HOUR_MS);
    const { run, release } = clock.hold();
    expect(last()).toEqual({ busy: true });
    const own = run(() => clock.sleep(HOUR_MS / 2));
    expect(last()).toEqual({ idle_until: expect.any(Number) });
    clock.follow(lineAt(minutesLater(61)));
    await Promise.all([sleeping, unheld, own]);
    expect(last()).toEqual({ busy: true });
    release();
    expect(last()).toEqual({ idle_until: null });
  });

  it('is busy for as long as the work of a timer lasts', async () => {
    const { clock, last } = open();
    let finish = () => {};
    clock.at(
      START,
      () =>
        new Promise<void>((resolve) => {
          finish = resolve;
        }),
    );
    await pause(10);
    expect(last()).toEqual({ busy: true });
    finish();
    await pause(1);
    expect(last()).toEqual({ idle_until: null });
  });
});
