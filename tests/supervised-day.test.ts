import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DailyReport, Proposal, StandingPosition } from '@catalyst/contracts';
import { later, newYorkTime } from '@catalyst/domain';
import { compileCache, identifyProcess, nakedMinutes } from '@catalyst/platform';
import { BUNDLED_DAY, latestMails, readLedger, startReplay, type Replay } from '@catalyst/testkit';

const by = 'a person';
let replay: Replay;
let now: string;
let executed: { first: Proposal; answers: Proposal[] };
let trailed: string;
let rejected: Proposal;
let expired: Proposal;
let report: DailyReport;

const advance = async (minutes: number): Promise<void> => {
  now = later(now, minutes * 60_000);
  await replay.workflow.advanceReplay({ body: { to: now } });
};
const waiting = async (): Promise<Proposal[]> =>
  (await replay.workflow.listProposals({ query: { state: 'waiting' } })).proposals;
/**
 * Conducts minute by minute until the desk has just put a proposal of a stock that was not asked
 * about before.
 */
const nextProposal = async (...known: readonly string[]): Promise<Proposal> => {
  const end = newYorkTime(replay.trade_date, '14:30');
  while (now < end) {
    await advance(1);
    const fresh = (await waiting())
      .filter(({ symbol, created_at }) => created_at === now && !known.includes(symbol))
      .at(-1);
    if (fresh) return fresh;
  }
  throw new Error(`no further proposal until ${end}`);
};
const entryOrders = async (): Promise<string[]> =>
  (await readLedger(replay))
    .filter(({ kind, order }) => kind === 'order' && (order as { side: string }).side === 'buy')
    .map(({ order }) => (order as { symbol: string }).symbol);
const heldShares = async (symbol: string): Promise<StandingPosition | undefined> =>
  (await replay.trading.listPositions({ query: { status: 'open' } })).positions.find(
    (one) => one.symbol === symbol && one.is_protected && one.last_price !== null,
  );

const main = join(import.meta.dirname, '../packages/cli/src/main.ts');
const home = mkdtempSync(join(tmpdir(), 'catalyst-supervised-'));
/** The owner's command at this desk, as `up` would have left it. */
const catalyst = async (...args: string[]): Promise<string> => {
  const { fleet, run_id } = replay.desk;
  writeFileSync(
    join(home, 'run.json'),
    JSON.stringify({
      state: 'ready',
      run_id,
      mode: 'replay',
      started_at: new Date().toISOString(),
      supervisor: identifyProcess(process.pid),
      home,
      logs_dir: join(home, 'logs'),
      urls: fleet.urls,
      cli_key: fleet.keys.cli,
      mcp_key: null,
      database_url: null,
      redis_url: null,
      trade_date: replay.trade_date,
      day_dir: null,
    }),
  );
  const { PATH, HOME } = process.env;
  const env = { ...compileCache(), PATH, HOME, CATALYST_HOME: home };
  return (await promisify(execFile)(process.execPath, [main, ...args], { env })).stdout;
};
const showProposal = async (proposal_id: string): Promise<Proposal> =>
  (await replay.workflow.listProposals({ query: { state: 'all' } })).proposals.find(
    (one) => one.proposal_id === proposal_id,
  )!;

beforeAll(async () => {
  replay = await startReplay({ day_dir: BUNDLED_DAY, session_mode: 'supervised' });
  await replay.advanceTo('09:44');
  now = newYorkTime(replay.trade_date, '09:44');
}, 120_000);
afterAll(async () => {
  await replay?.stop();
  rmSync(home, { recursive: true });
}, 60_000);

