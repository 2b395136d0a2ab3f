import { afterEach, describe, expect, it } from '@jest/globals';
import type { workflowApi } from '@catalyst/contracts';
import { AppError } from '@catalyst/service-kit';
import { startTestService, type TestService } from '@catalyst/testkit';
import { workflowService } from '../src/service.ts';
import { startFixtureFleet, type FixtureFleet } from './fixture-fleet/fixture-fleet.ts';
import { openDay } from './fixture-fleet/open-day.ts';
import { at } from './fixture-fleet/script.ts';

let fleet: FixtureFleet;
let service: TestService<typeof workflowApi>;
const workflow = () => service.client('cli');
/** The service, on whose clock no wait takes any time. */
const spec: typeof workflowService = {
  ...workflowService,
  start: (kit) => workflowService.start({ ...kit, clock: { ...kit.clock, sleep: async () => {} } }),
};

/** The fleet and the workflow of a replay that begins some minutes before what a test looks at. */
const start = async (from: string): Promise<void> => {
  fleet = await startFixtureFleet(from);
  fleet.script.triggers = { AAA: ['10:02', '14:52'], BBB: ['10:06', '14:56'] };
  service = await startTestService(spec, {
    database_url: fleet.database.url,
    keys: fleet.keys,
    replay_start_at: at(from),
    env: fleet.env,
  });
};
afterEach(async () => {
  await service?.close();
  await fleet?.close();
});

