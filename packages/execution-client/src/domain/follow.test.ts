import { describe, expect, test } from '@jest/globals';
import {
  add,
  Exact,
  isOnTick,
  nyseCalendarDay,
  toDecimalString,
  tradingHours,
} from '@catalyst/domain';
import fc from 'fast-check';
import { follow, type EntrySignal, type FollowDecision, type Standing } from './follow.ts';
import { narrowLimits, NOTHING_ASKED, type AskedByDesk } from './narrow-limits.ts';
import { ownerLimits, type OwnerLimits } from './owner-limits.ts';

const own = ownerLimits.parse({});
const hours = tradingHours(nyseCalendarDay('2026-03-24')!);
const signal: EntrySignal = {
  symbol: 'ORRI',
  direction: 'long',
  entry_price: '20',
  stop_price: '19.5',
  target_price: '21',
  confidence: 0.8,
  valid_until: '2026-03-24T15:00:00Z',
};
const standing: Standing = {
  now: '2026-03-24T14:30:00.000Z',
  hours,
  is_desk_halted: false,
  is_cancelled: false,
  is_paused: false,
  stopped: null,
  limits_unread: null,
  is_dry_run: false,
  quote: { bid_price: '20.00', ask_price: '20.02', quoted_at: '2026-03-24T14:29:59Z' },
  account: {
    equity_usd: '100000',
    buying_power_usd: '100000',
    in_use_usd: '0',
    blocked: null,
    day_result_usd: '0',
    own_symbols: [],
    others_symbols: [],
    is_reconciled: true,
  },
};

type Change = {
  signal?: Partial<EntrySignal>;
  own?: Partial<OwnerLimits>;
  asked?: Partial<AskedByDesk>;
  standing?: Partial<Standing>;
  account?: Partial<NonNullable<Standing['account']>>;
};
const decide = (change: Change = {}): FollowDecision =>
  follow(
    { ...signal, ...change.signal },
    { ...own, ...change.own },
    { ...NOTHING_ASKED, ...change.asked },
    { ...standing, account: { ...standing.account!, ...change.account }, ...change.standing },
  );

describe('a signal is entered', () => {
  test('with as many whole shares as the tightest limit allows, at a limit of its own', () => {
    expect(decide()).toEqual({
      decision: 'enter',
      plan: {
        // 50 dollars at 0.60 a share would be 83, and 2,000 dollars at 20.10 are 99
        qty: '83',
        limit_price: '20.1',
        stop_price: '19.5',
        target_price: '21',
        risk_usd: '49.80',
        notional_usd: '1668.30',
      },
    });
  });

  test('in the dry run only on paper of its own', () => {
    const decision = decide({ standing: { is_dry_run: true } });
    expect(decision).toMatchObject({ decision: 'skip', code: 'dry_run', plan: { qty: '83' } });
  });
});

