import { afterEach, describe, expect, it } from '@jest/globals';
import { startFixtureFleet, type FixtureFleet } from './fixture-fleet/fixture-fleet.ts';
import { at, type Call } from './fixture-fleet/script.ts';
import { superviseWorkflow } from './supervised-workflow.ts';

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const EFFECTS = new Set([
  'startScan',
  'checkOrder',
  'submitOrder',
  'cancelAllOrders',
  'closeAllPositions',
  'makeDailyReport',
  'collectNews',
]);

/**
 * What happened outside of workflow and what it wrote down, without how often anything was asked.
 */
const outcomeOf = async ({ calls, database: { database } }: FixtureFleet) => ({
  effects: [
    ...new Set(calls.filter(({ route }) => EFFECTS.has(route)).map((call) => JSON.stringify(call))),
  ],
  decisions: await database.query(
    'SELECT decision_id, decided_at, kind, outcome, reason FROM decision_logs ORDER BY decided_at, decision_id',
  ),
  signals: await database.query(
    'SELECT seq, signal_id, decision_id FROM trading_signals ORDER BY seq',
  ),
  transitions: await database.query(
    "SELECT at, title FROM workflow_log WHERE kind = 'transition' ORDER BY seq",
  ),
  runs: await database.query('SELECT job, due_at, state, note FROM job_runs ORDER BY due_at, job'),
  announced: await database.query(
    "SELECT event_id, channel, envelope -> 'payload' AS payload FROM outbox WHERE service = 'workflow' ORDER BY seq",
  ),
});

const runDay = async (killAt: (call: Call) => boolean) => {
  const fleet = await startFixtureFleet();
  closers.push(fleet.close);
  fleet.script.triggers = { AAA: ['10:02'], BBB: ['10:02'], CCC: ['10:02', '10:31'] };
  fleet.script.candidates = ['AAA', 'BBB', 'CCC'];
  fleet.script.refusals = { BBB: 'MAX_POSITIONS' };
  const workflow = await superviseWorkflow(fleet);
  closers.push(workflow.close);
  let kills = 0;
  await workflow.client.startCycle({ body: {} });
  fleet.script.beforeCall = async (call) => {
    if (!killAt(call)) return;
    kills += 1;
    // the call goes on and has its effect; its answer finds nobody
    workflow.kill();
  };
  const { state } = await workflow.client.advanceReplay({ body: { to: at('15:40') } });
  return { state, kills, fleet, outcome: await outcomeOf(fleet) };
};

/** Each of these calls is answered to a dead process the first time that it comes. */
const deadly = (): ((call: Call) => boolean) => {
  const left: ((call: Call) => boolean)[] = [
    ({ route, at: when }) => route === 'collectNews' && when === at('04:10'),
    ({ route, at: when }) => route === 'startScan' && when === at('08:00'),
    ({ route, at: when }) => route === 'ingestBars' && when === at('08:00'),
    ({ route, at: when }) => route === 'startScan' && when === at('09:35'),
    ({ route, at: when }) => route === 'monitorPositions' && when === at('09:40'),
    ({ route, at: when }) => route === 'checkTriggers' && when === at('10:02'),
    ({ route, body }) => route === 'checkOrder' && (body as { symbol: string }).symbol === 'AAA',
    ({ route, at: when }) => route === 'submitOrder' && when === at('10:02'),
    ({ route, body }) => route === 'drainStream' && (body as { to_seq: number }).to_seq === 3,
    ({ route, body }) => route === 'checkOrder' && (body as { symbol: string }).symbol === 'BBB',
    ({ route, body }) =>
      route === 'submitOrder' && (body as { intent: { symbol: string } }).intent.symbol === 'CCC',
    ({ route }) => route === 'cancelAllOrders',
    ({ route }) => route === 'closeAllPositions',
    ({ route, at: when }) => route === 'reconcile' && when === at('15:31'),
    ({ route }) => route === 'makeDailyReport',
  ];
  return (call) => {
    const index = left.findIndex((matches) => matches(call));
    if (index < 0) return false;
    left.splice(index, 1);
    return true;
  };
};

describe('a conductor that is killed in the middle of its jobs', () => {
  it('decides, orders and announces what one that was left alone does, under the same ids', async () => {
    const calm = await runDay(() => false);
    expect([calm.state, calm.kills]).toEqual(['closed', 0]);
    const killed = await runDay(deadly());
    expect([killed.state, killed.kills]).toEqual(['closed', 15]);
    expect(killed.outcome).toEqual(calm.outcome);
    expect(killed.fleet.trading.open()).toEqual([]);
    // and something did happen twice, so the sameness is not for want of trying
    expect(killed.fleet.callsTo('submitOrder').length).toBeGreaterThan(
      calm.fleet.callsTo('submitOrder').length,
    );
  }, 300_000);
});
