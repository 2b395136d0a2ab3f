import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Health, Proposal } from '@catalyst/contracts';
import { newYorkTime, stableId, toTimeId } from '@catalyst/domain';
import { freePort } from '@catalyst/platform';
import { BUNDLED_DAY, startReplay, type Replay } from '@catalyst/testkit';
import { startVendorProxy, type Meddle, type VendorProxy } from './vendor-proxy.ts';

const NEWS = '/v1beta1/news';
let day: Replay;
let vendor: VendorProxy;

const newsHealth = async (): Promise<Health> =>
  (await (await fetch(`${day.desk.fleet.urls.news}/health`)).json()) as Health;
const newsAnswers =
  (status: number, body: string): Meddle =>
  (path) =>
    path === NEWS ? { status, body } : undefined;
const storedArticles = async (): Promise<number> =>
  (await day.database.query<{ n: number }>('SELECT count(*)::int8 AS n FROM news_raw'))[0]!.n;
const timeline = async () =>
  (
    await day.workflow.showTimeline({
      params: { cycle_id: (await day.workflow.showCurrentCycle()).cycle.cycle_id },
    })
  ).entries;

// one replay carries every trouble in turn; each begins with the vendor well again
beforeAll(async () => {
  const port = await freePort();
  vendor = await startVendorProxy(`http://127.0.0.1:${port}`);
  day = await startReplay({
    day_dir: BUNDLED_DAY,
    as_processes: true,
    simulator_args: ['--port', String(port)],
    service_env: { ALPACA_DATA_URL: vendor.url },
  });
  await day.advanceTo('09:41');
}, 120_000);
afterAll(async () => {
  await day?.stop();
  await vendor?.close();
}, 60_000);

const expectDegraded = async (): Promise<void> => {
  expect(await newsHealth()).toMatchObject({
    status: 'degraded',
    notes: [expect.stringContaining('alpaca news is degraded')],
  });
  const scan = await day.scanner.showLatestScan({ query: {} });
  expect(scan).toMatchObject({
    status: 'complete',
    phase: 'intraday',
    degraded: [expect.stringContaining('alpaca news is degraded')],
  });
  expect(scan.counts.universe).toBe(100);
  expect(scan.counts.catalyst).toBeGreaterThan(0);
};
const expectWell = async (): Promise<void> => {
  expect(await newsHealth()).toMatchObject({ status: 'healthy', notes: [] });
  expect((await day.scanner.showLatestScan({ query: {} })).degraded).toEqual([]);
};
const preview = (symbol: string, when: string): Promise<Proposal> =>
  day.workflow.previewTrade({
    body: {
      ...{ symbol, side: 'buy', qty: '1', by: 'a person' },
      request_id: stableId('asked', symbol, when),
    },
  });
/** Whether three minutes without a bar would look like a halt of it. */
const tradesAlways = async (symbol: string): Promise<boolean> =>
  (
    await day.database.query(
      "SELECT 1 FROM v_bars WHERE symbol = $1 AND timeframe = '1min' AND time_id >= $2",
      [symbol, toTimeId(newYorkTime(day.trade_date, '10:15'))],
    )
  ).length >= 30;
/** A trade that a person may make in a stock that the desk neither holds nor watches. */
const unwatchedTrade = async (): Promise<Proposal> => {
  const { results } = await day.scanner.showLatestScan({ query: {} });
  const { positions } = await day.trading.listPositions({ query: { status: 'all' } });
  const had = new Set(positions.map(({ symbol }) => symbol));
  for (const { symbol, stage } of results) {
    // the minutes of stocks that news moves are fetched anyway
    if (stage !== 'catalyst' || had.has(symbol)) continue;
    const seen = await preview(symbol, 'first');
    if (seen.verdict.verdict === 'approved' && (await tradesAlways(symbol))) return seen;
  }
  throw new Error('risk would let no trade in an unwatched stock pass');
};