const refusals: [string, Change][] = [
  ['expired', { standing: { now: '2026-03-24T15:00:00.000Z' } }],
  ['cancelled', { standing: { is_cancelled: true } }],
  ['desk_halted', { standing: { is_desk_halted: true } }],
  ['paused', { standing: { is_paused: true } }],
  ['stopped', { standing: { stopped: 'kill switch' } }],
  ['daily_loss', { account: { day_result_usd: '-150' } }],
  ['symbol_not_allowed', { own: { only_symbols: ['AAPL'] } }],
  ['symbol_not_allowed', { own: { never_symbols: ['ORRI'] } }],
  [
    'direction_not_allowed',
    { signal: { direction: 'short', stop_price: '21', target_price: '19' } },
  ],
  ['confidence_too_low', { own: { min_confidence: 0.9 } }],
  ['outside_hours', { own: { entry_hours: { from: '11:00', to: '12:00' } } }],
  ['closes_soon', { standing: { hours: null } }],
  [
    'closes_soon',
    {
      standing: { now: '2026-03-24T19:40:00.000Z' },
      signal: { valid_until: '2026-03-24T21:00:00Z' },
    },
  ],
  ['account_unknown', { standing: { account: null } }],
  ['account_blocked', { account: { blocked: 'the account is blocked' } }],
  ['limits_unread', { standing: { limits_unread: 'limits.json is no JSON' } }],
  ['not_reconciled', { account: { is_reconciled: false } }],
  ['too_many_positions', { account: { own_symbols: ['A', 'B', 'C'] } }],
  ['already_held', { account: { own_symbols: ['ORRI'] } }],
  ['held_by_owner', { account: { others_symbols: ['ORRI'] } }],
  ['quote_unknown', { standing: { quote: null } }],
  [
    'quote_unknown',
    { standing: { quote: { ...standing.quote!, quoted_at: '2026-03-24T14:27:59Z' } } },
  ],
  [
    'quote_unknown',
    {
      own: { max_quote_age_s: 60 },
      standing: { quote: { ...standing.quote!, quoted_at: '2026-03-24T14:28:59Z' } },
    },
  ],
  ['quote_unknown', { standing: { quote: { ...standing.quote!, bid_price: '20.03' } } }],
  ['spread_too_wide', { standing: { quote: { ...standing.quote!, ask_price: '20.30' } } }],
  [
    'ran_away',
    { standing: { quote: { ...standing.quote!, bid_price: '20.12', ask_price: '20.13' } } },
  ],
  [
    'ran_away',
    { standing: { quote: { ...standing.quote!, bid_price: '19.85', ask_price: '19.86' } } },
  ],
  ['exits_not_sane', { signal: { stop_price: '20.10' } }],
  ['exits_not_sane', { signal: { target_price: '20.05' } }],
  ['too_small', { own: { max_risk_usd: '0.5' } }],
  ['too_small', { account: { buying_power_usd: '20' } }],
  ['too_small', { account: { in_use_usd: '6000' } }],
  ['server_narrowed', { asked: { may_enter: false, why_not: ['paused'] } }],
  ['server_narrowed', { asked: { risk: { max_position_size_usd: 15 } } }],
  ['server_narrowed', { asked: { risk: { max_positions: 1 } }, account: { own_symbols: ['A'] } }],
  ['server_narrowed', { asked: { risk: { stop_loss_pct: 2 } } }],
  [
    'server_narrowed',
    { asked: { risk: { max_daily_loss_usd: 50 } }, account: { day_result_usd: '-50' } },
  ],
];

test.each(refusals)('a signal is skipped as %s', (code, change) => {
  expect(decide(change)).toMatchObject({ decision: 'skip', code });
});

const cents = (least: number, most: number) =>
  fc
    .integer({ min: Math.round(least * 100), max: Math.round(most * 100) })
    .map((value) => toDecimalString(new Exact(value).div(100)));
const anyLimits = fc
  .record({
    max_risk_usd: cents(0.01, 500),
    max_risk_ratio: fc.double({ min: 0.0001, max: 1, noNaN: true }),
    max_notional_usd: cents(1, 20_000),
    max_total_notional_usd: cents(1, 50_000),
    max_positions: fc.integer({ min: 1, max: 5 }),
    max_drift_ratio: fc.double({ min: 0.0001, max: 0.1, noNaN: true }),
    max_spread_ratio: fc.constant(0.1),
    daily_loss_usd: cents(1, 1000),
    directions: fc.constant(['long', 'short'] as OwnerLimits['directions']),
    entry_hours: fc.constant({ from: '09:30', to: '16:00' }),
  })
  .filter((limits) => Number(limits.max_notional_usd) <= Number(limits.max_total_notional_usd))
  .map((limits) => ownerLimits.parse(limits));
