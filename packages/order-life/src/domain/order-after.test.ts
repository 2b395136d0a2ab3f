import { describe, expect, it } from '@jest/globals';
import type { BrokerOrder } from '@catalyst/brokerage';
import type { ToldBy } from '@catalyst/domain';
import fc from 'fast-check';
import type { NewPosition, OrderRow, PositionFill, PositionRow } from '../book-rows.ts';
import { orderAfter } from './order-after.ts';
import { positionAfter } from './position-after.ts';

const AT = '2026-03-10T15:00:00.000Z';
const SIDES = { entry: 'buy', target: 'sell', stop: 'sell', exit: 'sell' } as const;
type Role = keyof typeof SIDES;

const row = (role: Role): OrderRow => ({
  client_order_id: role,
  broker_order_id: null,
  parent_client_order_id: role === 'entry' || role === 'exit' ? null : 'entry',
  approval_id: null,
  part: 1,
  cycle_id: null,
  position_id: 'position',
  symbol: 'ACME',
  side: SIDES[role],
  role,
  type: 'limit',
  order_class: 'bracket',
  time_in_force: 'gtc',
  qty: '100',
  filled_qty: '0',
  filled_avg_price: null,
  limit_price: '50',
  stop_price: null,
  status: 'intended',
  reason: null,
  exit_reason: role === 'exit' ? 'manual' : null,
  is_adopted: false,
  request: {},
  created_at: AT,
  updated_at: AT,
});

/** One message of the broker: an order as it was then, and the execution that it tells of. */
interface Message {
  role: Role;
  told: Pick<BrokerOrder, 'status' | 'filled_qty' | 'filled_avg_price'>;
  fill: PositionFill | null;
}

/** A trade as the broker tells it: in by parts, and out by one of its exits or by two of them. */
const trade = fc
  .record({
    parts: fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 4 }),
    out: fc.constantFrom<readonly Role[]>(['target'], ['stop'], ['exit'], ['stop', 'exit']),
    is_held: fc.boolean(),
  })
  .map(({ parts, out, is_held }) => {
    const messages: Message[] = [];
    let minute = 0;
    const say = (role: Role, status: BrokerOrder['status'], filled: number, by: number): void => {
      minute += 1;
      messages.push({
        role,
        told: { status, filled_qty: String(filled), filled_avg_price: filled > 0 ? '50' : null },
        fill:
          by === 0
            ? null
            : {
                execution_id: `${role}-${filled}`,
                client_order_id: role,
                side: SIDES[role],
                role,
                qty: String(by),
                price: String(50 + minute),
                filled_at: new Date(minute * 60_000).toISOString(),
                exit_reason: role === 'exit' ? 'manual' : null,
                is_adopted: false,
              },
      });
    };
    say('entry', 'new', 0, 0);
    let filled = 0;
    for (const part of parts) {
      filled += part;
      say('entry', 'partially_filled', filled, part);
    }
    say('entry', 'canceled', filled, 0);
    for (const leg of ['target', 'stop'] as const) say(leg, leg === 'stop' ? 'held' : 'new', 0, 0);
    if (is_held) return messages;
    const first = out.length === 1 ? filled : Math.floor(filled / 2);
    if (first > 0) say(out[0]!, out.length === 1 ? 'filled' : 'partially_filled', first, first);
    if (out.length > 1) say(out[0]!, 'canceled', first, 0);
    if (out.length > 1) say(out[1]!, 'filled', filled - first, filled - first);
    for (const leg of ['target', 'stop'] as const)
      if (!out.includes(leg)) say(leg, 'canceled', 0, 0);
    return messages;
  });

const opened: NewPosition = {
  position_id: 'position',
  cycle_id: null,
  symbol: 'ACME',
  intent_id: null,
  direction: 'long',
  initial_stop_price: '48',
  target_price: '55',
  is_adopted: false,
  created_at: AT,
};

/** The book after the messages, worked out after each, with the exit asked for at some moment. */
const bookOf = (messages: readonly Message[], by: ToldBy, asked_after: number | null) => {
  const orders = new Map<Role, OrderRow>();
  const fills = new Map<string, PositionFill>();
  let position = {
    ...opened,
    exit_asked: null,
    last_price: null,
    last_price_at: null,
  } as unknown as PositionRow;
  for (const [n, { role, told, fill }] of messages.entries()) {
    const known = orders.get(role) ?? row(role);
    const update = { ...known, ...told, id: `b-${role}`, legs: [] } as unknown as BrokerOrder;
    orders.set(role, orderAfter(known, update, by, AT));
    if (fill) fills.set(fill.execution_id, fill);
    if (n === asked_after) position = { ...position, exit_asked: 'manual' };
    position = positionAfter(position, [...orders.values()], [...fills.values()]);
  }
  return { position, orders: [...orders.values()].sort((a, b) => (a.role < b.role ? -1 : 1)) };
};

describe('the book of a trade', () => {
  it('is the same whatever the order in which the broker told of it, and however often', () => {
    fc.assert(
      fc.property(
        trade.chain((messages) =>
          fc.tuple(
            fc.constant(messages),
            fc.shuffledSubarray(messages, { minLength: messages.length }),
            fc.shuffledSubarray(messages),
            fc.option(fc.tuple(fc.nat(messages.length - 1), fc.nat(messages.length - 1))),
          ),
        ),
        ([messages, mixed, again, asked]) => {
          const right = bookOf(messages, 'stream', asked?.[0] ?? null);
          expect(bookOf([...mixed, ...again], 'stream', asked?.[1] ?? null)).toEqual(right);
        },
      ),
      { numRuns: 300 },
    );
  });
});
