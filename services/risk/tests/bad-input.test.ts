import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OrderIntent } from '@catalyst/contracts';
import { stableId } from '@catalyst/domain';
import { NOW, openRisk, type RiskDesk } from './open-risk.ts';

let desk: RiskDesk;
beforeAll(async () => {
  desk = await openRisk(['AAA']);
  await desk.arm();
});
afterAll(() => desk.close());

describe('an order that makes no sense', () => {
  const amounts = ['0', '-5', '0.0', 'NaN', 'Infinity', '1e3', '', ' 5', '0x10', '5,000'];
  const cases: [string, Partial<Record<keyof OrderIntent, unknown>>][] = [
    ...amounts.map((qty): [string, { qty: unknown }] => [`the quantity "${qty}"`, { qty }]),
    ['a quantity that is a number', { qty: 5 }],
    ...['entry_price', 'stop_price', 'target_price'].flatMap((name) =>
      ['NaN', '-Infinity', '1e9', 'fifty'].map((text): [string, Record<string, unknown>] => [
        `${name} "${text}"`,
        { [name]: text },
      ]),
    ),
    ['no stop', { stop_price: null }],
    ['no symbol', { symbol: '' }],
    ['a side for a direction', { direction: 'buy' }],
    ['a field that nobody knows', { leverage: 4 } as never],
  ];
  it.each(cases)('is refused for %s before anything looks at it', async (_, over) => {
    const intent = { ...desk.intentFor('AAA'), ...over } as OrderIntent;
    await expect(desk.check(intent)).rejects.toMatchObject({
      code: 'INVALID_REQUEST',
      message: expect.stringContaining(Object.keys(over)[0]!),
    });
    expect(
      await desk.database.query('SELECT 1 FROM risk_decisions WHERE intent_id = $1', [
        intent.intent_id,
      ]),
    ).toEqual([]);
  });

  it('is refused for a stock and a cycle that nobody knows, and for an id that had other values', async () => {
    await expect(desk.check(desk.intentFor('NOPE'))).rejects.toMatchObject({
      code: 'UNKNOWN_SYMBOL',
    });
    await expect(
      desk.check(desk.intentFor('AAA', { cycle_id: stableId('no cycle') })),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const intent = desk.intentFor('AAA');
    await desk.check(intent);
    await expect(desk.check({ ...intent, stop_price: '48.9' })).rejects.toMatchObject({
      code: 'INVALID_REQUEST',
      message: expect.stringContaining('was reviewed with other values'),
    });
  });

  it.each([
    ['negative prices', { entry_price: '-50', limit_price: null, stop_price: '-51' }],
    ['a price of nothing', { entry_price: '0', limit_price: null }],
    ['an absurd quantity', { qty: '999999999999999' }],
    ['a fraction of a share', { qty: '0.5' }],
    ['a target below the entry', { target_price: '49.5', limit_price: null }],
    ['a stop above the entry', { stop_price: '51' }],
  ])('is answered with a code and its numbers for %s', async (_, over) => {
    const decision = await desk.preview(desk.intentFor('AAA', over), NOW);
    expect(decision).toMatchObject({
      verdict: 'refused',
      code: expect.stringMatching(/^[A-Z_]+$/),
      limit: expect.any(String),
      value: expect.any(String),
    });
  });
});
