import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Exact } from './money.ts';
import { regulatoryFees, type Sale } from './regulatory-fees.ts';

const shares = (count: number, qty: string, price = '10'): Sale[] =>
  Array.from({ length: count }, () => ({ qty, price }));

describe('regulatory fees of a day', () => {
  it.each<[string, string, Sale[], string, string]>([
    // from the activities of a paper account of Alpaca's: REG -3.82, TAF -0.31
    [
      '$185,271.37 for 1,572 shares',
      '2026-09-08',
      [
        { qty: '1571', price: '117' },
        { qty: '1', price: '1464.37' },
      ],
      '3.82',
      '0.31',
    ],
    // from the journal of Alpaca's Broker API: REG -0.01 and TAF -0.01
    [
      '$15.37 for 1.37 shares',
      '2024-12-10',
      [{ qty: '1.371115174', price: '11.21' }],
      '0.01',
      '0.01',
    ],
    // Alpaca's own example of rounding up: 0.00083 is a cent
    ['five shares for nothing', '2024-01-02', shares(1, '5', '0'), '0.00', '0.01'],
    [
      '48 shares in nine sales',
      '2024-07-19',
      [...shares(8, '5'), ...shares(1, '8')],
      '0.02',
      '0.01',
    ],
    ['$10,000 at $8 a million', '2023-03-01', shares(1, '100', '100'), '0.08', '0.02'],
    ['nothing', '2026-09-08', [], '0.00', '0.00'],
    ['what was sold before the tables begin', '2010-05-06', shares(1, '1000'), '0.00', '0.00'],
  ])('of %s on %s', (_sold, date, sales, sec, taf) => {
    expect(regulatoryFees(date, sales)).toEqual({ sec, taf });
  });

  it.each([
    ['2025-05-13', '27.80', '8.30'],
    ['2025-05-14', '0.00', '8.30'],
    ['2026-01-01', '0.00', '9.75'],
    ['2026-04-03', '0.00', '9.75'],
    ['2026-04-04', '20.60', '9.75'],
    ['2026-10-01', '20.60', '0.00'],
    ['2026-12-31', '20.60', '0.00'],
    ['2027-01-01', '20.60', '9.75'],
  ])(
    'change on the day that they change: a million dollars for 50,000 shares on %s',
    (date, sec, taf) => {
      expect(regulatoryFees(date, [{ qty: '50000', price: '20' }])).toEqual({ sec, taf });
    },
  );

  it('are bounded for each trade, not for the day', () => {
    const fee = (sales: Sale[]) => regulatoryFees('2026-09-08', sales).taf;
    expect([fee(shares(1, '60000')), fee(shares(2, '30000'))]).toEqual(['9.79', '11.70']);
  });

  it('are less than a cent above the sum of what each sale owes', () => {
    const sale = fc.record({
      qty: fc.integer({ min: 1, max: 40_000 }),
      price: fc.integer({ min: 1, max: 100_000 }).map((cents) => cents / 100),
    });
    fc.assert(
      fc.property(fc.array(sale, { maxLength: 30 }), (sales) => {
        const { sec, taf } = regulatoryFees('2026-09-08', sales);
        const sold = sales.reduce(
          (sum, { qty, price }) => sum.plus(new Exact(qty).times(price)),
          new Exact(0),
        );
        const shareCount = sales.reduce((sum, { qty }) => sum.plus(qty), new Exact(0));
        for (const [fee, owed] of [
          [sec, sold.times('0.0000206')],
          [taf, shareCount.times('0.000195')],
        ] as const) {
          expect(new Exact(fee).gte(owed)).toBe(true);
          expect(new Exact(fee).minus(owed).lt('0.01')).toBe(true);
        }
      }),
    );
  });
});
