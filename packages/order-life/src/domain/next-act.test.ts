import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type DeskStatus, later } from '@catalyst/domain';
import {
  nextAct,
  NO_PATIENCE,
  SOME_PATIENCE,
  UNTIL_THE_MINUTE,
  type Circumstances,
} from './next-act.ts';

const NOW = '2026-03-10T14:00:00.000Z';
const ago = (ms: number): string => later(NOW, -ms);
const OPEN = { open_since: '2026-03-10T13:30:00.000Z', closes_soon: false };
const CLOSED = { open_since: null, closes_soon: false };

type Orders = Parameters<typeof nextAct>[1];
const order = (
  role: 'entry' | 'target' | 'stop' | 'exit',
  status: DeskStatus,
  fields: Partial<Orders[number]> = {},
): Orders[number] => ({
  client_order_id: `${role}-${status}`,
  parent_client_order_id: role === 'target' || role === 'stop' ? 'entry' : null,
  role,
  status,
  type: 'market',
  stop_price: null,
  qty: '100',
  filled_qty: '0',
  is_adopted: false,
  created_at: ago(60_000),
  updated_at: ago(60_000),
  ...fields,
});
const LEGS = [order('target', 'new'), order('stop', 'held')];
const stopLimit = (stop_price: string) => order('stop', 'new', { type: 'stop_limit', stop_price });
const around = (fields: Partial<Circumstances> = {}): Circumstances => ({
  now: NOW,
  hours: OPEN,
  may_enter: false,
  is_stopped: false,
  is_direct: false,
  entry_lifetime_ms: 300_000,
  naked_since: NOW,
  patience: NO_PATIENCE,
  ...fields,
});
const held = (status: 'open' | 'closing' | 'opening' = 'open', qty = '100') => ({
  status,
  direction: 'long' as const,
  qty,
  last_price: '100',
});

