import { describe, expect, it } from '@jest/globals';
import { guardAct, guardedOrders, type GuardCircumstances } from './guard-act.ts';

const NOW = '2026-03-24T15:00:10.000Z';
const leg = (
  id: string,
  side: 'buy' | 'sell',
  type: 'market' | 'limit' | 'stop',
  status: 'new' | 'held' | 'filled' | 'canceled' | 'partially_filled',
  qty = '10',
) => ({ id, client_order_id: `c-${id}`, side, type, status, qty, filled_qty: '0' });
const alone = (...given: Parameters<typeof leg>) => ({ ...leg(...given), legs: [] });

/** A bracket whose entry is filled: its target works, and its stop is held beside it. */
const bracket = (target: 'new' | 'held' | 'canceled', stop: 'held' | 'canceled') => [
  {
    ...leg('entry', 'buy', 'limit', 'filled'),
    legs: [leg('target', 'sell', 'limit', target), leg('stop', 'sell', 'stop', stop)],
  },
];
const circumstances = (more: Partial<GuardCircumstances> = {}): GuardCircumstances => ({
  now: NOW,
  hours: { open_since: '2026-03-24T13:30:00.000Z' },
  naked_since: '2026-03-24T15:00:09.000Z',
  was_guarded: false,
  is_closing: false,
  exit_again_at: null,
  ...more,
});
const actFor = (
  qty: string,
  listed: Parameters<typeof guardedOrders>[1],
  more?: Partial<GuardCircumstances>,
) => guardAct(qty, guardedOrders('long', listed), circumstances(more));

describe('shares whose book is away', () => {
  it('are left alone under a stop, also one that is held beside its target and listed twice', () => {
    expect(actFor('10', bracket('new', 'held'))).toEqual({ act: 'none' });
    const listed = [...bracket('new', 'held'), alone('target', 'sell', 'limit', 'new')];
    expect(actFor('10', listed)).toEqual({ act: 'none' });
  });

  it('get a stop where none is live or it covers too few, once what holds them is out of the way', () => {
    expect(actFor('10', bracket('canceled', 'canceled'))).toEqual({
      act: 'protect',
      in_the_way: [],
    });
    expect(actFor('25', bracket('new', 'held'))).toMatchObject({
      act: 'protect',
      in_the_way: [{ id: 'target' }, { id: 'stop' }],
    });
    expect(actFor('10', [alone('own', 'sell', 'limit', 'new')])).toMatchObject({
      act: 'protect',
      in_the_way: [{ id: 'own' }],
    });
  });

  it('wait a moment for their legs, and not where they had a stop before', () => {
    const just = { naked_since: NOW };
    expect(actFor('10', [], just)).toEqual({ act: 'wait', until: '2026-03-24T15:00:10.300Z' });
    expect(actFor('10', [], { ...just, was_guarded: true })).toMatchObject({ act: 'protect' });
  });

  it('are an entry that is filled in part: its rest is taken back first', () => {
    const entry = [
      {
        ...leg('entry', 'buy', 'limit', 'partially_filled', '100'),
        legs: [leg('target', 'sell', 'limit', 'held'), leg('stop', 'sell', 'stop', 'held')],
      },
    ];
    expect(actFor('40', entry)).toMatchObject({ act: 'end_entry', orders: [{ id: 'entry' }] });
    expect(actFor('40', entry, { naked_since: NOW })).toMatchObject({ act: 'wait' });
  });

  it('are sold where that was asked for before, not twice, and only while the exchange is open', () => {
    const closing = { is_closing: true };
    expect(actFor('10', bracket('new', 'held'), closing)).toMatchObject({
      act: 'close',
      in_the_way: [{ id: 'target' }, { id: 'stop' }],
    });
    expect(actFor('10', [], closing)).toMatchObject({ act: 'close' });
    expect(actFor('10', [alone('exit', 'sell', 'market', 'new')], closing)).toEqual({
      act: 'none',
    });
    const night = { ...closing, hours: { open_since: null } };
    expect(actFor('10', [], night)).toMatchObject({ act: 'protect' });
    expect(actFor('10', bracket('new', 'held'), night)).toEqual({ act: 'none' });
    const later = { ...closing, exit_again_at: '2026-03-24T15:00:12.000Z' };
    expect(actFor('10', bracket('new', 'held'), later)).toEqual({ act: 'none' });
  });

  it('of a short position are guarded by purchases', () => {
    const stop = guardedOrders('short', [alone('stop', 'buy', 'stop', 'new')]);
    expect(guardAct('10', stop, circumstances())).toEqual({ act: 'none' });
    expect(guardAct('10', [], circumstances())).toMatchObject({ act: 'protect' });
  });

  it('that are none any more ask for nothing', () => {
    expect(actFor('0', [])).toEqual({ act: 'none' });
  });
});
