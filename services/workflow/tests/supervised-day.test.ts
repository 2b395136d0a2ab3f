import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Proposal, workflowApi } from '@catalyst/contracts';
import { stableId } from '@catalyst/domain';
import { startTestService, type TestService } from '@catalyst/testkit';
import { workflowService } from '../src/service.ts';
import { startFixtureFleet, type FixtureFleet } from './fixture-fleet/fixture-fleet.ts';
import { openDay } from './fixture-fleet/open-day.ts';
import { at } from './fixture-fleet/script.ts';

let fleet: FixtureFleet;
let service: TestService<typeof workflowApi>;
let cycle_id: string;
const workflow = () => service.client('orchestration');
const advanceTo = (clock: string) =>
  service.client('cli').advanceReplay({ body: { to: at(clock) } });
const waiting = async (): Promise<Proposal[]> =>
  (await workflow().listProposals({ query: {} })).proposals;
const request_id = (name: string): string => stableId('test', name);

beforeAll(async () => {
  fleet = await startFixtureFleet();
  fleet.script.candidates = ['AAA', 'BBB', 'CCC'];
  fleet.script.triggers = { AAA: ['10:02'], BBB: ['10:02', '10:17', '10:40'], CCC: ['10:20'] };
  service = await startTestService(workflowService, {
    database_url: fleet.database.url,
    keys: fleet.keys,
    replay_start_at: at('04:00'),
    env: fleet.env,
  });
  ({
    cycle: { cycle_id },
  } = await openDay(service.client('cli'), 'supervised'));
}, 60_000);
afterAll(async () => {
  await service?.close();
  await fleet?.close();
});

