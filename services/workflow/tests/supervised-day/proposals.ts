import { expect, it } from '@jest/globals';
import type { Proposal } from '@catalyst/contracts';
import { stableId } from '@catalyst/domain';
import { at } from '../fixture-fleet/script.ts';
import type { SupervisedDay } from './supervised-day.ts';

/** What the desk proposes by itself, and what becomes of it. */
export const proposals = (day: SupervisedDay): void => {
  const waiting = async (): Promise<Proposal[]> =>
    (await day.workflow().listProposals({ query: {} })).proposals;

  it('proposes what it would have entered and sends nothing', async () => {
    const { cycle_id } = day;
    await day.advanceTo('10:02');
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
    expect(day.fleet.callsTo('checkOrder')).toEqual([]);
    expect(day.fleet.callsTo('submitOrder')).toEqual([]);
    expect((await day.workflow().listAlerts({ query: {} })).alerts.map(({ code }) => code)).toEqual(
      ['PROPOSAL_WAITING', 'PROPOSAL_WAITING'],
    );
  });
  it('executes a proposal once, however often it is asked, with the size that was shown', async () => {
    const { cycle_id } = day;
    const proposal = (await waiting()).find(({ symbol }) => symbol === 'AAA')!;
    const { proposal_id } = proposal;
    const answers = await Promise.all(
      [1, 2, 3].map(() =>
        day.workflow().executeProposal({ params: { proposal_id }, body: { by: 'ann' } }),
      ),
    );
    expect(answers.map(({ state }) => state)).toEqual(['executed', 'executed', 'executed']);
    expect(day.fleet.callsTo('submitOrder')).toMatchObject([
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
    const { decisions } = await day.workflow().listDecisions({ query: { cycle_id } });
    expect(
      decisions.filter(({ symbol, kind }) => symbol === 'AAA' && kind !== 'skip'),
    ).toMatchObject([
      { kind: 'enter', outcome: 'submitted' },
      { kind: 'propose', outcome: 'executed' },
    ]);
    expect(await day.fleet.database.database.query('SELECT seq FROM trading_signals')).toEqual([
      { seq: 1 },
    ]);
  });
  it('lets a proposal expire after five minutes, and proposes it again later', async () => {
    const proposal = (await waiting()).find(({ symbol }) => symbol === 'BBB')!;
    await day.advanceTo('10:07');
    await expect(
      day.workflow().executeProposal({
        params: { proposal_id: proposal.proposal_id },
        body: { by: 'ann' },
      }),
    ).rejects.toMatchObject({ code: 'PROPOSAL_EXPIRED', details: { expires_at: at('10:07') } });
    expect(await waiting()).toEqual([]);
    expect(
      (await day.workflow().listProposals({ query: { state: 'all' } })).proposals
        .map(({ symbol, state }) => [symbol, state])
        .sort(),
    ).toEqual([
      ['AAA', 'executed'],
      ['BBB', 'expired'],
    ]);
    await day.advanceTo('10:17');
    expect((await waiting()).map(({ symbol, created_at }) => [symbol, created_at])).toEqual([
      ['BBB', at('10:17')],
    ]);
  });
  it('does not propose again what a person turned down', async () => {
    const [proposal] = await waiting();
    const reject = () =>
      day.workflow().rejectProposal({
        params: { proposal_id: proposal!.proposal_id },
        body: { by: 'ann', reason: 'not today' },
      });
    expect(await reject()).toMatchObject({ state: 'rejected', outcome: 'ann: not today' });
    expect(await reject()).toMatchObject({ state: 'rejected' });
    await expect(
      day.workflow().executeProposal({
        params: { proposal_id: proposal!.proposal_id },
        body: { by: 'ann' },
      }),
    ).rejects.toMatchObject({ code: 'PROPOSAL_ENDED' });
    await day.advanceTo('10:41');
    expect(
      (await day.workflow().listProposals({ query: { state: 'all' } })).proposals
        .map(({ symbol }) => symbol)
        .sort(),
    ).toEqual(['AAA', 'BBB', 'BBB', 'CCC']);
  });
};
