import { describe, expect, it } from '@jest/globals';
import type { OrderIntent, RefusalCode, RiskParameters } from '@catalyst/contracts';
import { Exact } from '@catalyst/domain';
import fc from 'fast-check';
import { reviewIntent } from './review-intent.ts';
import type { Commitment, RiskFacts } from './risk-facts.ts';

const limits: RiskParameters = {
  daily_loss_limit_usd: 2000,
  warning_ratio: 0.75,
  max_position_ratio: 0.2,
  max_positions: 5,
  max_correlation: 0.7,
  max_sector_ratio: 0.6,
  risk_per_trade_ratio: 0.005,
  min_reward_to_risk: 1.5,
  min_stop_distance_ratio: 0.002,
  max_stop_distance_ratio: 0.1,
  max_spread_ratio: 0.01,
  max_quote_age_seconds: 120,
  duplicate_window_seconds: 30,
  approval_lifetime_seconds: 60,
  max_consecutive_losses_per_symbol: 2,
  allow_short: false,
};
const intent: OrderIntent = {
  intent_id: '00000000-0000-8000-8000-000000000001',
  cycle_id: '00000000-0000-8000-8000-000000000002',
  symbol: 'ABCD',
  direction: 'long',
  qty: null,
  entry_price: '50.00',
  limit_price: '50.10',
  stop_price: '49.00',
  target_price: '52.00',
};
const held = (symbol: string, over: Partial<Commitment> = {}): Commitment => ({
  symbol,
  sector: 'Energy',
  notional_usd: '10000',
  risk_usd: '100',
  correlation: 0.1,
  kind: 'position',
  ...over,
});
const facts: RiskFacts = {
  now: '2026-03-10T15:00:00.000Z',
  trading_state: 'active',
  trading_state_reason: 'armed',
  is_reconciled: true,
  disk_shortage: null,
  account: {
    equity_usd: '100000',
    last_equity_usd: '100000',
    buying_power_usd: '200000',
    result_since_usd: '0',
  },
  commitments: [],
  sector: 'Health Care',
  is_shortable: true,
  quote: { bid_price: '49.98', ask_price: '50.02', quoted_at: '2026-03-10T14:59:30.000Z' },
  last_bar: { close: '50.00', ended_at: '2026-03-10T15:00:00.000Z' },
  last_entry_at: '2026-03-10T19:00:00.000Z',
  last_approved_at: null,
  consecutive_losses: 0,
  closed_r_multiples: [],
};

const staleQuote = { ...facts.quote!, quoted_at: '2026-03-10T14:50:00.000Z' };

