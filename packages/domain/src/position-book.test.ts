import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bookPosition, type BookedFill } from './position-book.ts';
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
  execution_id: `execution-${minute}`,
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

describe('what was realised', () => {
  const at = (side: 'buy' | 'sell', qty: number, dollars: number, minute: number): BookedFill =>
    fill(side, qty, dollars * 100, minute);
  it.each([
    [
      'sold in part and bought again: cost leaves with the shares',
      'long',
      [at('buy', 100, 100, 1), at('sell', 40, 103, 2), at('buy', 40, 99, 3)],
      // 40 x (103 - 100); (60 x 100 + 40 x 99) / 100
      { qty: '100', entry_price: '99.6', realized_pnl_usd: '120.00' },
    ],
    [
      'at a later price below, too',
      'long',
      [at('buy', 100, 100, 1), at('sell', 40, 110, 2), at('buy', 40, 90, 3)],
      // 40 x (110 - 100); (60 x 100 + 40 x 90) / 100
      { qty: '100', entry_price: '96', realized_pnl_usd: '400.00' },
    ],
    [
      'of a short, mirrored',
      'short',
      [at('sell', 50, 10, 1), at('buy', 20, 8, 2), at('sell', 30, 12, 3)],
      // 20 x (10 - 8); (30 x 10 + 30 x 12) / 60
      { qty: '60', entry_price: '11', realized_pnl_usd: '40.00' },
    ],
    [
      'of that short once it is flat',
      'short',
      [at('sell', 50, 10, 1), at('buy', 20, 8, 2), at('sell', 30, 12, 3), at('buy', 60, 11, 4)],
      // 40 + 60 x (11 - 11); over all (50 x 10 + 30 x 12) / 80
      { qty: '0', entry_price: '10.75', realized_pnl_usd: '40.00' },
    ],
  ] as const)('%s', (_what, direction, fills, expected) => {
    expect(bookPosition(direction, fills)).toMatchObject(expected);
    expect(bookPosition(direction, [...fills].reverse())).toMatchObject(expected);
    expect(realizedProfit(fills.map((one) => ({ ...one, symbol: 'ACME' })))).toBe(
      expected.realized_pnl_usd,
    );
  });

  it('is the same by positions and by the broker, for any sequence of buys and sells', () => {
    const trade = fc.record({
      side: fc.constantFrom('buy' as const, 'sell' as const),
      qty: fc.integer({ min: 1, max: 300 }),
      cents: fc.integer({ min: 101, max: 90_000 }),
      symbol: fc.constantFrom('ACME', 'OTHR'),
    });
    fc.assert(
      fc.property(fc.array(trade, { minLength: 1, maxLength: 40 }), (trades) => {
        const positions: { direction: 'long' | 'short'; fills: BookedFill[] }[] = [];
        const open = new Map<string, { qty: number; fills: BookedFill[] }>();
        const all: (BookedFill & { symbol: string })[] = [];
        for (const [minute, { side, qty, cents, symbol }] of trades.entries()) {
          const held = open.get(symbol)?.qty ?? 0;
          const isExit = held !== 0 && held > 0 === (side === 'sell');
          // a broker never fills one order through flat
          const shares = isExit ? Math.min(qty, Math.abs(held)) : qty;
          const one = fill(side, shares, cents, minute);
          all.push({ ...one, symbol });
          if (held === 0) {
            const fills: BookedFill[] = [];
            positions.push({ direction: side === 'buy' ? 'long' : 'short', fills });
            open.set(symbol, { qty: 0, fills });
          }
          const position = open.get(symbol)!;
          position.fills.push(one);
          position.qty += side === 'buy' ? shares : -shares;
        }
        const book = positions.reduce(
          (sum, { direction, fills }) =>
            sum + Number(bookPosition(direction, fills).realized_pnl_usd),
          0,
        );
        const broker = Number(realizedProfit([...all].reverse()));
        // each position is rounded to the cent, and so is the broker's sum
        expect(Math.abs(book - broker)).toBeLessThan(0.005 * (positions.length + 1) + 1e-6);
      }),
      { numRuns: 300 },
    );
  });
});