const anySettings: fc.Arbitrary<AskedByDesk> = fc.record({
  may_enter: fc.constantFrom(true, true, true, false),
  why_not: fc.constant(['the desk says so']),
  risk: fc.record(
    {
      max_position_size_usd: fc.double({ min: 100, max: 100_000, noNaN: true }),
      max_daily_loss_usd: fc.double({ min: 50, max: 50_000, noNaN: true }),
      max_positions: fc.integer({ min: 1, max: 20 }),
      stop_loss_pct: fc.double({ min: 1, max: 20, noNaN: true }),
      take_profit_pct: fc.double({ min: 2, max: 50, noNaN: true }),
    },
    { requiredKeys: [] },
  ),
});
const anyMoment = fc
  .record({
    direction: fc.constantFrom('long' as const, 'short' as const),
    entry: cents(0.5, 900),
    stop: fc.double({ min: 0.0005, max: 0.15, noNaN: true }),
    target: fc.double({ min: 0.05, max: 0.5, noNaN: true }),
    now_off: fc.double({ min: -0.01, max: 0.01, noNaN: true }),
    equity: cents(5000, 200_000),
    buying_power: cents(5000, 200_000),
    in_use: cents(0, 5000),
    result: cents(0, 400),
    held: fc.subarray(['A', 'B', 'C', 'D'], { maxLength: 3 }),
  })
  .map(
    ({ direction, entry, stop, target, now_off, equity, buying_power, in_use, result, held }) => {
      const away = direction === 'long' ? 1 : -1;
      const at = (part: number) => toDecimalString(new Exact(entry).times(1 + part).toFixed(4));
      return {
        signal: {
          ...signal,
          direction,
          entry_price: entry,
          stop_price: at(-away * stop),
          target_price: at(away * target),
        },
        standing: {
          ...standing,
          quote: { ...standing.quote!, bid_price: at(now_off), ask_price: at(now_off) },
          account: {
            ...standing.account!,
            equity_usd: equity,
            buying_power_usd: buying_power,
            in_use_usd: in_use,
            day_result_usd: `-${result}`,
            own_symbols: held,
          },
        },
      };
    },
  );

test("an entry never exceeds any of its owner's limits, whatever the desk asks", () => {
  let entered = 0;
  fc.assert(
    fc.property(anyLimits, anySettings, anyMoment, (limits, asked, moment) => {
      const decision = follow(moment.signal, limits, asked, moment.standing);
      if (decision.decision === 'skip') return;
      entered += 1;
      const { plan } = decision;
      const account = moment.standing.account;
      const at_most = (value: string, limit: string | number) =>
        expect(new Exact(value).lte(limit)).toBe(true);
      expect(/^[1-9]\d*$/.test(plan.qty)).toBe(true);
      at_most(plan.risk_usd, new Exact(limits.max_risk_usd).plus('0.005').toString());
      at_most(
        plan.risk_usd,
        new Exact(account.equity_usd).times(limits.max_risk_ratio).plus('0.005').toString(),
      );
      const notional = new Exact(plan.qty).times(plan.limit_price).toString();
      at_most(notional, limits.max_notional_usd);
      at_most(add(notional, account.in_use_usd), limits.max_total_notional_usd);
      at_most(notional, account.buying_power_usd);
      expect(account.own_symbols.length).toBeLessThan(limits.max_positions);
      expect(new Exact(account.day_result_usd).gt(`-${limits.daily_loss_usd}`)).toBe(true);
      for (const price of [plan.limit_price, plan.stop_price, plan.target_price])
        expect(isOnTick(price)).toBe(true);
    }),
    { numRuns: 1500 },
  );
  expect(entered).toBeGreaterThan(20);
});

test('what the desk asks never makes an entry or a larger one', () => {
  fc.assert(
    fc.property(anyLimits, anySettings, anyMoment, (limits, asked, moment) => {
      const alone = follow(moment.signal, limits, NOTHING_ASKED, moment.standing);
      const asked_for = follow(moment.signal, limits, asked, moment.standing);
      if (asked_for.decision === 'skip') return;
      expect(alone.decision).toBe('enter');
      if (alone.decision === 'enter')
        expect(new Exact(asked_for.plan.qty).lte(alone.plan.qty)).toBe(true);
    }),
    { numRuns: 1500 },
  );
});

/** What no desk changes. */
const NOT_THE_DESKS = ({
  max_notional_usd: _notional,
  daily_loss_usd: _loss,
  max_positions: _positions,
  ...rest
}: OwnerLimits) => rest;

test('a narrowed limit is never wider than the owner wrote it', () => {
  fc.assert(
    fc.property(anyLimits, anySettings, (limits, asked) => {
      const narrowed = narrowLimits(limits, asked);
      const { max_notional_usd, daily_loss_usd, max_positions, ...others } = narrowed;
      expect(Number(max_notional_usd)).toBeLessThanOrEqual(Number(limits.max_notional_usd));
      expect(Number(daily_loss_usd)).toBeLessThanOrEqual(Number(limits.daily_loss_usd));
      expect(max_positions).toBeLessThanOrEqual(limits.max_positions);
      expect({ ...limits, ...others }).toEqual({ ...limits, ...others, ...NOT_THE_DESKS(limits) });
    }),
  );
});
