import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  loadDay,
  recordDay,
  startSimulator,
  type Day,
  type PacingClock,
  type RecordDayOptions,
  type RecordingProgress,
  type Simulator,
  type SimulatorOptions,
} from '../src/index.ts';
import { lockRecording } from '../src/day/alpaca/lock-recording.ts';
import { openAccount } from './open-account.ts';
import { startRelay, type Relay } from './relay.ts';
import { at, bar, flat, OPEN, CLOSE, security, smallDay, TRADE_DATE } from './small-day.ts';

/**
 * Two stocks, so much that bars and news take several pages, a dividend, and an article about a
 * stock that is not recorded.
 */
const original = smallDay({
  bars: {
    ACME: [
      bar(480, 99, 100, 98.5, 99.75, 1_200),
      ...flat(OPEN, CLOSE, 100).map((one) =>
        one.minute === 600 ? bar(600, 100, 102, 99, 101, 50_000) : one,
      ),
    ],
    BETA: flat(OPEN, CLOSE, 20, 3_000),
    OTHER: flat(OPEN, CLOSE, 5),
  },
  securities: [
    security('ACME', { name: 'Acme, Corporation', shortable: false, easy_to_borrow: false }),
    security('BETA', { exchange: 'NYSE', fractionable: false }),
    security('OTHER'),
  ],
  news: Array.from({ length: 90 }, (_, index) => ({
    id: index + 1,
    created_at: new Date(Date.parse(at('08:00')) + index * 60_000)
      .toISOString()
      .replace('.000Z', 'Z'),
    updated_at: new Date(Date.parse(at('08:00')) + index * 60_000 + (index % 5) * 1_000)
      .toISOString()
      .replace('.000Z', 'Z'),
    headline: `story ${index}`,
    summary: index % 2 === 0 ? '' : 'a summary',
    content: '<p>all of it</p>',
    author: 'A Writer',
    source: 'northwire',
    url: `https://news.example/${index}`,
    symbols: index % 3 === 0 ? ['ACME', 'OTHER'] : index % 3 === 1 ? ['BETA'] : ['OTHER'],
  })),
  corporate_actions: [
    {
      symbol: 'ACME',
      type: 'cash_dividend',
      ex_date: '2026-02-10',
      new_rate: null,
      old_rate: null,
      cash: '0.25',
    },
  ],
});

let folder = '';
let count = 0;
let simulator: Simulator;
let relay: Relay;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recordings-'));
});
afterAll(() => rm(folder, { recursive: true }));

const start = async (options: Partial<SimulatorOptions> = {}): Promise<void> => {
  simulator = await startSimulator({ day: original, at: '20:15', ...options });
  relay = await startRelay(simulator.url);
};
beforeEach(() => {
  count += 1;
});
afterEach(async () => {
  await relay.close();
  await simulator.close();
});

/** Pauses take no time. */
const quickClock = (onPause: (milliseconds: number) => void = () => undefined): PacingClock => {
  let now = Date.parse('2026-04-01T00:00:00Z');
  return {
    now: () => now,
    sleep: async (milliseconds) => {
      now += milliseconds;
      onPause(milliseconds);
    },
  };
};
const optionsOf = (fields: Partial<RecordDayOptions> = {}): RecordDayOptions => ({
  trade_date: TRADE_DATE,
  symbols: ['BETA', 'ACME'],
  feed: 'sip',
  key: simulator.accounts[0]!.key_id,
  secret: simulator.accounts[0]!.secret_key,
  trading_url: relay.url,
  data_url: relay.url,
  cache_dir: join(folder, `cache-${count}`),
  out_dir: join(folder, `day-${count}`),
  clock: quickClock(),
  ...fields,
});
const chosen = <T>(map: Map<string, T>): Map<string, T> =>
  new Map([...map].filter(([symbol]) => symbol !== 'OTHER'));

