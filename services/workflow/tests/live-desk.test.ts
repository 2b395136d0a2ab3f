import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { later, newYorkTime, stableId } from '@catalyst/domain';
import type { Health } from '@catalyst/contracts';
import { AppError, createLineClock } from '@catalyst/service-kit';
import { eventually, startTestService } from '@catalyst/testkit';
import { workflowService } from '../src/service.ts';
import { startFixtureFleet, type FixtureFleet } from './fixture-fleet/fixture-fleet.ts';
import { at, DATE } from './fixture-fleet/script.ts';

let fleet: FixtureFleet;
const open: { close(): Promise<void> }[] = [];
/** How long this desk asks a service again that is away. */
const PATIENCE_MS = 250;
/**
 * A paper desk whose clock shows a time of the fixture's day, and on which no wait takes any; its
 * schedule resumes as soon as it starts.
 */
const startDesk = async (clock: string, env: Record<string, string> = {}, date = DATE) => {
  let slept_ms = 0;
  const now = (): string => later(newYorkTime(date, clock), slept_ms);
  const sleep = async (ms: number): Promise<void> => void (slept_ms += ms);
  const start: typeof workflowService.start = (kit) =>
    workflowService.start({
      ...kit,
      clock: { ...kit.clock, now, latest: now, sleep },
      client: (name, api, options) =>
        kit.client(name, api, { ...options, retry_for_ms: PATIENCE_MS }),
    });
  const service = await startTestService(
    { ...workflowService, start },
    { database_url: fleet.database.url, keys: fleet.keys, env: { ...fleet.env, ...env } },
  );
  open.push(service);
  return Object.assign(service.client('cli'), {
    health: async () => (await (await fetch(`${service.url}/health`)).json()) as Health,
  });
};
const stop = async (): Promise<void> => {
  for (const service of open.splice(0)) await service.close();
};
/** A position of an earlier day, as trading keeps it. */
const hold = (symbol: string) =>
  fleet.database.database.query(
    `INSERT INTO positions (position_id, security_id, direction, status, qty, entered_qty,
       created_at, updated_at)
     VALUES ($1, get_or_create_security($2), 'long', 'open', 1, 1, $3, $3)`,
    [stableId('held'), symbol, newYorkTime('2026-03-20', '10:00')],
  );
const runs = (where: string) =>
  fleet.database.database.query<{
    job: string;
    due_at: string;
    state: string;
    note: string | null;
  }>(`SELECT job, due_at, state, note FROM job_runs WHERE ${where} ORDER BY due_at, job`);

beforeEach(async () => {
  fleet = await startFixtureFleet();
}, 60_000);
afterEach(async () => {
  await stop();
  await fleet?.close();
});

