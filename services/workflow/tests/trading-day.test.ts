import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { tradingSignal, type workflowApi } from '@catalyst/contracts';
import { stableId, later } from '@catalyst/domain';
import { startTestService, type TestService } from '@catalyst/testkit';
import { workflowService } from '../src/service.ts';
import { startFixtureFleet, type FixtureFleet } from './fixture-fleet/fixture-fleet.ts';
import { openDay } from './fixture-fleet/open-day.ts';
import { at, DATE } from './fixture-fleet/script.ts';

let fleet: FixtureFleet;
let service: TestService<typeof workflowApi>;
let cycle_id: string;
const workflow = () => service.client('cli');
const inUtc = (clock: string) => at(clock);

beforeAll(async () => {
  fleet = await startFixtureFleet();
  fleet.script.triggers = {
    AAA: ['10:02', '10:10'],
    BBB: ['10:02', '10:16', '10:20'],
    CCC: ['14:59', '15:00'],
  };
  fleet.script.refusals = { BBB: 'MAX_POSITIONS' };
  service = await startTestService(workflowService, {
    database_url: fleet.database.url,
    keys: fleet.keys,
    replay_start_at: at('04:00'),
    env: fleet.env,
  });
}, 60_000);
afterAll(async () => {
  await service?.close();
  await fleet?.close();
});

