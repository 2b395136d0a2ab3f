import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { workflowApi } from '@catalyst/contracts';
import { stableId } from '@catalyst/domain';
import { startTestService, type TestService } from '@catalyst/testkit';
import { workflowService } from '../src/service.ts';
import { startFixtureFleet, type FixtureFleet } from './fixture-fleet/fixture-fleet.ts';
import { openDay } from './fixture-fleet/open-day.ts';
import { at } from './fixture-fleet/script.ts';

let fleet: FixtureFleet;
let service: TestService<typeof workflowApi>;
const workflow = () => service.client('orchestration');
const advanceTo = (clock: string) =>
  service.client('cli').advanceReplay({ body: { to: at(clock) } });
const request_id = (name: string): string => stableId('test', name);

beforeAll(async () => {
  fleet = await startFixtureFleet();
  service = await startTestService(workflowService, {
    database_url: fleet.database.url,
    keys: fleet.keys,
    replay_start_at: at('04:00'),
    env: fleet.env,
  });
  await openDay(service.client('cli'), 'supervised');
  await advanceTo('10:41');
}, 60_000);
afterAll(async () => {
  await service?.close();
  await fleet?.close();
});

describe('what is asked of a desk', () => {
  it("opens a session that trades by itself for the operator's key alone", async () => {
    for (const act of [
      workflow().startCycle({ body: { trade_date: '2026-03-25', session_mode: 'autonomous' } }),
      workflow().setSessionMode({
        body: { session_mode: 'autonomous', by: 'the operator', reason: 'it goes well' },
      }),
    ])
      await expect(act).rejects.toMatchObject({ code: 'OPERATOR_ONLY' });
  });
  it("resumes for the operator's key alone, whatever name is given", async () => {
    const resume = { act: 'resume', by: 'the operator', reason: 'all is well' } as const;
    await expect(workflow().changeTradingState({ body: resume })).rejects.toMatchObject({
      code: 'OPERATOR_ONLY',
    });
    const asked = () => fleet.callsTo('changeTradingState').map(({ body }) => body);
    expect(asked()).not.toContainEqual(expect.objectContaining({ act: 'resume' }));
    await service.client('cli').changeTradingState({ body: resume });
    expect(asked().at(-1)).toMatchObject({ act: 'resume', by: 'cli for the operator' });
  });
  it.each(['a\u0000b', 'risk\n\u001b[2J fake', 'x\u202ey', '\ud800'])(
    'refuses the name %j: it would be obeyed where it is shown',
    async (by) => {
      const body = { act: 'pause', by, reason: 'lunch time' } as const;
      await expect(workflow().changeTradingState({ body })).rejects.toMatchObject({
        code: 'INVALID_REQUEST',
        message: expect.stringContaining('without control characters'),
      });
    },
  );
  it("proposes for another's key what loosens a limit, and only the operator confirms it", async () => {
    const ask = (value: number) =>
      workflow().updateRiskParameter({
        params: { name: 'max_positions' },
        body: { value, by: 'claude', reason: 'more places' },
      });
    const changes = () => fleet.callsTo('updateParameter').length;
    const before = changes();
    expect((await ask(4)).proposal_id).toBeNull();
    expect(changes()).toBe(before + 1);
    const { proposal_id, old_value, new_value } = await ask(6);
    expect([old_value, new_value, changes()]).toEqual([5, 6, before + 1]);
    expect((await workflow().listLimitProposals()).limit_proposals).toMatchObject([
      { proposal_id, name: 'max_positions', asked_by: 'orchestration for claude' },
    ]);
    const input = { params: { proposal_id: proposal_id! }, body: { by: 'ann' } };
    await expect(workflow().confirmLimit(input)).rejects.toMatchObject({ code: 'OPERATOR_ONLY' });
    expect(changes()).toBe(before + 1);
    expect(await service.client('cli').confirmLimit(input)).toMatchObject({ new_value: 6 });
    expect(changes()).toBe(before + 2);
    await expect(service.client('cli').confirmLimit(input)).rejects.toMatchObject({
      code: 'PROPOSAL_ENDED',
    });
    const second = (await ask(7)).proposal_id!;
    expect(
      await workflow().rejectLimit({
        params: { proposal_id: second },
        body: { by: 'ann', reason: 'five are enough' },
      }),
    ).toMatchObject({ state: 'rejected', decided_by: 'orchestration for ann' });
    expect((await workflow().listLimitProposals()).limit_proposals).toEqual([]);
    // the operator's own change is no proposal
    const own = await service.client('cli').updateRiskParameter({
      params: { name: 'max_positions' },
      body: { value: 8, by: 'ann', reason: 'my own wish' },
    });
    expect(own.proposal_id).toBeNull();
    expect(changes()).toBe(before + 3);
  });
  it.each([
    ['max_positions', 1_000_000, 'max_positions: from 1 to 10, was 1000000'],
    ['max_positions', 7.5, 'max_positions: expected a whole number, was 7.5'],
    ['allow_short', 1, 'allow_short: expected boolean, received number, was 1'],
    ['risk_per_trade_ratio', 0.5, 'risk_per_trade_ratio: from 0.0005 to 0.02, was 0.5'],
  ])('proposes to nobody what risk never takes: %s at %j', async (name, value, message) => {
    await expect(
      workflow().updateRiskParameter({
        params: { name },
        body: { value, by: 'claude', reason: 'more of it' },
      }),
    ).rejects.toMatchObject({ code: 'INVALID_RISK_PARAMETER', message });
    expect((await workflow().listLimitProposals()).limit_proposals).toEqual([]);
  });
  it('keeps tool calls once', async () => {
    const calls = [
      {
        call_id: request_id('call'),
        at: at('10:41'),
        caller: 'claude',
        tool: 'get_risk_status',
        arguments: {},
        outcome: 'ok',
      },
    ];
    expect(await workflow().recordToolCalls({ body: { calls } })).toEqual({ recorded: 1 });
    expect(await workflow().recordToolCalls({ body: { calls } })).toEqual({ recorded: 1 });
    expect(await fleet.database.database.query('SELECT tool, caller FROM mcp_calls')).toEqual([
      { tool: 'get_risk_status', caller: 'claude' },
    ]);
  });
  it('tells what somebody watches for, once, as an alert, and enters nothing for it', async () => {
    const set = (name: string, given: object) =>
      workflow().setWatch({
        body: { kind: 'price', level: '50', by: 'mcp:ann', request_id: request_id(name), ...given },
      });
    // the quote is 50.08 to 50.10
    const above = await set('above', { symbol: 'WTCH', direction: 'at_or_above', by_mail: true });
    const below = await set('below', { symbol: 'WTCH' });
    const day = await set('day', { kind: 'day_pnl', level: '-500', note: 'stop me' });
    expect([below.direction, day.direction]).toEqual(['at_or_below', 'at_or_below']);
    expect(await set('above', { symbol: 'WTCH', direction: 'at_or_above' })).toEqual(above);
    await expect(set('none', { symbol: 'GHOST' })).rejects.toMatchObject({
      code: 'UNKNOWN_SYMBOL',
    });
    await expect(set('both', { kind: 'day_pnl', symbol: 'WTCH' })).rejects.toMatchObject({
      code: 'INVALID_REQUEST',
    });
    await expect(set('negative', { symbol: 'WTCH', level: '-50' })).rejects.toMatchObject({
      message: 'a price is above 0, was -50',
    });
    const sent = fleet.callsTo('submitOrder').length;
    await advanceTo('10:43');
    const watches = async () =>
      (await workflow().listWatches({ query: { state: 'all' } })).watches.map(
        ({ watch_id, state, met_at, met_value }) => [watch_id, state, met_at, met_value],
      );
    expect(await watches()).toEqual(
      expect.arrayContaining([
        [above.watch_id, 'met', at('10:42'), '50.08'],
        [below.watch_id, 'waiting', null, null],
      ]),
    );
    const told = (await workflow().listAlerts({ query: {} })).alerts.filter(
      ({ code }) => code === 'WATCH_MET',
    );
    expect(told).toMatchObject([
      {
        severity: 'warning',
        count: 1,
        message: 'WTCH at or above 50.00: it is 50.08 (watched for mcp:ann)',
      },
    ]);
    await workflow().removeWatch({ params: { watch_id: below.watch_id }, body: { by: 'ann' } });
    for (let i = 0; i < 19; i += 1) await set(`many ${i}`, { symbol: 'WTCH', level: '1' });
    await expect(set('too many', { symbol: 'WTCH', level: '1' })).rejects.toMatchObject({
      code: 'TOO_MANY_REQUESTS',
    });
    expect(fleet.callsTo('submitOrder')).toHaveLength(sent);
  });
});
