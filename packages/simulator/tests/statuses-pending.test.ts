import { describe, expect, it } from '@jest/globals';
import { valueAccount } from '../src/exchange/value-account.ts';
import type { Order } from '../src/exchange/order.ts';
import type { DayBar } from '../src/day/day.ts';
import { openExchange, verdict, type OpenExchange } from './orders/open-exchange.ts';
import { bar, quietDay } from './small-day.ts';

const LIMIT = { type: 'limit', limit_price: '99' };
const open = (
  bars: DayBar[] = [],
  latency_ms = 90_000,
  at = '10:00',
): OpenExchange & { story(): string[] } => {
  const desk = openExchange(quietDay(bars), {
    at,
    exchange: { latency_ms, limit_queue: 'none', impact_ratio: 0 },
  });
  const told: string[] = [];
  desk.simulation.onUpdate((_account, { event, order }) =>
    told.push(
      `${event} ${String(order.limit_price ?? order.stop_price ?? order.type)}: ${order.status}`,
    ),
  );
  return { ...desk, story: () => told.splice(0) };
};
const taken = (outcome: ReturnType<OpenExchange['replace']>): Order => {
  if (!outcome.ok) throw new Error(verdict(outcome));
  return outcome.value;
};

describe('an order that is being replaced', () => {
  it('is pending_replace until the new one takes over, and both are open meanwhile', () => {
    const { place, replace, step, story, account } = open();
    const order = place(LIMIT);
    story();
    const replacement = taken(replace(order, { limit_price: '98' }));
    expect([order.status, order.replaced_by, replacement.status, replacement.replaces]).toEqual([
      'pending_replace',
      null,
      'pending_new',
      order.id,
    ]);
    expect(verdict(replace(order, { limit_price: '97' }))).toBe(
      '422 42210000 cannot replace order in pending_replace status',
    );
    step('10:01');
    expect(order.status).toBe('pending_replace');
    step('10:02');
    expect([order.status, order.replaced_by, replacement.status]).toEqual([
      'replaced',
      replacement.id,
      'new',
    ]);
    expect(story()).toEqual([
      'pending_replace 99: pending_replace',
      'pending_new 98: pending_new',
      'replaced 99: replaced',
      'new 98: new',
    ]);
    expect([...account.alive.keys()]).toEqual([replacement.id]);
  });

  it('may fill first: it is filled, and the new order is rejected', () => {
    const { place, replace, step, story } = open([bar(600, 100, 100, 98.5, 99)]);
    const order = place(LIMIT);
    const replacement = taken(replace(order, { limit_price: '98.9' }));
    story();
    step('10:01');
    expect([
      order.status,
      replacement.status,
      Number(replacement.failed_at! / 1_000_000n),
      replacement.filled_qty.toFixed(),
    ]).toEqual(['filled', 'rejected', Date.parse('2026-03-10T14:01:00Z'), '0']);
    expect(story()).toEqual([
      'fill 99: filled',
      'rejected 98.9: rejected',
      'order_replace_rejected 99: filled',
    ]);
  });

  it('keeps what it fills meanwhile, and the new order is for the rest', () => {
    const { place, replace, step } = open([bar(600, 100, 100, 98.5, 99, 400)]);
    const order = place(LIMIT);
    const replacement = taken(replace(order, { qty: '150' }));
    step('10:01');
    expect([order.status, order.filled_qty.toFixed()]).toEqual(['pending_replace', '40']);
    step('10:02');
    expect([order.status, replacement.status, replacement.qty.toFixed()]).toEqual([
      'replaced',
      'new',
      '110',
    ]);
  });

  it('that has filled as much as the new one asks for goes on, and the new one is rejected', () => {
    const { place, replace, step, story } = open([bar(600, 100, 100, 98.5, 99, 400)]);
    const order = place(LIMIT);
    const replacement = taken(replace(order, { qty: '30' }));
    story();
    step('10:01');
    expect([order.status, replacement.status, replacement.qty.toFixed()]).toEqual([
      'partially_filled',
      'rejected',
      '30',
    ]);
    expect(story()).toEqual([
      'partial_fill 99: pending_replace',
      'rejected 99: rejected',
      'order_replace_rejected 99: partially_filled',
    ]);
  });

  it('refuses a cancel; a cancel of the new order puts it into its place and cancels it', () => {
    const { place, replace, simulation, account, step, story } = open();
    const order = place(LIMIT);
    const replacement = taken(replace(order, { limit_price: '98' }));
    expect(verdict(simulation.exchange.cancel(account, order.id))).toBe(
      '422 42210000 order is already in "pending_replace" state',
    );
    story();
    expect(simulation.exchange.cancel(account, replacement.id).ok).toBe(true);
    step('10:02');
    expect([order.status, replacement.status]).toEqual(['replaced', 'canceled']);
    expect(story()).toEqual([
      'replaced 99: replaced',
      'new 98: new',
      'pending_cancel 98: pending_cancel',
      'canceled 98: canceled',
    ]);
  });

  it('goes on where the exchange rejects the new one', () => {
    const { place, replace, simulation, account, story } = open();
    const order = place(LIMIT);
    const replacement = taken(replace(order, { limit_price: '98' }));
    story();
    expect(simulation.exchange.reject(account, replacement.id, 'no').ok).toBe(true);
    expect([order.status, replacement.status]).toEqual(['new', 'rejected']);
    expect(story()).toEqual(['rejected 98: rejected', 'order_replace_rejected 99: new']);
  });

  it('reserves what the larger of the two needs', () => {
    const { place, replace, simulation, account } = open();
    const left = () => valueAccount(account, simulation.market, simulation.finished()).buying_power;
    const before = left();
    const order = place(LIMIT);
    expect(before.minus(left()).toFixed()).toBe('9900');
    taken(replace(order, { qty: '200' }));
    expect(before.minus(left()).toFixed()).toBe('19800');
    expect(account.alive.size).toBe(1);
  });

  it('after the close waits for the next session, as it does at Alpaca', () => {
    const { place, replace, step } = open([], 0);
    const order = place({ ...LIMIT, time_in_force: 'gtc' });
    step('16:05');
    const replacement = taken(replace(order, { limit_price: '98' }));
    step('20:00');
    expect([order.status, replacement.status]).toEqual(['pending_replace', 'accepted']);
  });

  it('gives way to its touched stop, and the new target is rejected', () => {
    const { place, replace, step, account } = open([bar(602, 100, 100, 97, 97)]);
    const [target, stop] = place({
      order_class: 'bracket',
      take_profit: { limit_price: '104' },
      stop_loss: { stop_price: '98' },
    }).leg_ids.map((id) => account.orders.get(id)!);
    step('10:02');
    const replacement = taken(replace(target!, { limit_price: '105' }));
    step('10:03');
    expect([target!.status, target!.replaced_by, stop!.status, replacement.status]).toEqual([
      'replaced',
      stop!.id,
      'filled',
      'rejected',
    ]);
  });
});