describe('a review', () => {
  it('takes an old quote where the minute that just ended closed within its bid and ask, give or take 1 %', () => {
    for (const close of ['50.52', '50.00', '49.49'])
      expect(
        reviewIntent(
          intent,
          { ...facts, quote: staleQuote, last_bar: { ...facts.last_bar!, close } },
          limits,
        ),
      ).toMatchObject({ verdict: 'approved' });
  });

  it('sizes by the risk per trade: 0.5 % of 100,000 USD over 1 USD a share is 400 shares, capped by 20 % of capital', () => {
    expect(reviewIntent(intent, facts, limits)).toMatchObject({
      verdict: 'approved',
      qty: '400',
      risk_usd: '440.00',
      notional_usd: '20000.00',
    });
  });

  const firing: [RefusalCode, Partial<OrderIntent>, Partial<RiskFacts>, Partial<RiskParameters>][] =
    [
      ['TRADING_HALTED', {}, { trading_state: 'halted' }, {}],
      ['ONLY_REDUCING', {}, { trading_state: 'reducing' }, {}],
      ['ONLY_REDUCING', {}, { trading_state: 'flattening' }, {}],
      ['ACCOUNT_UNKNOWN', {}, { account: null }, {}],
      ['NOT_RECONCILED', {}, { is_reconciled: false }, {}],
      ['DISK_SPACE_LOW', {}, { disk_shortage: '/home has 3 MB free, 500 are needed' }, {}],
      ['AFTER_LAST_ENTRY', {}, { last_entry_at: '2026-03-10T14:59:00.000Z' }, {}],
      [
        'DAILY_LOSS_LIMIT',
        {},
        {
          account: {
            equity_usd: '98000',
            last_equity_usd: '100000',
            buying_power_usd: '200000',
            result_since_usd: '0',
          },
        },
        {},
      ],
      ['ALREADY_HELD', {}, { commitments: [held('ABCD')] }, {}],
      ['DUPLICATE_INTENT', {}, { last_approved_at: '2026-03-10T14:59:45.000Z' }, {}],
      [
        'MAX_POSITIONS',
        {},
        {
          commitments: ['A', 'B', 'C', 'D']
            .map((symbol) => held(symbol))
            .concat(held('E', { kind: 'approval' })),
        },
        {},
      ],
      [
        'SHORT_NOT_ALLOWED',
        { direction: 'short', stop_price: '51.00', target_price: '48.00' },
        {},
        {},
      ],
      [
        'SHORT_NOT_ALLOWED',
        { direction: 'short', stop_price: '51.00', target_price: '48.00' },
        { is_shortable: false },
        { allow_short: true },
      ],
      ['LOSS_STREAK', {}, { consecutive_losses: 2 }, {}],
      ['PRICE_OFF_TICK', { stop_price: '49.001' }, {}, {}],
      ['STOP_MISSING_OR_WRONG_SIDE', { stop_price: '50.50' }, {}, {}],
      ['STOP_MISSING_OR_WRONG_SIDE', { target_price: '49.50' }, {}, {}],
      ['STOP_TOO_CLOSE', { stop_price: '49.95' }, {}, {}],
      ['STOP_TOO_FAR', { stop_price: '44.00', target_price: '70.00' }, {}, {}],
      ['REWARD_TO_RISK', { target_price: '51.00' }, {}, {}],
      ['QUOTE_STALE', {}, { quote: null }, {}],
      ['QUOTE_STALE', {}, { quote: staleQuote, last_bar: null }, {}],
      [
        'QUOTE_STALE',
        {},
        {
          quote: staleQuote,
          last_bar: { close: '50.00', ended_at: '2026-03-10T14:57:59.000Z' },
        },
        {},
      ],
      [
        'QUOTE_STALE',
        {},
        { quote: staleQuote, last_bar: { ...facts.last_bar!, close: '50.53' } },
        {},
      ],
      [
        'QUOTE_STALE',
        {},
        { quote: staleQuote, last_bar: { ...facts.last_bar!, close: '49.48' } },
        {},
      ],
      ['SPREAD_TOO_WIDE', {}, { quote: { ...facts.quote!, bid_price: '49.00' } }, {}],
      ['SPREAD_TOO_WIDE', {}, { quote: { ...facts.quote!, bid_price: '51.00' } }, {}],
      ['CORRELATION', {}, { commitments: [held('A', { correlation: 0.71 })] }, {}],
      [
        'SECTOR_SHARE',
        {},
        { commitments: [held('A', { sector: 'Health Care', notional_usd: '59990' })] },
        {},
      ],
      [
        'SECTOR_SHARE',
        {},
        { sector: null, commitments: [held('A', { sector: null, notional_usd: '59990' })] },
        {},
      ],
      ['BUYING_POWER', {}, { account: { ...facts.account!, buying_power_usd: '40' } }, {}],
      [
        'BUYING_POWER',
        {},
        {
          account: { ...facts.account!, buying_power_usd: '10020' },
          commitments: [held('A', { kind: 'approval' })],
        },
        {},
      ],
      ['POSITION_SIZE_LIMIT', { qty: '401', stop_price: '49.50', target_price: '53.00' }, {}, {}],
      [
        'SIZE_BELOW_ONE_SHARE',
        {
          entry_price: '900.00',
          limit_price: '901.00',
          stop_price: '820.00',
          target_price: '1100.00',
        },
        {
          account: {
            equity_usd: '10000',
            last_equity_usd: '10000',
            buying_power_usd: '20000',
            result_since_usd: '0',
          },
        },
        {},
      ],
    ];
  it.each(firing)('refuses with %s %j %j', (code, changedIntent, changedFacts, changedLimits) => {
    const refusal = reviewIntent(
      { ...intent, ...changedIntent },
      { ...facts, ...changedFacts },
      { ...limits, ...changedLimits },
    );
    expect(refusal).toMatchObject({ verdict: 'refused', code });
  });

  it('takes the last place, and the last minute before entries end', () => {
    const four = ['A', 'B', 'C', 'D'].map((symbol) => held(symbol));
    expect(
      reviewIntent(intent, { ...facts, commitments: four, last_entry_at: facts.now }, limits)
        .verdict,
    ).toBe('approved');
  });

  it('names the largest size that would pass, and passes it', () => {
    const refusal = reviewIntent({ ...intent, qty: '1000' }, facts, limits);
    if (refusal.verdict !== 'refused') throw new Error('expected a refusal');
    expect(reviewIntent({ ...intent, qty: refusal.max_qty }, facts, limits)).toMatchObject({
      verdict: 'approved',
      qty: refusal.max_qty,
    });
  });

  it('never approves more than any limit allows, whatever the numbers', () => {
    const cents = (min: number, max: number) =>
      fc.integer({ min, max }).map((value) => (value / 100).toFixed(2));
    fc.assert(
      fc.property(
        cents(500, 40_000),
        fc.integer({ min: 2, max: 99 }),
        cents(100_000, 50_000_000),
        fc.integer({ min: -1999, max: 1999 }),
        (entry, perMille, equity, pnl) => {
          const stop = new Exact(entry).times(1 - perMille / 1000).toFixed(2);
          const target = new Exact(entry).times(1 + perMille / 400).toFixed(2);
          const account = {
            equity_usd: equity,
            last_equity_usd: new Exact(equity).minus(pnl).toFixed(),
            buying_power_usd: equity,
            result_since_usd: '0',
          };
          const result = reviewIntent(
            {
              ...intent,
              entry_price: entry,
              limit_price: null,
              stop_price: stop,
              target_price: target,
            },
            { ...facts, account, quote: { ...facts.quote!, bid_price: entry, ask_price: entry } },
            limits,
          );
          if (result.verdict === 'refused') return;
          const notional = new Exact(entry).times(result.qty);
          const risk = new Exact(entry).minus(stop).times(result.qty);
          expect(notional.lte(new Exact(equity).times('0.2'))).toBe(true);
          expect(risk.lte(new Exact(equity).times('0.005'))).toBe(true);
          expect(risk.lte(2000 + pnl)).toBe(true);
          expect(new Exact(result.qty).isInteger()).toBe(true);
        },
      ),
    );
  });
});