describe('a vendor in trouble in mid-day', () => {
  it('sends garbage for news: the desk trades on stored stories, shows that it is degraded in /health and with each scan, and catches up by itself', async () => {
    await expectWell();
    const known = await storedArticles();
    vendor.meddle(
      newsAnswers(200, '<html><body>We are improving our service for you</body></html>'),
    );
    await day.advanceTo('10:16');
    expect(vendor.spoiled.get(NEWS)).toBeGreaterThan(0);
    expect(await storedArticles()).toBe(known);
    await expectDegraded();
    expect(
      (await day.trading.listPositions({ query: { status: 'all' } })).positions.length,
    ).toBeGreaterThan(0);

    vendor.meddle(null);
    await day.advanceTo('10:26');
    expect(await storedArticles()).toBeGreaterThan(known);
    await expectWell();
  }, 60_000);

  it('sends a bar that breaks OHLC: it is refused and kept apart with its reason, and every other bar is stored', async () => {
    let symbol: string | undefined;
    const at = newYorkTime(day.trade_date, '10:28');
    vendor.meddle((path, { status, body }) => {
      if (!path.endsWith('/bars') || status !== 200) return undefined;
      const page = JSON.parse(body) as {
        bars: Record<string, { t: string; h: number; l: number }[]>;
      };
      // the first stock that traded in that minute, and always that one
      symbol ??= Object.keys(page.bars)
        .sort()
        .find((name) => page.bars[name]!.some(({ t }) => Date.parse(t) === Date.parse(at)));
      const bar = page.bars[symbol ?? '']?.find(({ t }) => Date.parse(t) === Date.parse(at));
      if (!bar) return undefined;
      bar.h = bar.l / 2;
      return { status, body: JSON.stringify(page) };
    });
    await day.advanceTo('10:36');
    vendor.meddle(null);
    const refused = await day.database.query(
      'SELECT symbol, time_id, timeframe, reason FROM refused_bars JOIN v_securities USING (security_id)',
    );
    expect(refused).toEqual([
      {
        symbol,
        time_id: toTimeId(at),
        timeframe: '1min',
        reason: expect.stringMatching(/^high must be at least .+, was /),
      },
    ]);
    const stored = await day.database.query<{ time_id: number }>(
      "SELECT time_id FROM v_bars WHERE symbol = $1 AND timeframe = '1min' AND time_id >= $2 ORDER BY time_id",
      [symbol, toTimeId(at) - 3],
    );
    expect(stored.map(({ time_id }) => time_id - toTimeId(at)).slice(0, 7)).toEqual([
      -3, -2, -1, 1, 2, 3, 4,
    ]);
    expect(
      (await timeline()).filter(({ details }) =>
        String(details.note).includes(`bar of ${symbol} refused`),
      ).length,
    ).toBeGreaterThan(0);
  }, 60_000);

  it('hangs up on those who ask for news: the desk goes on, degraded, until the vendor answers again', async () => {
    const before = vendor.spoiled.get(NEWS)!;
    vendor.meddle((path) => (path === NEWS ? 'hang_up' : undefined));
    await day.advanceTo('10:41');
    expect(vendor.spoiled.get(NEWS)).toBeGreaterThan(before);
    await expectDegraded();
    vendor.meddle(null);
    await day.advanceTo('10:46');
    await expectWell();
  }, 60_000);

  it('takes no orders: a person who asks for one is told within seconds, after three sends, with an alert', async () => {
    for (const [name, value] of [
      ['max_positions', 8],
      ['max_gross_ratio', 2],
    ] as const)
      await day.workflow.updateRiskParameter({
        params: { name },
        body: { value, by: 'a person', reason: 'room for one more' },
      });
    const asked = await unwatchedTrade();
    await day.advanceTo('10:50');
    const faults = `${day.desk.simulator!.url}/sim/faults`;
    await fetch(faults, {
      method: 'POST',
      body: JSON.stringify({
        where: { rest: 'POST /v2/orders' },
        what: { kind: 'status', status: 503 },
      }),
    });
    const { proposal_id, symbol } = asked;
    const answer = await day.workflow.executeProposal({
      params: { proposal_id },
      body: { by: 'a person' },
    });
    const scripted = (await (await fetch(faults)).json()) as { fired: number }[];
    await fetch(faults, { method: 'DELETE' });
    expect(answer).toMatchObject({
      state: 'refused',
      outcome: 'ENTRY_REFUSED: the broker did not take it in 3 tries',
    });
    expect(scripted.map(({ fired }) => fired)).toEqual([3]);
    const { alerts } = await day.workflow.listAlerts({ query: {} });
    expect(alerts.filter(({ code }) => code === 'ENTRY_REFUSED')).toMatchObject([
      { severity: 'warning', message: expect.stringContaining(`entry of ${symbol} was not taken`) },
    ]);
    // nobody has fetched its minutes since, which is no halt of it
    await day.advanceTo('10:55');
    const { verdict } = await preview(symbol, 'again');
    expect(verdict).not.toMatchObject({ code: 'SYMBOL_HALTED' });
  }, 60_000);

  it('answers 500 to the end of the day: the day closes, flat and reconciled, the timeline says what was missing, and nothing crashed', async () => {
    const before = vendor.spoiled.get(NEWS)!;
    vendor.meddle(newsAnswers(500, '{"message":"internal server error"}'));
    const report = await day.finish();
    expect(vendor.spoiled.get(NEWS)).toBeGreaterThan(before);
    expect((await day.workflow.showCurrentCycle()).cycle.state).toBe('closed');
    expect(report).toMatchObject({
      open_positions: 0,
      open_orders: 0,
      reconciliation: { reconciled: true },
    });
    expect(report.trades.length).toBeGreaterThan(0);
    const entries = await timeline();
    expect(
      entries.filter(
        ({ title, details }) => title === 'rescan done' && String(details.note).includes('alpaca'),
      ).length,
    ).toBeGreaterThan(10);
    expect(entries.filter(({ title }) => title.endsWith('failed'))).toEqual([]);
    expect(
      day.desk.fleet
        .processes()
        .map(({ service, restarts }) => [service, restarts])
        .filter(([, restarts]) => restarts !== 0),
    ).toEqual([]);
  }, 120_000);
});