describe('a day on which something goes wrong', () => {
  it('closes everything when a limit is reached, and enters nothing while the desk is not active', async () => {
    await start('09:55');
    const { advanceTo } = await openDay(workflow());
    fleet.script.flatten_at = '10:05';
    await advanceTo('10:04');
    fleet.script.trading_state = 'flattening';
    await advanceTo('10:10');
    expect(
      fleet
        .callsTo('closeAllPositions')
        .map((call) => [call.at, (call.body as { reason: string }).reason]),
    ).toEqual([[at('10:05'), 'risk_flatten']]);
    const { decisions } = await workflow().listDecisions({
      query: { cycle_id: (await workflow().showCurrentCycle()).cycle.cycle_id },
    });
    expect(decisions.find(({ decided_at }) => decided_at === at('10:06'))).toMatchObject({
      symbol: 'BBB',
      kind: 'skip',
      outcome: 'desk_not_active',
    });
    expect(fleet.callsTo('submitOrder')).toHaveLength(1);
  });

  it.each([
    ['two more looks at the account agree', 2, 1],
    ['a third would be needed', 3, 0],
  ])('closes in the minute of a limit where %s', async (_, looks_again, closes) => {
    await start('09:55');
    const { advanceTo } = await openDay(workflow());
    fleet.script.flatten_at = '10:05';
    fleet.script.looks_again = looks_again;
    await advanceTo('10:05');
    const inMinute = (route: string) =>
      fleet.callsTo(route).filter((call) => call.at === at('10:05')).length;
    expect(inMinute('monitorPositions')).toBe(3);
    expect(inMinute('checkLimits')).toBe(3);
    expect(inMinute('closeAllPositions')).toBe(closes);
  });

  it('closes again each minute until it is flat, and fails with an alert when the market closes first', async () => {
    await start('14:50');
    const {
      advanceTo,
      cycle: { cycle_id },
    } = await openDay(workflow());
    fleet.trading.behaviour.fills_exits = false;
    await advanceTo('15:59');
    expect(
      fleet.callsTo('closeAllPositions').filter((call) => call.at >= at('15:30')),
    ).toHaveLength(30);
    expect(
      new Set(
        fleet
          .callsTo('closeAllPositions')
          .map(({ body }) => (body as { request_id: string }).request_id),
      ).size,
    ).toBe(30);
    expect((await advanceTo('16:05')).state).toBe('failed');
    expect(
      (await workflow().listAlerts({ query: {} })).alerts.map(({ code, severity }) => [
        code,
        severity,
      ]),
    ).toContainEqual(['NOT_FLAT', 'critical']);
    const { entries } = await workflow().showTimeline({ params: { cycle_id } });
    expect(entries.filter(({ kind }) => kind === 'transition').at(-1)).toMatchObject({
      at: at('16:01'),
      title: 'reporting -> failed',
      details: { reason: 'the day ended with 2 open positions' },
    });
    expect(fleet.callsTo('makeDailyReport')).toHaveLength(1);
  });

  it('opens although the broker sent an asset that nobody can read, and tells of it', async () => {
    await start('09:55');
    fleet.script.unread = ['assets ODD: status: Invalid option'];
    expect((await openDay(workflow())).cycle.state).toBe('scheduled');
    expect((await workflow().listAlerts({ query: {} })).alerts).toMatchObject([
      {
        code: 'ITEMS_UNREAD',
        severity: 'warning',
        message: 'the broker sent what cannot be read: assets ODD: status: Invalid option',
      },
    ]);
  });

  it('warns of an approved entry that the broker did not take, and does not enter the stock again', async () => {
    await start('09:55');
    const { advanceTo, cycle } = await openDay(workflow());
    fleet.trading.behaviour.takes_entries = false;
    await advanceTo('10:04');
    fleet.trading.behaviour.takes_entries = true;
    await advanceTo('10:30');
    expect((await workflow().listAlerts({ query: {} })).alerts).toMatchObject([
      {
        at: at('10:02'),
        code: 'ENTRY_REFUSED',
        severity: 'warning',
        message: 'the approved entry of AAA was not taken: the broker did not take it in 3 tries',
      },
    ]);
    const { decisions } = await workflow().listDecisions({ query: { cycle_id: cycle.cycle_id } });
    expect(
      decisions
        .filter(({ symbol, kind }) => symbol === 'AAA' && kind === 'enter')
        .map(({ outcome }) => outcome),
    ).toEqual(['ENTRY_REFUSED']);
  });

  it('tells of a held stock without a price once, and once more when it has one again', async () => {
    await start('09:55');
    const { advanceTo } = await openDay(workflow());
    await advanceTo('10:04');
    const [held] = fleet.callsTo('submitOrder');
    const { symbol } = (held!.body as { intent: { symbol: string } }).intent;
    fleet.script.stale_prices = [{ symbol, last_price_at: at('10:02'), age_seconds: 150 }];
    await advanceTo('10:08');
    fleet.script.stale_prices = [];
    await advanceTo('10:12');
    const told = (await workflow().listAlerts({ query: {} })).alerts
      .filter(({ code }) => code.startsWith('PRICE_'))
      .map((alert) => [alert.code, alert.severity, alert.message]);
    expect(told.reverse()).toEqual([
      [
        'PRICE_MISSING',
        'warning',
        `${symbol} is held and has had no price since 10:02: its profit is reckoned with an old one`,
      ],
      ['PRICE_RETURNED', 'info', `${symbol} has a price again`],
    ]);
  });

  it('reports with the differences when the broker does not agree for ten minutes', async () => {
    await start('14:50');
    const { advanceTo } = await openDay(workflow());
    fleet.trading.behaviour.reconciles = false;
    expect((await advanceTo('15:39')).state).toBe('closing');
    expect((await advanceTo('15:41')).state).toBe('closed');
    expect((await workflow().listAlerts({ query: {} })).alerts[0]).toMatchObject({
      at: at('15:40'),
      code: 'NOT_RECONCILED',
      severity: 'critical',
    });
  });

  it('records a job that fails, tells it, and goes on with the next', async () => {
    await start('09:25');
    const {
      advanceTo,
      cycle: { cycle_id },
    } = await openDay(workflow());
    fleet.script.beforeCall = async ({ route, at: when }) => {
      if (route === 'monitorPositions' && when === at('09:33'))
        throw new AppError('INVALID_REQUEST', 'the account was in a strange state');
    };
    await advanceTo('09:35');
    expect(
      await fleet.database.database.query(
        "SELECT job, due_at, note FROM job_runs WHERE state = 'failed'",
      ),
    ).toEqual([{ job: 'minute', due_at: at('09:33'), note: 'the account was in a strange state' }]);
    expect((await workflow().listAlerts({ query: {} })).alerts).toMatchObject([
      {
        at: at('09:33'),
        code: 'JOB_FAILED',
        message: `minute due at ${at('09:33')} failed: the account was in a strange state`,
      },
    ]);
    expect(
      (await workflow().showTimeline({ params: { cycle_id } })).entries.some(
        ({ title }) => title === 'minute failed',
      ),
    ).toBe(true);
    expect(fleet.callsTo('monitorPositions').at(-1)!.at).toBe(at('09:35'));
  });

  it('watches positions and limits, and closes what is over one, in a minute without bars', async () => {
    await start('09:55');
    const { advanceTo } = await openDay(workflow());
    fleet.script.flatten_at = '10:05';
    await advanceTo('10:04');
    fleet.script.beforeCall = async ({ route }) => {
      if (route === 'ingestBars') throw new AppError('INVALID_REQUEST', 'no bars today');
    };
    await advanceTo('10:05');
    expect(fleet.callsTo('monitorPositions').at(-1)!.at).toBe(at('10:05'));
    expect(fleet.callsTo('closeAllPositions')).toMatchObject([{ at: at('10:05') }]);
    expect(
      await fleet.database.database.query(
        "SELECT due_at, note FROM job_runs WHERE state = 'failed' AND job = 'minute'",
      ),
    ).toEqual([{ due_at: at('10:05'), note: 'no bars today' }]);
  });

  it('fails the cycle when no report can be made', async () => {
    await start('14:50');
    const { advanceTo } = await openDay(workflow());
    fleet.script.beforeCall = async ({ route }) => {
      if (route === 'makeDailyReport') throw new AppError('INVALID_REQUEST', 'no paper');
    };
    expect((await advanceTo('15:45')).state).toBe('failed');
    expect((await workflow().listAlerts({ query: {} })).alerts[0]).toMatchObject({
      code: 'REPORT_FAILED',
    });
  });

  it('lets a second conductor wait for the first', async () => {
    await start('07:55');
    const { advanceTo } = await openDay(workflow());
    const [first, second] = await Promise.all([advanceTo('08:30'), advanceTo('08:10')]);
    expect([first.now, second.now]).toEqual([at('08:30'), at('08:30')]);
    expect(fleet.callsTo('startScan').map((call) => call.at)).toEqual(
      ['08:00', '08:05', '08:10', '08:15', '08:20', '08:25', '08:30'].map(at),
    );
    expect(fleet.exchange.steps).toEqual([...new Set(fleet.exchange.steps)].sort());
  });

  it('catches up a cycle that is opened in mid-day and records what was missed', async () => {
    await start('11:02');
    const { advanceTo } = await openDay(workflow());
    expect((await advanceTo('11:03')).state).toBe('trading');
    expect(fleet.callsTo('startScan')).toMatchObject([
      { at: at('11:02'), body: { phase: 'pre_market' } },
      { at: at('11:02'), body: { phase: 'intraday' } },
    ]);
    const skipped = await fleet.database.database.query<{ job: string; n: number }>(
      "SELECT job, count(*)::integer AS n FROM job_runs WHERE state = 'skipped' GROUP BY job ORDER BY job",
    );
    expect(skipped.find(({ job }) => job === 'collect_news')).toEqual({
      job: 'collect_news',
      n: 66,
    });
    expect(fleet.callsTo('checkTriggers').map((call) => call.at)).toEqual([
      at('11:02'),
      at('11:03'),
    ]);
  });

  it('only conducts a replay', async () => {
    await start('09:55');
    const database = fleet.database;
    await service.close(); // one process at a time is the desk's workflow
    await database.database.query('TRUNCATE desk');
    const paper = await startTestService(workflowService, {
      database_url: database.url,
      keys: fleet.keys,
    });
    await expect(
      paper.client('cli').advanceReplay({ body: { to: at('10:00') } }),
    ).rejects.toMatchObject({ code: 'REPLAY_ONLY', status: 409 });
    await paper.close();
  });
});
