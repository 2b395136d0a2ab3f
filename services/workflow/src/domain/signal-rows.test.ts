import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  factsOf,
  foldSignal,
  laterRows,
  numbered,
  type KeptState,
  type TradePosition,
  type UnnumberedSignal,
} from './signal-rows.ts';

const AT = '2026-03-24T14:02:00.000Z';
const ID = '6f1d3c52-0a1b-8c2d-9e3f-405162738495';
const announced = {
  intent: {
    intent_id: ID,
    cycle_id: ID,
    symbol: 'ACME',
    direction: 'long' as const,
    qty: '100',
    entry_price: '50.1',
    limit_price: '50.2',
    stop_price: '49',
    target_price: '53',
  },
  confidence: 0.8,
  catalyst_type: 'fda',
  source: 'wire',
  pattern: 'bull_flag',
  reason: 'it rose',
  headline: 'ACME wins',
  relative_volume: 3.1,
  chain: { cycle_id: ID, decision_id: ID, scan_id: null, article_id: null },
};
const caps = { sector: 'Energy', market_cap_usd: '2000000000', market_cap_as_of: '2026-03-24' };
const first = numbered(
  { kind: 'signal', signal_id: ID, at: AT, ...factsOf(announced, caps, AT, AT) },
  7,
);
const position: TradePosition = {
  position_id: ID,
  intent_id: ID,
  direction: 'long',
  status: 'opening',
  entered_qty: '0',
  entry_price: null,
  entered_at: null,
  exit_price: null,
  exited_at: null,
  exit_reason: null,
  initial_stop_price: '49',
  entry_status: 'new',
  entry_reason: null,
  live_stop_price: null,
  live_target_price: null,
};
const bought = {
  ...position,
  status: 'open' as const,
  entered_qty: '100',
  entry_price: '50.15',
  entered_at: AT,
  live_stop_price: '49.00',
  live_target_price: '53',
};
const state = foldSignal(undefined, first)!;
const kindsOf = (kept: KeptState, at: TradePosition): string[] =>
  laterRows(kept, at, AT).map(({ kind }) => kind);

describe('the rows of a trade', () => {
  it('tell a market capitalization only where it was known by then, with its date', () => {
    expect(factsOf(announced, caps, AT, AT)).toMatchObject({
      market_cap: 2_000_000_000,
      market_cap_as_of: '2026-03-24',
    });
    const later = { ...caps, market_cap_as_of: '2026-07-01' };
    expect(factsOf(announced, later, AT, AT)).toMatchObject({
      market_cap: null,
      market_cap_as_of: null,
    });
  });
  it('say nothing while the entry waits, and then what it cost', () => {
    expect(kindsOf(state, position)).toEqual([]);
    expect(laterRows(state, bought, AT)).toEqual([
      { kind: 'entered', entered: { price: '50.15', entered_at: AT } },
    ]);
  });
  it('say that an entry which nobody filled is cancelled, and why', () => {
    const gone = { ...position, status: 'closed' as const, entry_status: 'canceled' };
    expect(laterRows(state, gone, AT)).toEqual([
      { kind: 'cancelled', cancelled: { code: 'canceled', reason: 'the entry was not filled' } },
    ]);
  });
  it('tell levels that moved, and not a moment without a stop', () => {
    const entered = { ...state, state: 'entered' as const };
    expect(kindsOf(entered, bought)).toEqual([]);
    expect(kindsOf(entered, { ...bought, live_stop_price: null })).toEqual([]);
    expect(laterRows(entered, { ...bought, live_stop_price: '50.2' }, AT)).toEqual([
      { kind: 'levels', levels: { stop_price: '50.2', target_price: '53' } },
    ]);
  });
  it('tell entry and exit of a trade that was over before anybody looked, with its result in R', () => {
    const over = {
      ...bought,
      status: 'closed' as const,
      exit_price: '53',
      exited_at: AT,
      exit_reason: 'target',
      live_stop_price: null,
    };
    expect(kindsOf(state, over)).toEqual(['entered', 'closed']);
    expect(laterRows(state, over, AT)[1]).toEqual({
      kind: 'closed',
      closed: { price: '53', closed_at: AT, reason: 'target', r_multiple: 2.478 },
    });
  });
  it('end with the close or the cancel, whatever comes', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('cancelled' as const, 'closed' as const),
        fc.constantFrom('opening' as const, 'open' as const, 'closing' as const, 'closed' as const),
        fc.constantFrom('0', '50'),
        (ended, status, entered_qty) => {
          const at = { ...bought, status, entered_qty, live_stop_price: '1' };
          expect(kindsOf({ ...state, state: ended }, at)).toEqual([]);
        },
      ),
    );
  });
  it('fold to the state of the trade, and to no state where they are about the desk', () => {
    const later = (kind: string, more: object, seq: number) =>
      numbered(
        {
          ...factsOf(announced, caps, AT, AT),
          kind,
          signal_id: ID,
          at: AT,
          about: { signal_id: ID, seq: 7 },
          ...more,
        } as UnnumberedSignal,
        seq,
      );
    const levels = later('levels', { levels: { stop_price: '50', target_price: null } }, 9);
    expect(foldSignal(state, levels)).toEqual({
      first_seq: 7,
      last_seq: 9,
      state: 'announced',
      stop_price: '50',
      target_price: null,
    });
    expect(() => foldSignal(undefined, levels)).toThrow('is not before it');
    const halted = { trading_state: 'halted', reason: 'x' };
    expect(
      foldSignal(undefined, numbered({ kind: 'desk_halted', signal_id: ID, at: AT, halted }, 10)),
    ).toBeNull();
  });
});
