import { describe, expect, it } from '@jest/globals';
import type { OrderIntent, RiskApproval, RiskRefusal } from '@catalyst/contracts';
import { choosePersonLevels, summarizeTrade } from './person-trade.ts';

const id = '00000000-0000-8000-8000-000000000001';
const intent: OrderIntent = {
  intent_id: id,
  cycle_id: id,
  symbol: 'AAPL',
  direction: 'long',
  qty: '120',
  entry_price: '190.25',
  limit_price: '190.63',
  stop_price: '186.45',
  target_price: '197.85',
};
const none = { pattern_stop: null, stop_price: undefined, target_price: undefined };

describe('the levels of a trade that a person has in mind', () => {
  it('are 2 % and twice the risk where nothing else says it, for longs and shorts', () => {
    expect(choosePersonLevels({ direction: 'long', price: '50', ...none })).toEqual({
      stop: '49',
      target: '52',
      stop_basis: 'default',
    });
    expect(choosePersonLevels({ direction: 'short', price: '50', ...none })).toEqual({
      stop: '51',
      target: '48',
      stop_basis: 'default',
    });
  });
  it("take the pattern's stop where it lies below the price", () => {
    expect(
      choosePersonLevels({ direction: 'long', price: '50', ...none, pattern_stop: 48.5 }),
    ).toEqual({ stop: '48.5', target: '53', stop_basis: 'pattern' });
    expect(
      choosePersonLevels({ direction: 'long', price: '50', ...none, pattern_stop: 51 }).stop_basis,
    ).toBe('default');
    expect(
      choosePersonLevels({ direction: 'short', price: '50', ...none, pattern_stop: 48.5 })
        .stop_basis,
    ).toBe('default');
  });
  it('are those that the person gave', () => {
    expect(
      choosePersonLevels({
        direction: 'long',
        price: '50',
        pattern_stop: 48.5,
        stop_price: '47',
        target_price: '60',
      }),
    ).toEqual({ stop: '47', target: '60', stop_basis: 'given' });
  });
});

describe('the summary of a trade', () => {
  it('says cost, risk and verdict in one sentence', () => {
    const approved: RiskApproval = {
      verdict: 'approved',
      approval_id: id,
      intent_id: id,
      qty: '120',
      risk_usd: '456',
      notional_usd: '22830',
      expires_at: '2026-03-24T14:30:00.000Z',
      sizing: {},
      checks: [],
    };
    expect(summarizeTrade(intent, approved)).toBe(
      'Buy 120 AAPL at about 190.25 (limit 190.63): costs $22,830.00 and can lose $456.00 at the stop 186.45, target 197.85; risk approves.',
    );
  });
  it('names the refusal and the size that would pass', () => {
    const refused: RiskRefusal = {
      verdict: 'refused',
      intent_id: id,
      code: 'POSITION_SIZE_LIMIT',
      message: '120 shares are 22.8 % of the capital',
      limit: '0.2',
      value: '0.228',
      max_qty: '105',
      checks: [],
    };
    expect(summarizeTrade(intent, refused)).toBe(
      'Buy 120 AAPL at about 190.25 (limit 190.63), stop 186.45, target 197.85: would cost $22,830.00 and could lose $456.00; risk refuses with POSITION_SIZE_LIMIT: 120 shares are 22.8 % of the capital (at most 105 would pass).',
    );
  });
});
