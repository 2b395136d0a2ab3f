import { describe, expect, it } from '@jest/globals';
import type { Order, StandingPosition } from '@catalyst/contracts';
import { orderLine, positionLines } from './desk-words.ts';
import { refusalWords } from './risk-words.ts';

const position = {
  position_id: 'p-1',
  symbol: 'ACME',
  direction: 'long',
  status: 'opening',
  qty: '0.000000000',
  entered_qty: '0',
  entry_price: null,
  initial_stop_price: '44',
  target_price: '47.3',
  last_price: null,
  unrealized_pnl_usd: '0',
  is_protected: false,
  live_stop_price: null,
  live_target_price: null,
  risk_usd: null,
  price_age_seconds: null,
  naked: null,
} as StandingPosition;
const order = {
  symbol: 'ACME',
  role: 'stop',
  side: 'sell',
  type: 'stop_limit',
  qty: '100',
  filled_qty: '0',
  filled_avg_price: null,
  limit_price: '44.8',
  stop_price: '45',
  status: 'new',
  reason: null,
  created_at: '2026-03-10T14:00:00.000Z',
} as Order;

describe('a position whose entry waits', () => {
  it('is told as held by nobody yet, and alarms nobody', () => {
    expect(positionLines([position])).toEqual([
      'ACME: long, its entry waits at the broker and nothing of it is filled, so nothing is held; with the fill come stop 44.00 and target 47.30; position_id p-1',
    ]);
  });
  it('says of the part that is filled that nothing protects it', () => {
    const partly = { ...position, qty: '40', entry_price: '45' };
    expect(positionLines([partly])[0]).toContain('NOT PROTECTED');
  });
});
describe('a position that left its target', () => {
  it('says that the target is not live', () => {
    const trailed = { ...position, status: 'open', qty: '40', is_protected: true } as const;
    const [line] = positionLines([{ ...trailed, live_stop_price: '45' }]);
    expect(line).toContain('stop 45.00 (first 44.00), target 47.30 (not live at the broker)');
  });
});
describe('an order', () => {
  it('that stops with a limit says both prices', () => {
    expect(orderLine(order)).toContain('sell 100 stop 45.00 limit 44.80, new, nothing filled');
  });
  it.each([
    ['limit', { limit_price: '47.3', stop_price: null }, 'sell 100 limit 47.30, new'],
    ['stop', { limit_price: null }, 'sell 100 stop 45.00, new'],
    ['trailing_stop', { limit_price: null }, 'sell 100 trailing stop 45.00, new'],
    ['market', { limit_price: null, stop_price: null }, 'sell 100 market, new'],
  ] as const)('of the kind %s says its price', (type, prices, words) => {
    expect(orderLine({ ...order, ...prices, type })).toContain(words);
  });
});
describe("risk's refusal", () => {
  const refusal = (message: string, limit: string, value: string, max_qty: string) =>
    refusalWords({ message, limit, value, max_qty });
  it('says the numbers that its sentence does not, and what would pass', () => {
    expect(refusal('the position would be 45 % of equity.', '20 %', '45 %', '443')).toBe(
      'the position would be 45 % of equity; limit 20 %, value 45 %; the largest quantity that would pass is 443',
    );
  });
  it.each([
    ['short selling is off (allow_short)', 'true', 'false'],
    ['trading is halted (never armed)', 'active', 'halted'],
    ['ACME is held or has an entry pending', '0', '1'],
    ['max_position_ratio allows at most 302 shares', '302', '1000'],
  ])('says no words of a program: %s', (message, limit, value) => {
    expect(refusal(message, limit, value, '0')).toBe(`${message}; no quantity would pass`);
  });
});
