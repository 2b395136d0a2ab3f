import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bookPosition, positionStatus, type BookedFill } from './position-book.ts';
import { realizedProfit } from './realized-profit.ts';

const fill = (
  side: 'buy' | 'sell',
  qty: number,
  cents: number,
  minute: number,
  fields: Partial<BookedFill> = {},
): BookedFill => ({
  side,
  role: side === 'buy' ? 'entry' : 'target',
  qty: String(qty),
  price: (cents / 100).toFixed(2),
  filled_at: new Date(minute * 60_000).toISOString(),
  exit_reason: null,
  is_adopted: false,
  ...fields,
});

describe('the book of a position', () => {
  it('adds up entries and exits: long', () => {
    const book = bookPosition('long', [
      fill('buy', 60, 10_000, 1),
      fill('buy', 40, 10_050, 2),
      fill('sell', 100, 10_400, 9),
    ]);
    expect(book).toMatchObject({
      qty: '0',
      entered_qty: '100',
      entry_price: '100.2',
      exit_price: '104',
      realized_pnl_usd: '380.00',
      exit_reason: 'target',
      entered_at: '1970-01-01T00:01:00.000Z',
      exited_at: '1970-01-01T00:09:00.000Z',
    });
  });
  it('mirrors a short: selling opens, and a fall is a gain', () => {
    expect(
      bookPosition('short', [
        fill('sell', 10, 10_000, 1),
        fill('buy', 10, 9_500, 2, { role: 'exit', exit_reason: 'end_of_day' }),
      ]),
    ).toMatchObject({
      qty: '0',
      entered_qty: '10',
      realized_pnl_usd: '50.00',
      exit_reason: 'end_of_day',
    });
  });
  it('counts the profit of the shares that are out while others are still held', () => {
    expect(
      bookPosition('long', [fill('buy', 100, 10_000, 1), fill('sell', 30, 10_100, 2)]),
    ).toMatchObject({ qty: '70', realized_pnl_usd: '30.00', exited_at: null, exit_reason: null });
  });
  it("does not depend on the order in which executions arrive, and agrees with the broker's average cost", () => {
    const sizes = fc.array(
      fc.record({
        qty: fc.integer({ min: 1, max: 500 }),
        cents: fc.integer({ min: 101, max: 90_000 }),
      }),
      { minLength: 1, maxLength: 6 },
    );
    fc.assert(
      fc.property(
        sizes,
        fc.array(fc.integer({ min: 101, max: 90_000 }), { minLength: 1, maxLength: 3 }),
        fc.infiniteStream(fc.nat()),
        fc.constantFrom('long' as const, 'short' as const),
        (entries, exits, random, direction) => {
          const [into, out] =
            direction === 'long' ? (['buy', 'sell'] as const) : (['sell', 'buy'] as const);
          const total = entries.reduce((sum, { qty }) => sum + qty, 0);
          const part = Math.floor(total / exits.length);
          const fills = [
            ...entries.map(({ qty, cents }, n) => fill(into, qty, cents, n)),
            ...exits
              .map((cents, n) =>
                fill(
                  out,
                  n === exits.length - 1 ? total - part * (exits.length - 1) : part,
                  cents,
                  100 + n,
                ),
              )
              .filter(({ qty }) => qty !== '0'),
          ];
          const book = bookPosition(direction, fills);
          const shuffled = fills
            .map((one) => ({ one, key: random.next().value as number }))
            .sort((left, right) => left.key - right.key)
            .map(({ one }) => one);
          expect(bookPosition(direction, shuffled)).toEqual(book);
          expect(book.qty).toBe('0');
          expect(realizedProfit(fills.map((one) => ({ ...one, symbol: 'ACME' })))).toBe(
            book.realized_pnl_usd,
          );
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('the status of a position', () => {
  const empty = bookPosition('long', []);
  const held = bookPosition('long', [fill('buy', 1, 100, 1)]);
  it.each([
    ['opening', empty, true, 'opening'],
    ['opening', empty, false, 'closed'],
    ['opening', held, true, 'opening'],
    ['opening', held, false, 'open'],
    ['closing', held, false, 'closing'],
    ['closing', empty, false, 'closed'],
    ['closed', held, false, 'open'],
  ] as const)('%s becomes what its shares and its entry say', (before, book, hasLiveEntry, after) =>
    expect(positionStatus(before, book, hasLiveEntry)).toBe(after),
  );
});
