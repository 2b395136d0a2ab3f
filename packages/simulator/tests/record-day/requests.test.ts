import { readdir } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { recordDay } from '../../src/index.ts';
import { bar, smallDay } from '../small-day.ts';
import { chosen, original } from './recorded-day.ts';
import { quickClock, testRecordings } from './recorded-simulator.ts';

const recorded = testRecordings();
const { start, optionsOf } = recorded;

describe('a recording of the simulator', () => {
  it('takes more than one page of bars and of news', async () => {
    await start();
    await recordDay(optionsOf());
    for (const path of ['/v2/stocks/bars?', '/v1beta1/news?'])
      expect(
        recorded.relay.asked.filter((url) => url.startsWith(path) && url.includes('page_token'))
          .length,
      ).toBeGreaterThan(0);
  });

  it('that breaks off goes on without asking again for what it has', async () => {
    await start();
    recorded.relay.decide = (number) => (number >= 7 ? 'cut' : 'pass');
    await expect(recordDay(optionsOf())).rejects.toThrow(
      /did not answer 6 times .*go on later with the same command/,
    );
    expect(await readdir(recorded.folder)).not.toContain(recorded.nameOf('day'));
    const before = recorded.relay.asked.slice(0, 6);
    recorded.relay.asked.length = 0;
    recorded.relay.decide = () => 'pass';
    const { day, requests } = await recordDay(optionsOf());
    expect(day.minute_bars).toEqual(chosen(original.minute_bars));
    expect(recorded.relay.asked).toHaveLength(requests);
    expect(recorded.relay.asked.filter((url) => before.includes(url))).toEqual(['/v2/clock']);
    recorded.relay.asked.length = 0;
    await recordDay(optionsOf({ out_dir: recorded.place('again') }));
    expect(recorded.relay.asked).toEqual(['/v2/clock']);
  });

  it('asks again after lost connections and server errors', async () => {
    await start();
    const pauses: number[] = [];
    recorded.relay.decide = (number) =>
      number % 3 === 1 ? 'cut' : number % 3 === 2 ? 503 : 'pass';
    const { day } = await recordDay(
      optionsOf({ clock: quickClock((pause) => pauses.push(pause)) }),
    );
    expect(day.news.length).toBeGreaterThan(0);
    expect(pauses.slice(0, 2)).toEqual([500, 1_000]);
  });

  it("waits where the simulator's requests a minute are used up, until a simulated minute has passed", async () => {
    await start({ rate_limit: 3 });
    let pauses = 0;
    const clock = quickClock(() => {
      pauses += 1;
      recorded.simulator.simulation.stepTo(recorded.simulator.simulation.now() + 60_000);
    });
    const { day } = await recordDay(optionsOf({ clock }));
    expect(pauses).toBeGreaterThan(1);
    expect(day.minute_bars).toEqual(chosen(original.minute_bars));
  });

  it('sends at most 200 requests a minute', async () => {
    const many = Array.from(
      { length: 210 },
      (_, index) => `S${String.fromCharCode(65 + Math.floor(index / 26), 65 + (index % 26))}`,
    );
    await start({
      day: smallDay({
        bars: Object.fromEntries(many.map((symbol) => [symbol, [bar(600, 10, 10, 10, 10)]])),
        calendar: original.calendar.slice(-3),
      }),
    });
    const pauses: number[] = [];
    await recordDay(optionsOf({ symbols: many, clock: quickClock((pause) => pauses.push(pause)) }));
    expect(pauses).toEqual([60_000]);
  });
});