describe('a desk on paper', () => {
  it('opens the cycle of a trading day by itself and catches up what it missed, in the order of the day', async () => {
    const workflow = await startDesk('11:02', { SESSION_MODE: 'supervised' });
    const { cycle } = await eventually(async () => {
      const progress = await workflow.showCurrentCycle();
      expect(progress.cycle.state).toBe('trading');
      return progress;
    });
    expect(cycle).toMatchObject({
      session_mode: 'supervised',
      cycle_id: stableId('cycle', 'test', '2026-03-24'),
    });
    await eventually(async () =>
      expect(await runs("job = 'enter' AND state = 'done'")).toHaveLength(1),
    );
    expect((await runs("job = 'minute' AND state = 'skipped'")).at(-1)).toMatchObject({
      due_at: at('11:01'),
      note: `missed; the run due at ${at('11:02')} does its work`,
    });
  });

  it('watches its positions though another service is away, and takes the waiting job up again after a restart', async () => {
    fleet.script.triggers = { AAA: ['04:00'] };
    fleet.script.beforeCall = async ({ route }) => {
      if (route === 'checkTriggers') throw new AppError('SERVICE_UNAVAILABLE', 'pattern is away');
    };
    await startDesk('11:02');
    await eventually(
      async () =>
        expect(await runs("state = 'running'")).toMatchObject([
          { job: 'enter', due_at: at('11:02') },
        ]),
      20_000,
    );
    expect(await runs("job = 'minute' AND state = 'done'")).toMatchObject([
      { due_at: at('11:02') },
    ]);
    await stop();
    fleet.script.beforeCall = async () => {};
    await startDesk('11:03');
    await eventually(
      async () =>
        expect(await runs("job = 'enter' AND state = 'done'")).toMatchObject([
          { due_at: at('11:02'), note: 'AAA submitted' },
          { due_at: at('11:03') },
        ]),
      20_000,
    );
    expect(fleet.callsTo('submitOrder')).toHaveLength(1);
  });

  it.each([
    ['ingestBars', 'SERVICE_UNAVAILABLE'],
    ['ingestBars', 'INTERNAL'],
    ['monitorPositions', 'SERVICE_UNAVAILABLE'],
    ['monitorPositions', 'INTERNAL'],
  ] as const)(
    'looks at protection and limits, and flattens over them, though %s ends in %s',
    async (away, code) => {
      fleet.script.flatten_at = '04:00';
      fleet.script.beforeCall = async ({ route }) => {
        if (route === away) throw new AppError(code, 'it is broken');
      };
      await hold('AAA');
      await startDesk('11:02');
      await eventually(() => {
        for (const act of ['monitorPositions', 'checkLimits', 'closeAllPositions', 'ingestBars'])
          expect(fleet.callsTo(act)).not.toEqual([]);
      }, 20_000);
    },
  );

  it('closes at half past three though the cancel of entries fails', async () => {
    fleet.script.beforeCall = async ({ route }) => {
      if (route === 'cancelAllOrders') throw new AppError('OUTCOME_UNKNOWN', 'one entry is stuck');
    };
    await hold('AAA');
    await startDesk('15:30');
    await eventually(() => expect(fleet.callsTo('closeAllPositions')).not.toEqual([]), 20_000);
  });

  it('goes on scanning when no news can be had, and tells it', async () => {
    fleet.script.beforeCall = async ({ route }) => {
      if (route === 'collectNews')
        throw new AppError('SERVICE_UNAVAILABLE', 'the newswire is silent');
    };
    const workflow = await startDesk('08:00');
    await eventually(
      async () => expect((await workflow.showCurrentCycle()).candidates).toEqual(['AAA', 'BBB']),
      25_000,
    );
    expect((await workflow.listAlerts({ query: {} })).alerts).toContainEqual(
      expect.objectContaining({ code: 'NEWS_NOT_COLLECTED', severity: 'warning' }),
    );
  });

  it('finishes what a person said yes to before it stopped, and orders once', async () => {
    let workflow = await startDesk('10:02');
    await eventually(async () =>
      expect((await workflow.showCurrentCycle()).cycle.state).toBe('trading'),
    );
    const { proposal_id } = await workflow.previewTrade({
      body: { symbol: 'NEW', side: 'buy', by: 'ann', request_id: stableId('live') },
    });
    fleet.script.beforeCall = async ({ route }) => {
      if (route === 'submitOrder') throw new AppError('TIMED_OUT', 'the broker did not answer');
    };
    await expect(
      workflow.executeProposal({ params: { proposal_id }, body: { by: 'ann' } }),
    ).rejects.toMatchObject({ code: 'TIMED_OUT' });
    await stop();
    fleet.script.beforeCall = async () => {};
    // later than the proposal would have lived: it was answered in time
    workflow = await startDesk('10:30');
    await eventually(async () =>
      expect((await workflow.listProposals({ query: { state: 'all' } })).proposals).toMatchObject([
        { proposal_id, state: 'executed', outcome: 'submitted' },
      ]),
    );
    expect(
      await workflow.executeProposal({ params: { proposal_id }, body: { by: 'ann' } }),
    ).toMatchObject({ state: 'executed' });
    expect(fleet.trading.open()).toHaveLength(1);
    expect(
      await fleet.database.database.query('SELECT count(*)::integer AS n FROM trading_signals'),
    ).toEqual([{ n: 1 }]);
  });

  it.each([
    ['14:56', 'trading', 'monitorPositions'],
    ['15:40', 'closing', 'closeAllPositions'],
  ])(
    'that starts at %s opens the day for what it holds of an earlier one, and for nothing else',
    async (clock, state, act) => {
      await startDesk(clock);
      await eventually(() => expect(fleet.callsTo('syncReference')).toHaveLength(1));
      await stop();
      await expect(runs('true')).resolves.toEqual([]);
      await hold('AAA');
      const workflow = await startDesk(clock);
      await eventually(() => expect(fleet.callsTo(act)).not.toEqual([]));
      expect((await workflow.showCurrentCycle()).cycle.state).toBe(state);
      expect(fleet.callsTo('submitOrder')).toEqual([]);
    },
  );

  it('that holds nothing at 15:05 opens the day within a minute of a share that is bought later', async () => {
    // six seconds a minute; the next look for a day that is not open would be at 15:10
    const line = {
      w0: performance.timeOrigin + performance.now(),
      s0: Date.parse(newYorkTime(DATE, '15:05')) + 55_000,
      f: 10,
    };
    const clock = createLineClock(line);
    const service = await startTestService(
      {
        ...workflowService,
        start: (kit) =>
          workflowService.start({ ...kit, clock, config: { ...kit.config, CLOCK_LINE: line } }),
      },
      { database_url: fleet.database.url, keys: fleet.keys, env: fleet.env },
    );
    open.push(service);
    await eventually(() => expect(clock.now() > newYorkTime(DATE, '15:06')).toBe(true), 20_000);
    expect(await runs('true')).toEqual([]);
    await hold('AAA');
    const { cycle } = await eventually(
      async () => service.client('cli').showCurrentCycle(),
      30_000,
    );
    expect(cycle.created_at < newYorkTime(DATE, '15:09')).toBe(true);
    await eventually(() => expect(fleet.callsTo('monitorPositions')).not.toEqual([]));
    expect(fleet.callsTo('submitOrder')).toEqual([]);
  });

  it('opens no day after the close for what it holds: the broker takes nothing then', async () => {
    await hold('AAA');
    const workflow = await startDesk('16:01');
    await eventually(() => expect(fleet.callsTo('scanLastSession')).toHaveLength(1));
    const { closed_because, next_session } = await workflow.showMarket();
    expect(closed_because).toContain('ended at 16:00');
    expect(await workflow.showStanding()).toMatchObject({
      closed_because,
      next_session: { trade_date: next_session.trade_date },
    });
    await expect(workflow.showCurrentCycle()).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is well on a Saturday: it says when it is at work again, and scans the last session once', async () => {
    const saturday = '2026-03-28';
    const workflow = await startDesk('11:00', {}, saturday);
    await eventually(async () =>
      expect(await workflow.showMarket()).toEqual({
        as_of: newYorkTime(saturday, '11:00'),
        session: 'closed',
        closed_because: 'the exchange is closed on 2026-03-28',
        next_session: {
          trade_date: '2026-03-30',
          scan_at: newYorkTime('2026-03-30', '08:00'),
          open_at: newYorkTime('2026-03-30', '09:30'),
          close_at: newYorkTime('2026-03-30', '16:00'),
        },
        last_session_scan: expect.objectContaining({
          session_date: '2026-03-27',
          candidates: ['AAA', 'BBB'],
        }),
      }),
    );
    expect(await workflow.showStanding()).toMatchObject({
      closed_because: 'the exchange is closed on 2026-03-28',
      next_session: { trade_date: '2026-03-30' },
    });
    expect(await workflow.health()).toMatchObject({
      status: 'healthy',
      notes: [
        'closed today: the exchange is closed on 2026-03-28; next: 2026-03-30, scan 08:00, open 09:30, close 16:00 New York',
      ],
    });
    await expect(workflow.showCurrentCycle()).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(
      workflow.previewTrade({
        body: { symbol: 'AAA', side: 'buy', by: 'ann', request_id: stableId('saturday') },
      }),
    ).rejects.toMatchObject({ code: 'CYCLE_NOT_ACTIVE' });
    await stop();
    const asked = fleet.callsTo('showLastSessionScan').length;
    await startDesk('12:00', {}, saturday);
    await eventually(async () =>
      expect(fleet.callsTo('showLastSessionScan')).toHaveLength(asked + 1),
    );
    expect(fleet.callsTo('scanLastSession')).toHaveLength(1);
    expect(fleet.callsTo('syncReference')).toHaveLength(2);
  });

  it.each([
    ['04:00', '2026-03-23'],
    ['05:30', '2026-03-23'],
    ['07:59', '2026-03-23'],
    ['14:56', '2026-03-23'],
    ['16:00', DATE],
    ['23:00', DATE],
  ])(
    'that starts for the first time at %s of a trading day scans the session of %s, as what it is',
    async (clock, session_date) => {
      const workflow = await startDesk(clock);
      await eventually(async () =>
        expect((await workflow.showMarket()).last_session_scan).toMatchObject({ session_date }),
      );
      expect(fleet.callsTo('startScan')).toEqual([]);
      // the day in hand knows nothing of it, and nothing of it is proposed
      const { proposals } = await workflow.listProposals({ query: { state: 'all' } });
      expect(proposals).toEqual([]);
      if (clock < '08:00')
        expect(await workflow.showCurrentCycle()).toMatchObject({
          cycle: { trade_date: DATE, state: 'scheduled' },
          candidates: [],
        });
      else await expect(workflow.showCurrentCycle()).rejects.toMatchObject({ code: 'NOT_FOUND' });
    },
  );

  it.each([['08:00'], ['11:02'], ['14:55']])(
    'that starts for the first time at %s scans its own day alone',
    async (clock) => {
      await startDesk(clock);
      await eventually(() => expect(fleet.callsTo('startScan')).not.toEqual([]), 20_000);
      await stop();
      expect(fleet.callsTo('scanLastSession')).toEqual([]);
    },
  );

  it('that opened its day scans no session before it when the day gets late', async () => {
    await startDesk('11:02');
    await eventually(async () =>
      expect(await runs("job = 'enter' AND state = 'done'")).toHaveLength(1),
    );
    await stop();
    await startDesk('15:10');
    await eventually(() => expect(fleet.callsTo('monitorPositions')).not.toEqual([]));
    await stop();
    expect(fleet.callsTo('scanLastSession')).toEqual([]);
  });

  it('shows the last cycle on a day without one', async () => {
    await startDesk('11:02');
    await eventually(async () =>
      expect(await runs("job = 'enter' AND state = 'done'")).toHaveLength(1),
    );
    await stop();
    const workflow = await startDesk('11:00', {}, '2026-03-28');
    await eventually(async () => expect(fleet.callsTo('scanLastSession')).toHaveLength(1));
    expect((await workflow.showCurrentCycle()).cycle.trade_date).toBe(DATE);
  });

  it('refuses to start with files that contradict each other, unless something is held: then it goes on and says so', async () => {
    const home = mkdtempSync(join(tmpdir(), 'catalyst-test-'));
    mkdirSync(join(home, 'config'));
    const limits = readFileSync(
      join(import.meta.dirname, '../../../config/risk_parameters.yaml'),
      'utf8',
    );
    const path = join(home, 'config/risk_parameters.yaml');
    writeFileSync(path, limits.replace('max_positions: 5 ', 'max_positions: 3 '));
    const fault = expect.stringContaining('sessions.yaml lets morning hold 5 positions and');
    await expect(startDesk('10:02', { CATALYST_HOME: home })).rejects.toMatchObject({
      name: 'ConfigError',
      faults: [fault, expect.anything(), expect.anything()],
    });
    await hold('AAA');
    const workflow = await startDesk('10:02', { CATALYST_HOME: home });
    expect((await workflow.health()).notes).toContainEqual(fault);
    await stop();
    // a file that cannot be read is its owner's to refuse
    writeFileSync(path, 'max_positions: many');
    await startDesk('10:03', { CATALYST_HOME: home });
  });

  it('refuses to start with session windows that cannot be', async () => {
    const home = mkdtempSync(join(tmpdir(), 'catalyst-test-'));
    mkdirSync(join(home, 'config'));
    writeFileSync(
      join(home, 'config/sessions.yaml'),
      'rescan_seconds: { aggressive: 61, normal: 300, conservative: 900 }\nwindows: {}\n',
    );
    await expect(startDesk('10:02', { CATALYST_HOME: home })).rejects.toMatchObject({
      name: 'ConfigError',
      faults: [expect.stringContaining('sessions.yaml')],
    });
  });
});
