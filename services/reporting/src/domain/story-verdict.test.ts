import { describe, expect, it } from '@jest/globals';
import { storyVerdict } from './story-verdict.ts';

type Story = Parameters<typeof storyVerdict>[0];
const nothing: Story = {
  symbol: 'ACME',
  name: '',
  sector: null,
  cycle_id: '5a291c26-da87-834a-b2e4-06f9819eb737',
  trade_date: '2026-03-10',
  cycle_state: 'closed',
  news: [],
  scans: [],
  decisions: [],
  signals: [],
  reviews: [],
  proposals: [],
  orders: [],
  positions: [],
  afterwards: null,
};
const position = {
  direction: 'long',
  status: 'closed',
  qty: '0',
  entered_qty: '10',
  entry_price: '20',
  entered_at: '2026-03-10T14:00:00.000Z',
  exit_price: '19.5',
  exited_at: '2026-03-10T15:00:00.000Z',
  exit_reason: 'stop',
  realized_pnl_usd: '-5',
  r_multiple: -1,
} as Story['positions'][number];
const verdict = (story: Partial<Story>): string => storyVerdict({ ...nothing, ...story });
const scan = (stage: string, clock: string, passed = false) =>
  ({
    stage,
    passed,
    reason: `the reason of ${clock}`,
    completed_at: `2026-03-10T${clock}:00.000Z`,
  }) as Story['scans'][number];

describe('the verdict of a story', () => {
  it('is the result of each position, long or short, and what is still held', () => {
    expect(verdict({ positions: [position] })).toBe(
      'bought 10 at 20.00 at 10:00, sold at 19.50 at 11:00, stopped out: -$5.00, -1.00 R.',
    );
    expect(verdict({ positions: [{ ...position, direction: 'short' }] })).toContain(
      'sold short 10 at 20.00 at 10:00, bought back at 19.50',
    );
    const open = { ...position, status: 'open' as const, qty: '7', exit_price: null };
    expect(verdict({ positions: [position, open] })).toMatch(
      /-1\.00 R; bought 10 at 20\.00 at 10:00, and 7 still held\.$/,
    );
  });
  it('is the entry that was not filled, where nothing was held', () => {
    const entry = {
      role: 'entry',
      status: 'canceled',
      reason: 'no fill in 5 minutes',
      created_at: '2026-03-10T14:00:00.000Z',
    } as Story['orders'][number];
    expect(verdict({ orders: [entry], positions: [{ ...position, entered_at: null }] })).toBe(
      'Not bought: the entry of 10:00 was not filled (no fill in 5 minutes).',
    );
  });
  it('is not the last word while the day goes on', () => {
    expect(verdict({})).toBe('Not bought: no news told of it, and no scan looked at it.');
    expect(verdict({ cycle_state: 'trading' })).toMatch(/^Not bought so far: no news/);
  });
  it('is the farthest stage of the funnel, in the latest scan that came so far', () => {
    const scans = [
      scan('pattern', '12:00'),
      scan('technical', '13:35'),
      scan('pattern', '13:40'),
      scan('catalyst', '13:45'),
    ];
    expect(verdict({ scans })).toBe(
      'Not bought: in 4 scans it came no farther than the stage pattern, last at 09:40: the reason of 13:40.',
    );
    expect(verdict({ scans: [...scans, scan('ranking', '14:00', true)] })).toBe(
      'Not bought: it was a candidate at 10:00 (the reason of 14:00), and nothing was decided on it.',
    );
  });
});
