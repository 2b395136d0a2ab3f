import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openRisk, type RiskDesk } from './open-risk.ts';

let desk: RiskDesk;
beforeAll(async () => {
  desk = await openRisk(['AAA', 'BBB', 'CCC', 'DDD', 'EEE', 'FFF', 'GGG']);
});
afterAll(() => desk.close());

describe('a review', () => {
  it('approves nothing until a person arms the desk once', async () => {
    const before = await desk.at(() => desk.client().checkOrder({ body: desk.intentFor('AAA') }));
    expect(before).toMatchObject({ verdict: 'refused', code: 'TRADING_HALTED' });
    await expect(
      desk.at(() =>
        desk
          .client()
          .changeTradingState({ body: { act: 'resume', by: 'test', reason: 'try to resume' } }),
      ),
    ).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
    const status = await desk
      .client('cli')
      .arm({ body: { by: 'test', reason: 'armed for the test' } });
    expect(status.trading_state).toBe('active');
  });

  it('gives the same approval however often the same intent is reviewed, and refuses the id with other values', async () => {
    const intent = desk.intentFor('AAA');
    const first = await desk.at(() => desk.client().checkOrder({ body: intent }));
    const again = await desk.at(
      () => desk.client().checkOrder({ body: intent }),
      '2026-03-10T15:01:00.000Z',
    );
    expect(first).toMatchObject({ verdict: 'approved', qty: '399' });
    expect(again).toEqual(first);
    await expect(
      desk.at(() => desk.client().checkOrder({ body: { ...intent, stop_price: '48' } })),
    ).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
    expect(
      await desk.database.query('SELECT 1 FROM risk_approvals WHERE intent_id = $1', [
        intent.intent_id,
      ]),
    ).toHaveLength(1);
  });

  it('gives the last places only once when many ask at the same instant', async () => {
    const decisions = await Promise.all(
      ['BBB', 'CCC', 'DDD', 'EEE', 'FFF', 'GGG'].map((symbol) =>
        desk.at(() => desk.client().checkOrder({ body: desk.intentFor(symbol) })),
      ),
    );
    expect(decisions.filter((decision) => decision.verdict === 'approved')).toHaveLength(4);
    expect(
      decisions
        .filter((decision) => decision.verdict === 'refused')
        .map((decision) => decision.verdict === 'refused' && decision.code),
    ).toEqual(['MAX_POSITIONS', 'MAX_POSITIONS']);
  });

  it('frees the capacity of approvals that expired unused', async () => {
    await desk.database.query('UPDATE latest_quotes SET quoted_at = $1', [
      '2026-03-10T15:02:00.000Z',
    ]);
    const decision = await desk.at(
      () => desk.client().checkOrder({ body: desk.intentFor('GGG') }),
      '2026-03-10T15:02:00.000Z',
    );
    expect(decision).toMatchObject({ verdict: 'approved' });
  });

  it('previews without reserving anything', async () => {
    const intent = desk.intentFor('BBB');
    await desk.at(() => desk.client().previewOrder({ body: intent }), '2026-03-10T15:02:30.000Z');
    expect(
      await desk.database.query('SELECT 1 FROM risk_decisions WHERE intent_id = $1', [
        intent.intent_id,
      ]),
    ).toHaveLength(0);
  });

  it('answers an unknown symbol by its name', async () => {
    await expect(
      desk.at(() => desk.client().checkOrder({ body: desk.intentFor('ZZZZ') })),
    ).rejects.toMatchObject({ code: 'UNKNOWN_SYMBOL', details: { symbol: 'ZZZZ' } });
  });
});