describe('a held exit', () => {
  it('is replaced at once, since it is not at the exchange, and sleeps on until its entry is filled', () => {
    const { place, replace, account, step } = open([], 90_000, '09:00');
    const [target] = place({
      order_class: 'bracket',
      take_profit: { limit_price: '104' },
      stop_loss: { stop_price: '98' },
    }).leg_ids.map((id) => account.orders.get(id)!);
    const replacement = taken(replace(target!, { limit_price: '105' }));
    expect([target!.status, replacement.status, replacement.works_from]).toEqual([
      'replaced',
      'held',
      null,
    ]);
    step('09:31');
    expect(replacement.status).toBe('new');
  });
});

describe('an order for the day that has filled in part', () => {
  const thin = Array.from({ length: 360 }, (_, index) =>
    bar(600 + index, 100, 100, 100, 100, index === 0 ? 400 : 5),
  );

  it('is done_for_day at the close and expires with the extended session; one without a fill expires at the close', () => {
    const { place, step } = open(thin, 0);
    const [part, none] = [place({}), place(LIMIT)];
    step('16:00');
    expect([part.status, part.filled_qty.toFixed(), none.status]).toEqual([
      'done_for_day',
      '40',
      'expired',
    ]);
    step('20:00');
    expect([part.status, part.filled_qty.toFixed()]).toEqual(['expired', '40']);
  });

  it('shows partially_filled when a script lets it go on', () => {
    const { place, step, simulation, account, story } = open(thin, 0);
    const order = place({});
    step('10:01');
    simulation.exchange.scriptStatus(account, order.id, 'suspended');
    story();
    expect(simulation.exchange.scriptStatus(account, order.id, 'new').ok).toBe(true);
    expect([order.status, ...story()]).toEqual([
      'partially_filled',
      'new market: partially_filled',
    ]);
  });
});