describe('a recording of the simulator', () => {
  it('holds the minute bars, the daily bars, the listings, the news, the dividends and the calendar that the simulator had', async () => {
    await start();
    const seen: RecordingProgress[] = [];
    const { day: returned } = await recordDay(
      optionsOf({ on_progress: (progress) => seen.push(progress) }),
    );
    const day: Day = await loadDay(join(folder, `day-${count}`));
    expect(returned).toEqual(day);
    expect(day).toMatchObject({
      kind: 'imported',
      trade_date: TRADE_DATE,
      refused_bars: [],
      events: [],
    });
    expect(day.minute_bars).toEqual(chosen(original.minute_bars));
    expect(day.daily_bars).toEqual(chosen(original.daily_bars));
    expect(day.securities).toEqual(original.securities.filter(({ symbol }) => symbol !== 'OTHER'));
    expect(day.corporate_actions).toEqual(original.corporate_actions);
    const known = original.news
      .filter(({ symbols }) => symbols[0] !== 'OTHER')
      .map((article) => ({ ...article, symbols: article.symbols.slice(0, 1) }));
    expect(day.news).toEqual(known);
    expect(day.calendar.filter(({ date }) => date >= '2026-01-20' && date <= '2026-03-12')).toEqual(
      original.calendar,
    );
    expect(day.calendar.at(-1)?.date).toBe('2026-03-20');
    expect(seen.at(-1)).toEqual({ done_ratio: 1, text: 'recorded' });
    expect(seen.map(({ done_ratio }) => done_ratio)).toEqual(
      seen.map(({ done_ratio }) => done_ratio).sort((left, right) => left - right),
    );
  });

  it('takes more than one page of bars and of news', async () => {
    await start();
    await recordDay(optionsOf());
    for (const path of ['/v2/stocks/bars?', '/v1beta1/news?'])
      expect(
        relay.asked.filter((url) => url.startsWith(path) && url.includes('page_token')).length,
      ).toBeGreaterThan(0);
  });

  it('has the usual volume of the minutes before', async () => {
    await start();
    const { day } = await recordDay(optionsOf());
    const total = (volumes: number[] | undefined): number =>
      (volumes ?? []).reduce((sum, volume) => sum + volume, 0);
    const daily =
      original.daily_bars
        .get('ACME')!
        .slice(-20)
        .reduce((sum, { volume }) => sum + volume, 0) / 20;
    expect(total(day.volume_profile.get('ACME')) / daily).toBeGreaterThan(0.95);
    expect(total(day.volume_profile.get('ACME')) / daily).toBeLessThan(1.1);
  });

  it('is replayed like any day: an order is filled at its prices', async () => {
    await start();
    const { day } = await recordDay(optionsOf());
    const replay = await openAccount(day.dir, { at: '09:59' });
    try {
      const { body: order } = await replay.place({ qty: '10' });
      await replay.step('10:00');
      expect(await replay.order(order.id)).toMatchObject({ status: 'filled', filled_qty: '10' });
      await replay.step('10:01');
      expect(
        (await replay.get('/v2/stocks/ACME/bars?timeframe=1Min')).body.bars.at(-1),
      ).toMatchObject({ h: 102, v: 50_000 });
    } finally {
      await replay.close();
    }
  });

  it('that breaks off goes on without asking again for what it has', async () => {
    await start();
    relay.decide = (number) => (number >= 7 ? 'cut' : 'pass');
    await expect(recordDay(optionsOf())).rejects.toThrow(
      /did not answer 6 times .*go on later with the same command/,
    );
    expect(await readdir(folder)).not.toContain(`day-${count}`);
    const before = relay.asked.slice(0, 6);
    relay.asked.length = 0;
    relay.decide = () => 'pass';
    const { day, requests } = await recordDay(optionsOf());
    expect(day.minute_bars).toEqual(chosen(original.minute_bars));
    expect(relay.asked).toHaveLength(requests);
    expect(relay.asked.filter((url) => before.includes(url))).toEqual(['/v2/clock']);
    relay.asked.length = 0;
    await recordDay(optionsOf({ out_dir: join(folder, `again-${count}`) }));
    expect(relay.asked).toEqual(['/v2/clock']);
  });

  it('is made once at a time: a second of the same day is refused until the first is done', async () => {
    await start();
    let second: Promise<unknown> = Promise.resolve();
    const onProgress = ({ text }: RecordingProgress): void => {
      if (text === 'minute bars, page 1')
        second = recordDay(optionsOf({ out_dir: join(folder, `second-${count}`) })).catch(
          (error: unknown) => error,
        );
    };
    const { day, raw_dir } = await recordDay(optionsOf({ on_progress: onProgress }));
    expect(String(await second)).toMatch(
      new RegExp(
        `the same day is being recorded already, by process ${process.pid}; wait for it, or if there is none delete .*lock`,
      ),
    );
    expect(await readdir(raw_dir)).not.toContain('lock');
    expect(
      (await recordDay(optionsOf({ out_dir: join(folder, `second-${count}`) }))).day.minute_bars,
    ).toEqual(day.minute_bars);
  });

  it("goes on where a process that is gone, or had this one's number, was recording", async () => {
    await start();
    const { raw_dir } = await recordDay(optionsOf());
    const gone = spawnSync(process.execPath, ['-e', '']).pid;
    for (const [index, owner] of [String(gone), String(process.pid), ''].entries()) {
      await writeFile(join(raw_dir, 'lock'), owner);
      await recordDay(optionsOf({ out_dir: join(folder, `after-${index}-${count}`) }));
    }
  });

  it('is taken over by one alone of many that find what a killed one left, also where that was killed while it took over', async () => {
    const gone = spawnSync(process.execPath, ['-e', '']).pid;
    for (const left of [
      { lock: `${gone} a` },
      { lock: '' },
      { lock: `${gone} a`, [`lock-after-${gone}-a`]: `${gone} b` },
      {},
    ]) {
      const dir = await mkdtemp(join(folder, 'lock-'));
      for (const [name, text] of Object.entries(left)) await writeFile(join(dir, name), text);
      const outcomes = await Promise.allSettled(
        Array.from({ length: 12 }, () => lockRecording(dir)),
      );
      const holders = outcomes.filter((one) => one.status === 'fulfilled');
      expect(holders).toHaveLength(1);
      expect(await readdir(dir)).toEqual(['lock']);
      expect(await readFile(join(dir, 'lock'), 'utf8')).toMatch(new RegExp(`^${process.pid} `));
      await holders[0]!.value();
      expect(await readdir(dir)).toEqual([]);
      await (
        await lockRecording(dir)
      )();
    }
  });

  it('of two that end in one folder leaves the first and refuses the other', async () => {
    await start();
    const outcomes = await Promise.allSettled(
      [['ACME'], ['BETA']].map((symbols) => recordDay(optionsOf({ symbols }))),
    );
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(
      String(
        (outcomes.find(({ status }) => status === 'rejected') as PromiseRejectedResult).reason,
      ),
    ).toContain('is not empty');
    const { securities } = await loadDay(join(folder, `day-${count}`));
    expect(securities).toHaveLength(1);
    expect((await readdir(folder)).filter((name) => name.includes('.part-'))).toEqual([]);
  });

  it('asks again after lost connections and server errors', async () => {
    await start();
    const pauses: number[] = [];
    relay.decide = (number) => (number % 3 === 1 ? 'cut' : number % 3 === 2 ? 503 : 'pass');
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
      simulator.simulation.stepTo(simulator.simulation.now() + 60_000);
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

  it('writes the keys nowhere', async () => {
    await start();
    await recordDay(optionsOf());
    const files = await readdir(folder, { recursive: true, withFileTypes: true });
    for (const file of files.filter((one) => one.isFile())) {
      const content = await readFile(join(file.parentPath, file.name), 'latin1');
      expect(
        content.includes(simulator.accounts[0]!.secret_key) ||
          content.includes(simulator.accounts[0]!.key_id),
      ).toBe(false);
    }
  });

  it.each<[string, Partial<RecordDayOptions>, RegExp]>([
    [
      'wrong keys',
      { secret: 'wrong' },
      /\/v2\/clock does not accept the keys \(401, unauthorized\.\)/,
    ],
    [
      'keys that cannot be sent, without quoting them',
      { secret: 'wrong\nkey' },
      /^(?!.*wrong).*not Alpaca keys/,
    ],
    [
      'symbols that Alpaca does not know, all of them named',
      { symbols: ['ACME', 'NONE', 'NADA'] },
      /does not know NADA, NONE/,
    ],
    [
      'words that are no symbols',
      { symbols: ['acme', '12$'] },
      /tickers such as AAPL or BRK\.B, was 12\$/,
    ],
    ['no symbols', { symbols: [] }, /must name at least one/],
    [
      'a date without a session',
      { trade_date: '2026-03-08' },
      /no session on 2026-03-08; the nearest are 2026-03-06 and 2026-03-09/,
    ],
    [
      'a date that is not over',
      { trade_date: '2026-03-11' },
      /2026-03-11 is not over: it can be recorded from 2026-03-12T00:15:00Z on/,
    ],
    [
      'a word that is no date',
      { trade_date: 'today' },
      /must be a date such as 2026-03-10, was "today"/,
    ],
  ])('is refused for %s', async (_what, fields, message) => {
    await start();
    await expect(recordDay(optionsOf(fields))).rejects.toThrow(message);
    expect(await readdir(folder)).not.toContain(`day-${count}`);
  });

  it("is refused with the broker's own words where it does not sell the data, and for a folder that is not empty", async () => {
    await start();
    relay.decide = (_number, path) => (path.startsWith('/v2/stocks/bars') ? 403 : 'pass');
    await expect(recordDay(optionsOf())).rejects.toThrow(
      '/v2/stocks/bars refuses (403, as the test wants it)',
    );
    await expect(recordDay(optionsOf({ out_dir: folder }))).rejects.toThrow('is not empty');
  });
});