describe('what a position asks for', () => {
  it.each([
    ['nothing, under its stop', held(), LEGS, {}, 'none'],
    ['its stop, without one', held(), [], {}, 'protect'],
    [
      'nothing, under a stop-limit in front of the stop that was',
      held(),
      [order('stop', 'canceled', { type: 'stop', stop_price: '98' }), stopLimit('99')],
      {},
      'none',
    ],
    [
      'its sale, once the price is at the stop that a stop-limit took the place of',
      held(),
      [order('stop', 'canceled', { type: 'stop', stop_price: '100' }), stopLimit('101')],
      {},
      'sell',
    ],
    [
      'a moment, when its legs may still be told of',
      held(),
      [],
      { patience: SOME_PATIENCE },
      'wait',
    ],
    [
      'its stop, once that moment is over',
      held(),
      [],
      { patience: SOME_PATIENCE, naked_since: ago(300) },
      'protect',
    ],
    [
      'a moment for the rest of its entry',
      held('opening', '40'),
      [order('entry', 'partially_filled')],
      { patience: SOME_PATIENCE, naked_since: ago(900) },
      'wait',
    ],
    [
      'the end of an entry whose rest does not come',
      held('opening', '40'),
      [order('entry', 'partially_filled')],
      { patience: SOME_PATIENCE, naked_since: ago(1000) },
      'end_entry',
    ],
    [
      'nothing between two minutes of a replay, of an entry filled in part',
      held('opening', '40'),
      [order('entry', 'partially_filled')],
      { patience: UNTIL_THE_MINUTE },
      'none',
    ],
    [
      'nothing of a part that waits beside one that is held under its stop',
      held('opening'),
      [order('entry', 'filled'), ...LEGS, order('entry', 'new')],
      { naked_since: ago(60_000) },
      'none',
    ],
    [
      'the end of a part that fills in part, though another is under its stop',
      held('opening', '110'),
      [order('entry', 'filled'), ...LEGS, order('entry', 'partially_filled', { filled_qty: '10' })],
      {},
      'end_entry',
    ],
    [
      'the end of parts that wait while others are naked',
      held('opening'),
      [order('entry', 'filled'), order('entry', 'new')],
      {},
      'end_entry',
    ],
    [
      'the end of a part that waited long enough beside one that is held',
      held('opening'),
      [order('entry', 'filled'), ...LEGS, order('entry', 'new', { created_at: ago(300_000) })],
      {},
      'end_entry',
    ],
    [
      'the end of the part at the broker where the desk is stopped, not the sending of another',
      held('opening', '0'),
      [order('entry', 'new'), order('entry', 'intended')],
      { is_stopped: true, may_enter: true },
      'end_entry',
    ],
    [
      'a part whose fate is unknown, under the stop of another',
      held('opening'),
      [order('entry', 'filled'), ...LEGS, order('entry', 'intended')],
      { may_enter: true },
      'resume_entry',
    ],
    [
      'its stop before a part whose fate is unknown',
      held('opening'),
      [order('entry', 'filled'), order('entry', 'intended')],
      { may_enter: true },
      'protect',
    ],
    ['nothing while somebody closes it at the broker', held(), [], { is_direct: true }, 'none'],
    ['nothing while its exit works', held('closing'), [order('exit', 'new')], {}, 'none'],
    ['its exit, however its stop stands', held('closing'), LEGS, {}, 'close'],
    [
      'its exit again, naked, at once',
      held('closing'),
      [order('exit', 'refused', { updated_at: NOW })],
      {},
      'close',
    ],
    [
      'patience under its stop after a refusal',
      held('closing'),
      [...LEGS, order('exit', 'refused', { updated_at: ago(500) })],
      {},
      'wait',
    ],
    [
      'nothing under its stop while the exchange is closed',
      held('closing'),
      LEGS,
      { hours: CLOSED },
      'none',
    ],
    ['its stop while the exchange is closed', held('closing'), [], { hours: CLOSED }, 'protect'],
    [
      'the sale of parts of a share before the close',
      held('open', '2.5'),
      [order('stop', 'new', { qty: '2.5' })],
      { hours: { ...OPEN, closes_soon: true } },
      'sell',
    ],
    [
      'no entry of a pass that may not enter',
      held('opening', '0'),
      [order('entry', 'intended')],
      {},
      'none',
    ],
    [
      'its entry of one that may',
      held('opening', '0'),
      [order('entry', 'intended')],
      { may_enter: true },
      'resume_entry',
    ],
    [
      'the end of an entry at a stop of the desk',
      held('opening', '0'),
      [order('entry', 'new')],
      { is_stopped: true },
      'end_entry',
    ],
    [
      'the end of an entry that is too old',
      held('opening', '0'),
      [order('entry', 'new', { created_at: ago(300_000) })],
      {},
      'end_entry',
    ],
  ] as const)('is %s', (_words, position, orders, fields, act) => {
    expect(nextAct(position, orders, around(fields)).act).toBe(act);
  });

  it('leaves no held share without a stop, an exit, an act or a look within two seconds', () => {
    const statuses: DeskStatus[] = [
      'intended',
      'refused',
      'new',
      'accepted',
      'held',
      'filled',
      'canceled',
      'expired',
      'rejected',
    ];
    const orders = fc.array(
      fc
        .tuple(fc.constantFrom('target', 'stop', 'exit'), fc.constantFrom(...statuses))
        .map(([role, status]) => order(role, status)),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(
        orders,
        fc.constantFrom('open' as const, 'closing' as const),
        fc.constantFrom(OPEN, CLOSED),
        fc.integer({ min: 0, max: 5000 }),
        (rows, status, hours, naked_ms) => {
          const next = nextAct(
            held(status),
            rows,
            around({ hours, patience: SOME_PATIENCE, naked_since: ago(naked_ms) }),
          );
          const isGuarded =
            rows.some(
              ({ role, status: at }) => role === 'exit' && ['new', 'accepted', 'held'].includes(at),
            ) ||
            rows.some(
              ({ role, status: at }) => role === 'stop' && ['new', 'accepted', 'held'].includes(at),
            );
          if (isGuarded) return true;
          if (next.act === 'wait')
            return Date.parse(next.until) <= Date.parse(later(NOW, 2000 - naked_ms));
          return next.act === 'protect' || next.act === 'close';
        },
      ),
    );
  });
});
