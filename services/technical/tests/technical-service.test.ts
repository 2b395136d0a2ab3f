import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Health, technicalApi } from '@catalyst/contracts';
import { newYorkTime, toTimeId } from '@catalyst/domain';
import { loadDay, startSimulator, type Day, type Simulator } from '@catalyst/simulator';
import {
  atStep,
  createTestDatabase,
  startTestService,
  type TestDatabase,
  type TestService,
} from '@catalyst/testkit';
import axios from 'axios';
import { technicalService } from '../src/service.ts';

const DAY = join(import.meta.dirname, '../../../packages/simulator/days/2026-03-24');
const DATE = '2026-03-24';
let day: Day;
let simulator: Simulator;
let database: TestDatabase;
let service: TestService<typeof technicalApi>;

const start = () => {
  const [account] = simulator.accounts;
  return startTestService(technicalService, {
    database_url: database.url,
    replay_start_at: newYorkTime(DATE, '04:00'),
    env: {
      ALPACA_API_KEY: account!.key_id,
      ALPACA_SECRET_KEY: account!.secret_key,
      ALPACA_TRADING_URL: simulator.url,
      ALPACA_DATA_URL: simulator.url,
      ALPACA_STREAM_URL: simulator.stream_url,
    },
  });
};
/** Steps the simulator to a New York time and works at that time. */
const at = async <T>(clock: string, work: () => Promise<T>): Promise<T> => {
  const now = newYorkTime(DATE, clock);
  await axios.post(`${simulator.url}/sim/step`, { to: now });
  return atStep(now, work);
};

beforeAll(async () => {
  day = await loadDay(DAY);
  simulator = await startSimulator({ day });
  database = await createTestDatabase();
  service = await start();
}, 60_000);
afterAll(async () => {
  await service.close();
  await simulator.close();
  await database.drop();
});