describe('a supervised day', () => {
  it('proposes what it would have entered and sends nothing', async () => {
    await advanceTo('10:02');
    expect(await waiting()).toMatchObject(
      [
        {
          symbol: 'AAA',
          origin: 'cycle',
          direction: 'long',
          qty: '100',
          entry_price: '50.1',
          stop_price: '49',
          target_price: '53',
          state: 'waiting',
          created_at: at('10:02'),
          expires_at: at('10:07'),
        },
        { symbol: 'BBB', state: 'waiting' },
      ].sort((a, b) =>
        stableId('proposal', stableId('intent', cycle_id, a.symbol, at('10:02'))) <
        stableId('proposal', stableId('intent', cycle_id, b.symbol, at('10:02')))
          ? -1
          : 1,
      ),
    );
    expect(fleet.callsTo('checkOrder')).toEqual([]);
    expect(fleet.callsTo('submitOrder')).toEqual([]);
    expect((await workflow().listAlerts({ query: {} })).alerts.map(({ code }) => code)).toEqual([
      'PROPOSAL_WAITING',
      'PROPOSAL_WAITING',
    ]);
  });
  it('executes a proposal once, however often it is asked, with the size that was shown', async () => {
    const proposal = (await waiting()).find(({ symbol }) => symbol === 'AAA')!;
    const { proposal_id } = proposal;
    const answers = await Promise.all(
      [1, 2, 3].map(() =>
        workflow().executeProposal({ params: { proposal_id }, body: { by: 'ann' } }),
      ),
    );
    expect(answers.map(({ state }) => state)).toEqual(['executed', 'executed', 'executed']);
    expect(fleet.callsTo('submitOrder')).toMatchObject([
      {
        at: at('10:02'),
        body: {
          intent: {
            symbol: 'AAA',
            qty: '100',
            intent_id: stableId('intent', cycle_id, 'AAA', at('10:02')),
          },
        },
      },
    ]);
    const { decisions } = await workflow().listDecisions({ query: { cycle_id } });
    expect(
      decisions.filter(({ symbol, kind }) => symbol === 'AAA' && kind !== 'skip'),
    ).toMatchObject([
      { kind: 'enter', outcome: 'submitted' },
      { kind: 'propose', outcome: 'executed' },
    ]);
    expect(await fleet.database.database.query('SELECT seq FROM trading_signals')).toEqual([
      { seq: 1 },
    ]);
  });
  it('lets a proposal expire after five minutes, and proposes it again later', async () => {
    const proposal = (await waiting()).find(({ symbol }) => symbol === 'BBB')!;
    await advanceTo('10:07');
    await expect(
      workflow().executeProposal({
        params: { proposal_id: proposal.proposal_id },
        body: { by: 'ann' },
      }),
    ).rejects.toMatchObject({ code: 'PROPOSAL_EXPIRED', details: { expires_at: at('10:07') } });
    expect(await waiting()).toEqual([]);
    expect(
      (await workflow().listProposals({ query: { state: 'all' } })).proposals
        .map(({ symbol, state }) => [symbol, state])
        .sort(),
    ).toEqual([
      ['AAA', 'executed'],
      ['BBB', 'expired'],
    ]);
    await advanceTo('10:17');
    expect((await waiting()).map(({ symbol, created_at }) => [symbol, created_at])).toEqual([
      ['BBB', at('10:17')],
    ]);
  });
  it('does not propose again what a person turned down', async () => {
    const [proposal] = await waiting();
    const reject = () =>
      workflow().rejectProposal({
        params: { proposal_id: proposal!.proposal_id },
        body: { by: 'ann', reason: 'not today' },
      });
    expect(await reject()).toMatchObject({ state: 'rejected', outcome: 'ann: not today' });
    expect(await reject()).toMatchObject({ state: 'rejected' });
    await expect(
      workflow().executeProposal({
        params: { proposal_id: proposal!.proposal_id },
        body: { by: 'ann' },
      }),
    ).rejects.toMatchObject({ code: 'PROPOSAL_ENDED' });
    await advanceTo('10:41');
    expect(
      (await workflow().listProposals({ query: { state: 'all' } })).proposals
        .map(({ symbol }) => symbol)
        .sort(),
    ).toEqual(['AAA', 'BBB', 'BBB', 'CCC']);
  });
  it('previews a trade that a person has in mind, once per request, and sends nothing', async () => {
    const body = {
      symbol: 'NEW',
      side: 'buy' as const,
      by: 'ann',
      request_id: request_id('preview'),
    };
    const proposal = await workflow().previewTrade({ body });
    expect(proposal).toMatchObject({
      origin: 'person',
      symbol: 'NEW',
      direction: 'long',
      qty: '100',
      entry_price: '50.1',
      stop_price: '49',
      target_price: '52.3',
      state: 'waiting',
      expires_at: at('10:46'),
      verdict: { verdict: 'approved' },
    });
    expect(proposal.summary).toBe(
      'Buy 100 NEW at about 50.10 (limit 50.20): costs $5,010.00 and can lose $110.00 at the stop 49.00, target 52.30; risk approves.',
    );
    expect(await workflow().previewTrade({ body })).toEqual(proposal);
    expect(fleet.callsTo('submitOrder')).toHaveLength(1);
  });
  it('shows the refusal of a trade that risk would not take, and never sends it', async () => {
    fleet.script.refusals = { BAD: 'SECTOR_SHARE' };
    const { proposal_id, state, verdict } = await workflow().previewTrade({
      body: { symbol: 'BAD', side: 'buy', qty: '10', by: 'ann', request_id: request_id('bad') },
    });
    expect([state, verdict.verdict]).toEqual(['refused', 'refused']);
    expect(
      await workflow().executeProposal({ params: { proposal_id }, body: { by: 'ann' } }),
    ).toMatchObject({ state: 'refused', outcome: 'SECTOR_SHARE: five positions are held' });
    expect(fleet.callsTo('submitOrder')).toHaveLength(1);
  });
  it('executes what was previewed with the limit that was shown, wherever the price has gone since', async () => {
    const { proposal_id, ...shown } = await workflow().previewTrade({
      body: { symbol: 'KEPT', side: 'buy', by: 'ann', request_id: request_id('kept') },
    });
    expect(shown.summary).toContain('(limit 50.20)');
    fleet.script.quote = { bid_price: '51.48', ask_price: '51.5' };
    await workflow().executeProposal({ params: { proposal_id }, body: { by: 'ann' } });
    fleet.script.quote = { bid_price: '50.08', ask_price: '50.1' };
    const { symbol, qty, entry_price, stop_price, target_price } = shown;
    expect(fleet.callsTo('submitOrder').at(-1)).toMatchObject({
      body: {
        intent: { symbol, qty, entry_price, limit_price: '50.2', stop_price, target_price },
      },
    });
  });
  it('refuses a fraction of a share, which no order with a stop and a target may have', async () => {
    const asked = { symbol: 'NEW', side: 'buy' as const, by: 'ann' };
    for (const qty of ['1.5', '0.000000000001', '10.000000001'])
      await expect(
        workflow().previewTrade({
          body: { ...asked, qty, request_id: request_id(`fraction ${qty}`) },
        }),
      ).rejects.toMatchObject({
        code: 'INVALID_REQUEST',
        message: expect.stringContaining('qty must be whole shares'),
      });
  });
  it('refuses to sell what is held long and names the tool that closes it', async () => {
    await expect(
      workflow().previewTrade({
        body: { symbol: 'AAA', side: 'sell', by: 'ann', request_id: request_id('sell') },
      }),
    ).rejects.toMatchObject({
      code: 'INVALID_REQUEST',
      message: expect.stringContaining('close_position'),
    });
  });
  it('reviews a sale of what is not held as a short', async () => {
    fleet.script.refusals = { SHRT: 'SHORT_NOT_ALLOWED' };
    expect(
      await workflow().previewTrade({
        body: { symbol: 'SHRT', side: 'sell', by: 'ann', request_id: request_id('short') },
      }),
    ).toMatchObject({
      direction: 'short',
      entry_price: '50.08',
      stop_price: '51.08',
      state: 'refused',
      verdict: { code: 'SHORT_NOT_ALLOWED' },
    });
  });
  it('knows no price of a symbol that nobody quotes', async () => {
    await expect(
      workflow().previewTrade({
        body: { symbol: 'GHOST', side: 'buy', by: 'ann', request_id: request_id('ghost') },
      }),
    ).rejects.toMatchObject({ code: 'UNKNOWN_SYMBOL' });
  });
  it('refuses a stop on the wrong side', async () => {
    await expect(
      workflow().previewTrade({
        body: {
          symbol: 'NEW',
          side: 'buy',
          stop_price: '51',
          by: 'ann',
          request_id: request_id('stop'),
        },
      }),
    ).rejects.toMatchObject({
      code: 'INVALID_REQUEST',
      message: expect.stringContaining('below the entry'),
    });
  });
  it('closes a position for a person, with a decision and an audit row', async () => {
    const position_id = stableId('position', stableId('intent', cycle_id, 'AAA', at('10:02')));
    const close = () =>
      workflow().closePosition({
        params: { position_id },
        body: { by: 'ann', reason: 'seen enough', request_id: request_id('close') },
      });
    expect(await close()).toEqual({
      position_id,
      symbol: 'AAA',
      status: 'closing',
      message: 'AAA is being closed at market: 100 shares',
    });
    await close();
    expect(fleet.callsTo('closePosition')[0]!.body).toMatchObject({
      reason: 'manual',
      request_id: request_id('close'),
    });
    expect(
      await fleet.database.database.query(
        "SELECT actor, on_behalf_of, subject, at FROM audit_log WHERE action = 'position_close_asked'",
      ),
    ).toEqual([
      { actor: 'orchestration', on_behalf_of: 'ann', subject: position_id, at: at('10:41') },
    ]);
    await expect(
      workflow().closePosition({
        params: { position_id: request_id('none') },
        body: { by: 'ann', reason: 'seen enough', request_id: request_id('none') },
      }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
  it('passes a changed limit and a changed trading state on, with who and why in the audit', async () => {
    expect(
      await workflow().updateRiskParameter({
        params: { name: 'max_positions' },
        body: { value: 3, by: 'ann', reason: 'calm down' },
      }),
    ).toMatchObject({ name: 'max_positions', new_value: 3 });
    await workflow().changeTradingState({
      body: { act: 'pause', by: 'ann', reason: 'lunch time' },
    });
    expect(fleet.callsTo('closeAllPositions')).toHaveLength(0);
    await workflow().changeTradingState({
      body: { act: 'flatten', by: 'ann', reason: 'get me out' },
    });
    expect(fleet.callsTo('closeAllPositions')).toMatchObject([
      { body: { reason: 'manual', by: 'orchestration for ann' } },
    ]);
    const rows = await fleet.database.database.query(
      "SELECT actor, action, subject FROM audit_log WHERE service = 'workflow' AND action LIKE '%_asked' AND on_behalf_of = 'ann' ORDER BY seq",
    );
    const actor = 'orchestration';
    expect(rows.slice(1)).toEqual([
      { actor, action: 'risk_parameter_change_asked', subject: 'max_positions' },
      { actor, action: 'trading_state_change_asked', subject: 'pause' },
      { actor, action: 'trading_state_change_asked', subject: 'flatten' },
    ]);
  });
  it('cancels the entries that wait with a halt, and alone where only that is asked', async () => {
    const asked = () => fleet.callsTo('cancelAllOrders').length;
    const before = asked();
    const why = { by: 'ann', reason: 'bad news' };
    await workflow().changeTradingState({ body: { act: 'halt', ...why } });
    expect(asked()).toBe(before + 1);
    expect(await workflow().cancelEntries({ body: why })).toEqual({ canceled_orders: 0 });
    expect(asked()).toBe(before + 2);
  });
  it('ends when a person stops it: everything closed for that reason, reconciled and reported within minutes', async () => {
    await advanceTo('10:50');
    const stop = () =>
      workflow().stopCycle({
        params: { cycle_id },
        body: { by: 'ann', reason: 'enough for today' },
      });
    expect((await stop()).state).toBe('closing');
    expect((await stop()).state).toBe('closing');
    expect(fleet.callsTo('closeAllPositions').at(-1)).toMatchObject({
      body: { reason: 'manual', by: 'orchestration for ann' },
    });
    expect(await advanceTo('10:52')).toEqual({ now: at('10:52'), state: 'closed' });
    expect((await stop()).state).toBe('closed');
    await expect(
      workflow().previewTrade({
        body: { symbol: 'NEW', side: 'buy', by: 'ann', request_id: request_id('late') },
      }),
    ).rejects.toMatchObject({ code: 'CYCLE_NOT_ACTIVE' });
    expect(fleet.callsTo('makeDailyReport')).toHaveLength(1);
    const before = fleet.callsTo('monitorPositions').length;
    await advanceTo('11:30');
    expect(fleet.callsTo('monitorPositions')).toHaveLength(before);
  });
});
