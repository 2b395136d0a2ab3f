import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  deskStatuses,
  isEnded,
  isLate,
  isWorking,
  mayFollow,
  nextStatus,
  orderStages,
  stageOf,
  statusAfter,
  type DeskStatus,
  type OrderPoint,
} from './order-machine.ts';
import { orderStatuses, toldOrderStatus, type ToldOrderStatus } from './order.ts';

const told = fc.constantFrom(...toldOrderStatus.options);
const known = fc.constantFrom(...deskStatuses);
const by = fc.constantFrom('stream' as const, 'rest' as const);

describe('a status that nobody knows', () => {
  it.each(['new', 'held', 'partially_filled', 'canceled', 'filled'] as const)(
    'leaves %s as it was',
    (status) => {
      expect(nextStatus(status, 'unknown', 'rest')).toBe(status);
      expect(nextStatus(status, 'unknown', 'stream')).toBe(status);
    },
  );
  it('is the status of an order of which nothing else is known: neither working nor ended', () => {
    expect(nextStatus('intended', 'unknown', 'rest')).toBe('unknown');
    expect([isWorking('unknown'), isEnded('unknown')]).toEqual([false, false]);
  });
  it('gives way to the first that is known', () => {
    expect(nextStatus('unknown', 'new', 'stream')).toBe('new');
    expect(nextStatus('unknown', 'rejected', 'rest')).toBe('rejected');
  });
});

describe("an order's life", () => {
  it("has a stage for each of Alpaca's 17 statuses, and for the desk's own", () => {
    expect(Object.values(orderStages).flat().sort()).toEqual([...deskStatuses].sort());
    expect(orderStatuses).toHaveLength(17);
  });

  it('is over once it has ended at the broker, whatever is told afterwards', () => {
    fc.assert(
      fc.property(fc.constantFrom(...orderStages.ended), told, by, (end, word, teller) => {
        expect(nextStatus(end, word, teller)).toBe(end);
      }),
    );
  });

  it('goes on where the broker has what the desk had given up', () => {
    for (const word of orderStatuses) expect(nextStatus('refused', word, 'stream')).toBe(word);
  });

  it('is never led back by the stream, nor onto its way to the exchange by an answer', () => {
    fc.assert(
      fc.property(known, told, by, (before, word, teller) => {
        const after = nextStatus(before, word, teller);
        const stages = Object.keys(orderStages);
        const isBack = stages.indexOf(stageOf(after)) < stages.indexOf(stageOf(before));
        if (!isBack) return;
        expect(teller).toBe('rest');
        expect(['pending_new', 'accepted']).not.toContain(after);
      }),
    );
  });

  it('is not led back by whoever tells of fewer shares than are known', () => {
    fc.assert(
      fc.property(known, told, by, (before, word, teller) => {
        const after = statusAfter(
          { status: before, filled_qty: '5' },
          { status: word, filled_qty: '3' },
          teller,
        );
        const stages = Object.keys(orderStages);
        expect(stages.indexOf(stageOf(after))).toBeGreaterThanOrEqual(
          stages.indexOf(stageOf(before)),
        );
      }),
    );
  });

  it('has for each step a place in the table of those that may follow', () => {
    fc.assert(
      fc.property(known, told, by, (before, word, teller) => {
        expect(mayFollow(before, nextStatus(before, word, teller))).toBe(true);
      }),
    );
    expect(mayFollow('filled', 'new')).toBe(false);
    expect(mayFollow('new', 'intended')).toBe(false);
    expect(mayFollow('new', 'refused')).toBe(false);
  });

  it('comes to the same end, however its updates are mixed up, repeated or asked for', () => {
    const live = deskStatuses.filter(
      (status): status is Exclude<ToldOrderStatus, 'unknown'> =>
        !['meant', 'unclear', 'ended'].includes(stageOf(status)),
    );
    const life = fc
      .record({
        steps: fc.array(
          fc.record({ status: fc.constantFrom(...live), adds: fc.integer({ min: 0, max: 40 }) }),
          { maxLength: 8 },
        ),
        end: fc.constantFrom(...orderStages.ended),
        last: fc.integer({ min: 0, max: 40 }),
      })
      .map(({ steps, end, last }) => {
        let filled = 0;
        const points: OrderPoint<ToldOrderStatus>[] = steps.map(({ status, adds }) => {
          filled += adds;
          return { status, filled_qty: String(filled) };
        });
        return [...points, { status: end, filled_qty: String(filled + last) }];
      });
    fc.assert(
      fc.property(
        life.chain((points) =>
          fc.tuple(
            fc.constant(points),
            fc.shuffledSubarray(points, { minLength: points.length }),
            fc.shuffledSubarray(points),
            by,
          ),
        ),
        ([points, mixed, again, teller]) => {
          const end = points.at(-1)!;
          let order: OrderPoint = { status: 'intended', filled_qty: '0' };
          for (const word of [...mixed, ...again]) {
            const isOver = isLate(order, word, teller);
            const status: DeskStatus = statusAfter(order, word, teller);
            order = { status, filled_qty: isOver ? order.filled_qty : word.filled_qty };
          }
          expect(order).toEqual(end);
        },
      ),
      { numRuns: 500 },
    );
  });
});