describe('a supervised day', () => {
  it('puts a trade before a person, with what it costs and may lose, and sends nothing by itself', async () => {
    const first = await nextProposal();
    expect(first).toMatchObject({
      state: 'waiting',
      origin: 'cycle',
      verdict: { verdict: 'approved' },
      created_at: now,
      expires_at: later(now, 300_000),
    });
    expect(first.summary).toContain(first.symbol);
    expect(first.summary).toContain(first.qty!);
    expect(await entryOrders()).toEqual([]);
    expired = first;
  }, 120_000);

  it("lets a proposal expire after five minutes of the market's time, and refuses to execute it then", async () => {
    await advance(4);
    expect((await showProposal(expired.proposal_id)).state).toBe('waiting');
    await advance(1);
    expect((await showProposal(expired.proposal_id)).state).toBe('expired');
    await expect(
      replay.workflow.executeProposal({
        params: { proposal_id: expired.proposal_id },
        body: { by },
      }),
    ).rejects.toMatchObject({ code: 'PROPOSAL_EXPIRED' });
    expect(await entryOrders()).toEqual([]);
  }, 60_000);

  it('executes a proposal once, however often and however fast the person says yes', async () => {
    const first = await nextProposal(expired.symbol);
    const yes = () =>
      replay.workflow.executeProposal({ params: { proposal_id: first.proposal_id }, body: { by } });
    const answers = [...(await Promise.all([yes(), yes()])), await yes()];
    await advance(1);
    answers.push(await yes());
    executed = { first, answers };
    expect(answers.map(({ state }) => state)).toEqual([
      'executed',
      'executed',
      'executed',
      'executed',
    ]);
    expect(await entryOrders()).toEqual([first.symbol]);
    const { orders } = await replay.trading.listOrders({ query: {} });
    expect(orders.filter(({ role }) => role === 'entry')).toMatchObject([
      { symbol: first.symbol, qty: first.qty },
    ]);
  }, 120_000);

  it("takes the owner's own way out from the command line, in the place of stop and target", async () => {
    const { symbol, qty } = executed.first;
    let held = await heldShares(symbol);
    for (let minutes = 0; held === undefined && minutes < 10; minutes += 1) {
      await advance(1);
      held = await heldShares(symbol);
    }
    const { last_price, live_stop_price } = held!;
    trailed = ((Number(last_price) - Number(live_stop_price)) * 0.9).toFixed(2);
    expect(await catalyst('close', symbol, '--trail', trailed, '--yes')).toBe(
      `${symbol} leaves by a stop that trails the price by $${trailed}\n`,
    );
    const { orders } = await replay.trading.listOrders({ query: {} });
    const alive = orders.filter(({ status }) => status === 'new' || status === 'accepted');
    expect(alive).toMatchObject([{ symbol, type: 'trailing_stop', qty }]);
    expect(await heldShares(symbol)).toMatchObject({ status: 'open', is_protected: true });
  }, 120_000);

  it('does not trade what a person turned down, and does not execute it afterwards', async () => {
    const proposal = await nextProposal(expired.symbol, executed.first.symbol);
    rejected = await replay.workflow.rejectProposal({
      params: { proposal_id: proposal.proposal_id },
      body: { by, reason: 'not this one' },
    });
    expect(rejected).toMatchObject({ state: 'rejected', symbol: proposal.symbol });
    await expect(
      replay.workflow.executeProposal({
        params: { proposal_id: proposal.proposal_id },
        body: { by },
      }),
    ).rejects.toMatchObject({ code: 'PROPOSAL_ENDED' });
    await advance(2);
    expect(await entryOrders()).toEqual([executed.first.symbol]);
  }, 120_000);

  it('closes and reports like any other day: one trade, protected until its exit, one mail', async () => {
    report = await replay.finish();
    expect((await replay.workflow.showCurrentCycle()).cycle.state).toBe('closed');
    expect(report).toMatchObject({
      open_positions: 0,
      open_orders: 0,
      reconciliation: { reconciled: true },
    });
    expect(report.trades.map(({ symbol, side, qty }) => [symbol, side, qty])).toEqual([
      [executed.first.symbol, expect.any(String), executed.first.qty],
    ]);
    expect(await entryOrders()).toEqual([executed.first.symbol]);
    const ledger = await readLedger(replay);
    expect(nakedMinutes(ledger)).toEqual([]);
    const trails = ledger.filter(
      ({ kind, order }) => kind === 'order' && (order as { type: string }).type === 'trailing_stop',
    );
    expect(new Set(trails.map(({ order }) => (order as { id: string }).id)).size).toBe(1);
    const { differences } = await replay.trading.rebuildBook({});
    expect(differences).toEqual([]);
    const reports = latestMails(replay).filter((mail) => mail.includes('text/html'));
    expect(reports).toHaveLength(1);
  }, 120_000);

  it('keeps who said yes and who said no with the decisions', async () => {
    const { decisions } = await replay.workflow.listDecisions({
      query: { cycle_id: executed.first.cycle_id },
    });
    const entered = decisions.filter(({ kind }) => kind === 'enter');
    expect(entered).toMatchObject([
      {
        symbol: executed.first.symbol,
        outcome: 'submitted',
        reason: expect.stringContaining(`${by} said yes`),
      },
    ]);
    const outcomes = decisions
      .filter(({ kind }) => kind === 'propose')
      .map(({ outcome }) => outcome);
    expect(outcomes).toEqual(expect.arrayContaining(['expired', 'executed', 'rejected']));
    expect(outcomes.filter((outcome) => outcome === 'executed')).toHaveLength(1);
    expect(outcomes).not.toContain('waiting');
    expect(await showProposal(rejected.proposal_id)).toMatchObject({
      state: 'rejected',
      outcome: expect.stringContaining('not this one'),
    });
  });
});