describe('an autonomous day', () => {
  it('is not advanced before its cycle is opened', async () => {
    await expect(workflow().advanceReplay({ body: { to: at('04:05') } })).rejects.toMatchObject({
      code: 'CYCLE_NOT_ACTIVE',
    });
    await expect(workflow().showCurrentCycle()).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
  it('refuses a universe outside 50-200 with what was given, the least and the most', async () => {
    for (const universe_size of [49, 201, 99.5]) {
      await expect(workflow().startCycle({ body: { universe_size } })).rejects.toMatchObject({
        code: 'INVALID_UNIVERSE_SIZE',
        details: { provided: universe_size, min: 50, max: 200 },
      });
    }
  });
  it('refuses a date on which the exchange is closed, and names the next session', async () => {
    await expect(
      workflow().startCycle({ body: { trade_date: '2026-04-03' } }),
    ).rejects.toMatchObject({
      code: 'INVALID_REQUEST',
      message: expect.stringContaining('next trading day is 2026-04-06'),
    });
  });
  it('opens as scheduled, once per date', async () => {
    const { cycle } = await openDay(workflow());
    cycle_id = cycle.cycle_id;
    expect(cycle).toMatchObject({
      cycle_id: stableId('cycle', 'test', DATE),
      trade_date: DATE,
      state: 'scheduled',
      session_mode: 'autonomous',
      universe_size: 100,
      open_at: at('09:30'),
      close_at: at('16:00'),
      is_half_day: false,
      created_at: at('04:00'),
    });
    await expect(workflow().startCycle({ body: {} })).rejects.toMatchObject({
      code: 'CYCLE_EXISTS',
      status: 409,
      details: { cycle_id },
    });
  });
  it('collects news before the open, each collection at its own step time', async () => {
    await workflow().advanceReplay({ body: { to: at('07:59') } });
    expect(fleet.callsTo('collectNews').map((call) => call.at)).toEqual(
      Array.from({ length: 48 }, (_, index) =>
        new Date(Date.parse(at('04:00')) + index * 300_000).toISOString(),
      ),
    );
    expect(fleet.exchange.now).toBe(at('07:59'));
  });
  it('scans at 08:00, is ready, and says what is next', async () => {
    expect(await workflow().advanceReplay({ body: { to: at('08:00') } })).toEqual({
      now: at('08:00'),
      state: 'ready',
    });
    expect(fleet.callsTo('startScan')).toMatchObject([
      {
        at: at('08:00'),
        body: {
          cycle_id,
          universe_size: 100,
          phase: 'pre_market',
          wait: true,
          scan_id: stableId('scan', cycle_id, at('08:00')),
        },
      },
    ]);
    expect(await workflow().showCurrentCycle()).toMatchObject({
      as_of: at('08:00'),
      candidates: ['AAA', 'BBB'],
      next_job: { job: 'collect_news', due_at: at('08:05') },
      open_positions: 0,
      closed_positions: 0,
      day_pnl_usd: '0',
    });
  });
  it('trades from the open, but asks for no trigger in the opening range', async () => {
    expect((await workflow().advanceReplay({ body: { to: at('09:44') } })).state).toBe('trading');
    expect(fleet.callsTo('checkTriggers')).toEqual([]);
    expect(fleet.callsTo('monitorPositions').map((call) => call.at)).toEqual(
      Array.from({ length: 14 }, (_, index) =>
        new Date(Date.parse(at('09:31')) + index * 60_000).toISOString(),
      ),
    );
    // every five minutes since the first scan, but for the open itself
    const expected = Array.from({ length: 21 }, (_, index) =>
      later(at('08:00'), index * 300_000),
    ).filter((time) => time !== at('09:30'));
    const scans = fleet.callsTo('startScan');
    expect(scans.map((call) => call.at)).toEqual(expected);
    expect(scans.map((call) => (call.body as { phase: string }).phase)).toEqual(
      expected.map((time) => (time < at('09:30') ? 'pre_market' : 'intraday')),
    );
  });
  it('enters a confirmed candidate at once: reviewed, then submitted, then settled', async () => {
    await workflow().advanceReplay({ body: { to: at('10:02') } });
    const intent = {
      intent_id: stableId('intent', cycle_id, 'AAA', at('10:02')),
      cycle_id,
      symbol: 'AAA',
      direction: 'long',
      qty: null,
      entry_price: '50.1',
      limit_price: '50.2',
      stop_price: '49',
      target_price: '53',
    };
    expect(fleet.callsTo('checkOrder').map(({ body }) => body)).toMatchObject([
      intent,
      { symbol: 'BBB' },
    ]);
    expect(fleet.callsTo('submitOrder')).toMatchObject([
      { at: at('10:02'), body: { intent, approval_id: stableId('approval', intent.intent_id) } },
    ]);
    expect(fleet.exchange.seq).toBe(3);
    // the drain of the entry's updates caused one more, which was waited for too
    expect(fleet.trading.drained.slice(-2)).toEqual([2, 3]);
  });
  it('keeps each decision with its outcome, and the refusal with code and numbers', async () => {
    const { decisions } = await workflow().listDecisions({ query: { cycle_id } });
    const entries = decisions.filter(({ kind }) => kind === 'enter');
    expect(entries).toMatchObject([
      {
        symbol: 'AAA',
        decided_at: at('10:02'),
        outcome: 'submitted',
        intent_id: stableId('intent', cycle_id, 'AAA', at('10:02')),
      },
      {
        symbol: 'BBB',
        decided_at: at('10:02'),
        outcome: 'MAX_POSITIONS',
        reason: 'risk refused: five positions are held (limit 5, was 6, at most 0 would pass)',
      },
    ]);
    expect(entries[0]!.reason).toContain(
      'rank 1, earnings catalyst, confidence 0.82; closed at 50.05 above 50',
    );
  });
  it('announces what risk approved as a signal with a gapless number, and not what it refused', async () => {
    const signals = await fleet.database.database.query(
      'SELECT seq, side, entry_price, stop_price, target_price, confidence, valid_until FROM trading_signals ORDER BY seq',
    );
    expect(signals).toMatchObject([
      {
        seq: 1,
        side: 'buy',
        entry_price: '50.2',
        stop_price: '49',
        target_price: '53',
        confidence: 0.82,
        valid_until: at('10:07'),
      },
    ]);
    const [row] = await fleet.database.database.query<{ payload: unknown }>(
      'SELECT payload FROM trading_signals',
    );
    expect(tradingSignal.parse(row!.payload)).toEqual({
      v: 1,
      seq: 1,
      signal_id: expect.any(String),
      at: at('10:02'),
      kind: 'signal',
      symbol: 'AAA',
      side: 'buy',
      order_type: 'limit',
      entry_price: expect.any(String),
      stop_price: '49',
      target_price: '53',
      confidence: 0.82,
      catalyst_type: 'earnings',
      source: null,
      pattern: 'bull_flag',
      reason: expect.stringContaining('rank 1, earnings catalyst'),
      sector: null,
      price: '50.1',
      relative_volume: null,
      market_cap: null,
      market_cap_as_of: null,
      valid_until: at('10:07'),
      chain: {
        cycle_id,
        decision_id: expect.any(String),
        scan_id: expect.any(String),
        article_id: null,
        headline: 'AAA beats',
      },
    });
  });
  it('records a reason to skip only when it changes', async () => {
    const { decisions } = await workflow().listDecisions({ query: { cycle_id } });
    expect(
      decisions
        .filter(({ kind }) => kind === 'skip')
        .map(({ symbol, outcome, decided_at }) => [symbol, outcome, decided_at]),
    ).toEqual([
      ['AAA', 'waiting_for_trigger', at('09:45')],
      ['BBB', 'waiting_for_trigger', at('09:45')],
    ]);
  });
  it('tries what risk refused again after a quarter of an hour, and what it entered not again', async () => {
    await workflow().advanceReplay({ body: { to: at('10:30') } });
    expect(
      fleet
        .callsTo('checkOrder')
        .map(({ at: when, body }) => [when, (body as { symbol: string }).symbol]),
    ).toEqual([
      [at('10:02'), 'AAA'],
      [at('10:02'), 'BBB'],
      [at('10:20'), 'BBB'],
    ]);
    expect(fleet.callsTo('submitOrder')).toHaveLength(1);
  });
  it('watches what is held and whom news moves, each minute', async () => {
    const last = fleet.callsTo('ingestBars').at(-1)!;
    expect(last.body).toEqual({ symbols: ['AAA', 'BBB'] });
  });
  it('takes the candidates of a new scan, with their bars, in the same minute', async () => {
    fleet.script.candidates = ['CCC', 'AAA'];
    await workflow().advanceReplay({ body: { to: at('10:35') } });
    expect(fleet.callsTo('ingestBars').map(({ at: when, body }) => [when, body])).toContainEqual([
      at('10:35'),
      { symbols: ['CCC'] },
    ]);
    expect(fleet.callsTo('checkTriggers').at(-1)).toMatchObject({
      at: at('10:35'),
      body: { symbols: ['CCC'] },
    });
  });
  it('is scanned less often at midday', async () => {
    await workflow().advanceReplay({ body: { to: at('12:31') } });
    expect(
      fleet
        .callsTo('startScan')
        .map((call) => call.at)
        .slice(-4),
    ).toEqual([inUtc('11:45'), inUtc('12:00'), inUtc('12:15'), inUtc('12:30')]);
  });
  it('enters at the last minute before the last hour and not after', async () => {
    await workflow().advanceReplay({ body: { to: at('15:29') } });
    expect(fleet.callsTo('checkOrder').at(-1)).toMatchObject({
      at: at('14:59'),
      body: { symbol: 'CCC' },
    });
    expect(fleet.callsTo('checkTriggers').at(-1)!.at).toBe(at('14:59'));
    expect(fleet.callsTo('startScan').at(-1)!.at).toBe(at('14:55'));
  });
  it('closes everything half an hour before the close', async () => {
    expect(await workflow().advanceReplay({ body: { to: at('15:30') } })).toEqual({
      now: at('15:30'),
      state: 'closing',
    });
    expect(fleet.callsTo('closeAllPositions')).toMatchObject([
      { at: at('15:30'), body: { reason: 'end_of_day', by: 'workflow' } },
    ]);
    expect(fleet.callsTo('cancelAllOrders')).toHaveLength(1);
  });
  it('reconciles once it is flat, then reports and is closed', async () => {
    expect((await workflow().advanceReplay({ body: { to: at('15:31') } })).state).toBe('reporting');
    expect(fleet.callsTo('reconcile').at(-1)!.at).toBe(at('15:31'));
    expect((await workflow().advanceReplay({ body: { to: at('15:32') } })).state).toBe('closed');
    expect(fleet.callsTo('makeDailyReport')).toMatchObject([
      { at: at('15:32'), body: { cycle_id } },
    ]);
    expect(await workflow().showCurrentCycle()).toMatchObject({
      open_positions: 0,
      closed_positions: 2,
      day_pnl_usd: '25',
      cycle: { state: 'closed' },
    });
  });
  it('collects news each hour after the close, and then nothing is left', async () => {
    const before = fleet.callsTo('collectNews').length;
    expect(await workflow().advanceReplay({ body: { to: at('20:30') } })).toEqual({
      now: at('20:30'),
      state: 'closed',
    });
    expect(
      fleet
        .callsTo('collectNews')
        .slice(before)
        .map((call) => call.at),
    ).toEqual([at('17:00'), at('18:00'), at('19:00'), at('20:00')]);
    expect((await workflow().showCurrentCycle()).next_job).toBeNull();
  });
  it('tells its transitions, jobs and decisions in the order of time', async () => {
    const { entries } = await workflow().showTimeline({ params: { cycle_id } });
    expect(
      entries
        .filter(({ kind }) => kind === 'transition')
        .map(({ at: when, title }) => [when, title]),
    ).toEqual([
      [at('04:00'), 'opened -> scheduled'],
      [at('08:00'), 'scheduled -> scanning'],
      [at('08:00'), 'scanning -> ready'],
      [at('09:30'), 'ready -> trading'],
      [at('15:30'), 'trading -> closing'],
      [at('15:31'), 'closing -> reporting'],
      [at('15:32'), 'reporting -> closed'],
    ]);
    expect(entries.map((entry) => entry.at)).toEqual(entries.map((entry) => entry.at).sort());
    expect(
      entries.some(({ kind, title }) => kind === 'decision' && title === 'enter AAA: submitted'),
    ).toBe(true);
  });
  it('has announced every transition and signal, in the order of their rows', async () => {
    const rows = await fleet.database.database.query<{
      channel: string;
      payload: { to?: string; seq?: number };
    }>(
      "SELECT channel, envelope -> 'payload' AS payload FROM outbox WHERE service = 'workflow' ORDER BY seq",
    );
    expect(
      rows
        .filter(({ channel }) => channel === 'catalyst:cycle_state')
        .map(({ payload }) => payload.to),
    ).toEqual(['scheduled', 'scanning', 'ready', 'trading', 'closing', 'reporting', 'closed']);
    expect(
      rows
        .filter(({ channel }) => channel === 'catalyst:trading_signal')
        .map(({ payload }) => payload.seq),
    ).toEqual([1, 2]);
  });
  it('recorded every job of the day as done', async () => {
    expect(await fleet.database.database.query('SELECT DISTINCT state FROM job_runs')).toEqual([
      { state: 'done' },
    ]);
  });
});
