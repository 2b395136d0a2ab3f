import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import {
  riskParameters,
  type OrderIntent,
  type RefusalCode,
  type RiskParameters,
} from '@catalyst/contracts';
import { Exact } from '@catalyst/domain';
import fc from 'fast-check';
import { parse } from 'yaml';
import { reviewIntent } from './review-intent.ts';
import type { RiskFacts } from './risk-facts.ts';
import { SAMPLE_FACTS, SAMPLE_INTENT, sampleCommitment } from './sample-review.ts';

const limits: RiskParameters = riskParameters.parse(
  parse(
    readFileSync(join(import.meta.dirname, '../../../../../config/risk_parameters.yaml'), 'utf8'),
  ),
);
const intent = SAMPLE_INTENT;
const facts = SAMPLE_FACTS;
const held = sampleCommitment;
const account = SAMPLE_FACTS.account!;

const staleQuote = { ...facts.quote!, quoted_at: '2026-03-10T14:50:00.000Z' };

describe('a review', () => {
  it('takes an old quote where the minute that just ended closed within its bid and ask, give or take 1 %', () => {
    for (const close of ['50.50', '50.00', '49.49'])
      expect(
        reviewIntent(
          intent,
          { ...facts, quote: staleQuote, last_bar: { ...facts.last_bar!, close } },
          limits,
        ),
      ).toMatchObject({ verdict: 'approved' });
  });

  it('sizes by the risk per trade: 0.5 % of 100,000 USD over 1 USD a share is 500 shares, capped by 20 % of capital at the limit price', () => {
    expect(reviewIntent(intent, facts, limits)).toMatchObject({
      verdict: 'approved',
      qty: '399',
      risk_usd: '438.90',
      notional_usd: '19989.90',
    });
  });

  const firing: [RefusalCode, Partial<OrderIntent>, Partial<RiskFacts>, Partial<RiskParameters>][] =
    [
      ['TRADING_HALTED', {}, { trading_state: 'halted' }, {}],
      ['ONLY_REDUCING', {}, { trading_state: 'reducing' }, {}],
      ['ONLY_REDUCING', {}, { trading_state: 'flattening' }, {}],
      ['ACCOUNT_UNKNOWN', {}, { account: null }, {}],
      ['NOT_RECONCILED', {}, { reconciliation: null }, {}],
      ['NOT_RECONCILED', {}, { reconciliation: { reconciled: false, checked_at: facts.now } }, {}],
      [
        'RECONCILIATION_STALE',
        {},
        { reconciliation: { reconciled: true, checked_at: '2026-03-10T14:29:59.000Z' } },
        {},
      ],
      ['ACCOUNT_STALE', {}, { account: { ...account, read_at: '2026-03-10T14:56:59.000Z' } }, {}],
      ['ACCOUNT_STALE', {}, { account: { ...account, read_at: '2026-03-10T15:00:06.000Z' } }, {}],
      ['ACCOUNT_BLOCKED', {}, { account: { ...account, blocked_reason: 'restricted' } }, {}],
      ['BEFORE_OPEN', {}, { open_at: '2026-03-10T15:00:01.000Z' }, {}],
      ['NOT_TRADABLE', {}, { is_tradable: false }, {}],
      ['SYMBOL_HALTED', {}, { trading: { halted: 'no trade since 10:57', told_by: 'bars' } }, {}],
      ['COOL_DOWN', {}, { last_exit_at: '2026-03-10T14:45:01.000Z' }, {}],
      ['FRACTIONAL_SHARES', { qty: '10.5' }, {}, {}],
      ['LIMIT_BEYOND_LEVELS', { limit_price: '52.5' }, {}, {}],
      ['LIMIT_BEYOND_LEVELS', { limit_price: '49' }, {}, {}],
      ['STOP_NOT_SUPPORTED', { stop_price: '46.99', target_price: '60' }, {}, {}],
      ['STOP_NOT_SUPPORTED', {}, { true_range: null, pattern_stops: [48.5] }, {}],
      [
        'QUOTE_STALE',
        {},
        { quote: { ...facts.quote!, quoted_at: '2026-03-10T15:01:00.000Z' } },
        {},
      ],
      ['LIQUIDITY', {}, { quote: { ...facts.quote!, ask_size: '0' } }, {}],
      ['LIQUIDITY', {}, { daily_volume: null }, {}],
      ['LIQUIDITY', { qty: '100' }, { daily_volume: 9_999 }, {}],
      [
        'PRICE_FAR_FROM_QUOTE',
        { entry_price: '51.01', limit_price: null, stop_price: '50', target_price: '54' },
        {},
        {},
      ],
      [
        'PRICE_FAR_FROM_QUOTE',
        { entry_price: '48.97', limit_price: '48.97', stop_price: '48', target_price: '54' },
        {},
        {},
      ],
      ['CASH', {}, { account: { ...account, cash_usd: '50' } }, {}],
      [
        'CASH',
        {},
        {
          account: { ...account, cash_usd: '10050', cash_since_usd: '-5000' },
          commitments: [held('A', { pending_usd: '5000' })],
        },
        {},
      ],
      ['GROSS_EXPOSURE', {}, { commitments: [held('A', { notional_usd: '99950' })] }, {}],
      ['INTRADAY_MARGIN', {}, { account: { ...account, maintenance_margin_usd: '99990' } }, {}],
      [
        'DAILY_LOSS_LIMIT',
        {},
        { account: { ...account, equity_usd: '99000', transfers_usd: '1000' } },
        {},
      ],
      ['DAILY_LOSS_LIMIT', {}, { commitments: [held('A', { risk_usd: '2000' })] }, {}],
      ['DISK_SPACE_LOW', {}, { disk_shortage: '/home has 3 MB free, 500 are needed' }, {}],
      ['AFTER_LAST_ENTRY', {}, { last_entry_at: '2026-03-10T14:59:00.000Z' }, {}],
      [
        'DAILY_LOSS_LIMIT',
        {},
        {
          account: { ...account, equity_usd: '98000' },
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
      ['SPREAD_TOO_WIDE', {}, { quote: { ...facts.quote!, bid_price: '49.40' } }, {}],
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
      ['BUYING_POWER', {}, { account: { ...account, buying_power_usd: '40' } }, {}],
      [
        'BUYING_POWER',
        {},
        {
          account: { ...account, buying_power_usd: '10020' },
          commitments: [held('A', { kind: 'approval', pending_usd: '10000' })],
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
          account: { ...account, equity_usd: '10000', last_equity_usd: '10000' },
          quote: { ...facts.quote!, bid_price: '899.50', ask_price: '900' },
          true_range: 100,
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
          const given = {
            ...account,
            cash_usd: equity,
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
            {
              ...facts,
              account: given,
              quote: { ...facts.quote!, bid_price: entry, ask_price: entry },
              true_range: 1000,
            },
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