describe('the technical service', () => {
  it('says that it is not ready before the calendar is stored', async () => {
    await expect(
      at('07:59', () => service.client().ingestBars({ body: { symbols: ['AAAA'] } })),
    ).rejects.toMatchObject({ code: 'NOT_READY' });
  });

  it('knows every security, the calendar and the next trading day after a sync, and the same after a second one', async () => {
    const first = await at('08:00', () =>
      service.client().syncReference({ body: { trade_date: DATE } }),
    );
    expect(first).toMatchObject({
      securities: day.securities.length,
      trading_day: { date: DATE, open: '09:30', close: '16:00' },
      next_trading_day: { date: '2026-03-25' },
    });
    expect(
      await at('08:00', () => service.client().syncReference({ body: { trade_date: DATE } })),
    ).toEqual(first);
  });

  it('selects the hundred most active stocks with news, and a reason for each other one', async () => {
    const symbols = [...new Set(day.news.flatMap((article) => article.symbols))]
      .filter((symbol) => day.daily_bars.has(symbol))
      .sort();
    const universe = await at('08:00', () =>
      service.client().selectUniverse({ body: { limit: 100, symbols_with_news: symbols } }),
    );
    expect(universe.members).toHaveLength(100);
    expect(
      universe.members.every(
        (member) => member.last_price > 5 && member.average_volume > 1_000_000 && member.has_news,
      ),
    ).toBe(true);
    expect(new Set([...universe.members, ...universe.refused].map((row) => row.symbol)).size).toBe(
      universe.members.length + universe.refused.length,
    );
    expect(universe.refused.every((row) => row.reason.length > 5)).toBe(true);
  });

  it('takes a split out of the price history before it compares', async () => {
    const split = day.corporate_actions.find((action) => action.type === 'forward_split')!;
    const { snapshots } = await at('08:05', () =>
      service.client().computeSnapshots({ body: { symbols: [split.symbol], phase: 'pre_market' } }),
    );
    expect(Math.abs(snapshots[0]!.gap_ratio!)).toBeLessThan(0.2);
    expect(snapshots[0]!.last_price! / snapshots[0]!.indicators.sma_20!).toBeGreaterThan(0.6);
  });

  it('never sees the bar of the minute that is running', async () => {
    const symbol = [...day.minute_bars].find(([, bars]) =>
      bars.some((bar) => bar.minute === 600),
    )![0];
    const read = () => service.client().listBars({ params: { symbol }, query: { limit: 1000 } });
    await at('10:00', () => service.client().ingestBars({ body: { symbols: [symbol] } }));
    const before = await at('10:00', read);
    expect(before.bars.at(-1)!.time_id).toBeLessThan(toTimeId(newYorkTime(DATE, '10:00')));
    await at('10:01', () => service.client().ingestBars({ body: { symbols: [symbol] } }));
    const after = await at('10:01', read);
    expect(after.bars.at(-1)!.time_id).toBe(toTimeId(newYorkTime(DATE, '10:00')));
    // five-minute bars are built from finished minutes only: at 10:01 the one of 10:00 is not there
    // yet
    const five = await at('10:01', () =>
      service.client().listBars({ params: { symbol }, query: { timeframe: '5min', limit: 10 } }),
    );
    expect(five.bars.at(-1)!.time_id).toBe(toTimeId(newYorkTime(DATE, '09:55')));
  });

  it('has averages of 5-minute bars from the first minutes on, since it keeps the sessions before', async () => {
    const symbol = day.securities[0]!.symbol;
    const { snapshots } = await at('10:05', () =>
      service.client().computeSnapshots({ body: { symbols: [symbol], phase: 'intraday' } }),
    );
    expect(snapshots[0]).toMatchObject({ timeframe: '5min', phase: 'intraday' });
    expect(snapshots[0]!.indicators.sma_200).not.toBeNull();
    expect(snapshots[0]!.relative_volume).toBeGreaterThan(0);
    const shown = await service
      .client()
      .showIndicators({ params: { symbol }, query: { timeframe: '5min' } });
    expect(shown.indicators).toEqual(snapshots[0]!.indicators);
  });

  it('stores a bar once, however often it is fetched and by whichever process', async () => {
    const symbols = day.securities.slice(0, 30).map((security) => security.symbol);
    await at('10:10', () => service.client().ingestBars({ body: { symbols } }));
    const count = async () =>
      (
        await database.database.query<{ n: number }>(
          "SELECT count(*)::int8 AS n FROM trading_history WHERE timeframe = '1min'",
        )
      )[0]!.n;
    const before = await count();
    await service.close();
    service = await start();
    expect(
      await at('10:10', () => service.client().ingestBars({ body: { symbols } })),
    ).toMatchObject({
      stored: 0,
      refused: [],
    });
    expect(await count()).toBe(before);
  });

  it('gives quotes as they are known, and names what it does not know', async () => {
    const symbol = day.securities[0]!.symbol;
    const { quotes } = await at('10:11', () =>
      service.client().refreshQuotes({ body: { symbols: [symbol] } }),
    );
    expect(Number(quotes[0]!.ask_price)).toBeGreaterThanOrEqual(Number(quotes[0]!.bid_price));
    await expect(
      at('10:11', () => service.client().listBars({ params: { symbol: 'QQQQQ' }, query: {} })),
    ).rejects.toMatchObject({ code: 'UNKNOWN_SYMBOL' });
  });

  it('tells in its health when the last bar ended and the last quote was made', async () => {
    const { latest } = (await (await fetch(`${service.url}/health`)).json()) as Health;
    expect(latest).toEqual({
      last_bar: expect.stringMatching(/^2026-03-24T14:/),
      last_quote: expect.stringMatching(/^2026-03-24T1/),
    });
  });

  it('sees nothing of tomorrow in daily bars', async () => {
    const [row] = await database.database.query<{ last: string }>(
      "SELECT max(t.trade_date) AS last FROM trading_history h JOIN time_dimension t USING (time_id) WHERE h.timeframe = '1day'",
    );
    expect(row!.last < DATE).toBe(true);
  });

  it('measures a session that is over as of its end, until the next day begins at 04:00', async () => {
    const body = { symbols: [day.securities[0]!.symbol], phase: 'intraday' as const };
    const read = () => service.client().computeSnapshots({ body });
    const { snapshots: atEnd } = await at('20:00', read);
    expect(atEnd[0]!.relative_volume).not.toBeNull();
    const night = newYorkTime('2026-03-25', '03:59');
    const { snapshots: atNight } = await atStep(night, read);
    expect(atNight).toEqual([{ ...atEnd[0]!, as_of: night }]);
  });

  it('measures a session that is over while the next day is at hand, and neither takes from it nor changes it', async () => {
    const symbol = day.securities[0]!.symbol;
    const morning = newYorkTime('2026-03-25', '05:00');
    const measure = (session: { session_date?: string } = {}) =>
      atStep(morning, async () => {
        const { snapshots } = await service
          .client()
          .computeSnapshots({ body: { ...session, symbols: [symbol], phase: 'intraday' } });
        return snapshots[0]!;
      });
    const choose = (session: { session_date?: string } = {}) =>
      atStep(morning, () =>
        service
          .client()
          .selectUniverse({ body: { ...session, limit: 100, symbols_with_news: [symbol] } }),
      );
    const atEnd = await atStep(newYorkTime(DATE, '20:00'), async () => {
      const body = { symbols: [symbol], phase: 'intraday' as const };
      return (await service.client().computeSnapshots({ body })).snapshots[0]!;
    });
    await database.database.query('SELECT get_or_create_times($1)', [
      [toTimeId(newYorkTime('2026-03-25', '04:10'))],
    ]);
    await database.database.query(
      `INSERT INTO trading_history (security_id, time_id, timeframe, feed, open, high, low, close,
         volume) SELECT security_id, $2, '1min', 'iex', 7, 7, 7, 7, 100
       FROM securities WHERE symbol = $1`,
      [symbol, toTimeId(newYorkTime('2026-03-25', '04:10'))],
    );
    const before = [await measure(), await choose()];
    expect(before[0]).toMatchObject({ last_price: 7 });
    const over = { session_date: DATE };
    expect(await measure(over)).toEqual({ ...atEnd, as_of: morning });
    expect((await choose(over)).members).toHaveLength(1);
    expect([await measure(), await choose()]).toEqual(before);
    for (const session_date of ['2026-03-25', '2026-03-21', '2026-03-26'])
      await expect(measure({ session_date })).rejects.toMatchObject({
        code: 'INVALID_REQUEST',
        message: `${session_date} is no session that is over`,
      });
  });

  it('takes a day back that the broker does not list any more', async () => {
    const days = () =>
      database.database.query<{ trade_date: string }>(
        "SELECT trade_date FROM market_calendar WHERE trade_date >= '2026-03-27' ORDER BY 1 LIMIT 2",
      );
    await database.database.query(
      "INSERT INTO market_calendar VALUES ('2026-03-28', '09:30', '16:00')",
    );
    await at('20:00', () => service.client().syncReference({ body: { trade_date: DATE } }));
    expect(await days()).toEqual([{ trade_date: '2026-03-27' }, { trade_date: '2026-03-30' }]);
  });
});
