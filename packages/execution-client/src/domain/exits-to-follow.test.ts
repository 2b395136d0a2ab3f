import { describe, expect, test } from '@jest/globals';
import { compare, isOnTick, type Direction } from '@catalyst/domain';
import fc from 'fast-check';
import { exitsToFollow } from './exits-to-follow.ts';

const long = {
  direction: 'long' as const,
  last_price: '20.50',
  stop_price: '19.5',
  target_price: '21',
};

describe("the desk's exits", () => {
  test.each([
    [
      'move both towards the price',
      '20',
      '20.8',
      { act: 'move', to: '20' },
      { act: 'move', to: '20.8' },
    ],
    ['move nothing where they stand', '19.50', '21.00', { act: 'stay' }, { act: 'stay' }],
    ['are not followed away from the price', '19', '22', { act: 'refuse' }, { act: 'refuse' }],
    [
      'are not followed to where they would sell at once',
      '20.47',
      '20.52',
      { act: 'wait' },
      { act: 'wait' },
    ],
    ['take nothing away', null, null, { act: 'stay' }, { act: 'stay' }],
    [
      'are put on a tick',
      '19.991',
      '20.801',
      { act: 'move', to: '20' },
      { act: 'move', to: '20.81' },
    ],
  ])('%s', (_what, stop_price, target_price, stop, target) => {
    expect(exitsToFollow(long, { stop_price, target_price })).toMatchObject({ stop, target });
  });
  test('of what was sold short move downwards', () => {
    expect(
      exitsToFollow(
        { direction: 'short', last_price: '19.5', stop_price: '20.5', target_price: '18' },
        { stop_price: '20', target_price: '18.5' },
      ),
    ).toEqual({ stop: { act: 'move', to: '20' }, target: { act: 'move', to: '18.5' } });
  });
  test('wait until the price is known, and leave alone what is not there', () => {
    const desk = { stop_price: '20', target_price: '20.8' };
    expect(exitsToFollow({ ...long, last_price: null }, desk)).toMatchObject({
      stop: { act: 'wait' },
      target: { act: 'wait' },
    });
    expect(exitsToFollow({ ...long, stop_price: null, target_price: null }, desk)).toEqual({
      stop: { act: 'stay' },
      target: { act: 'stay' },
    });
  });
  test('whatever a desk says, make no exit worse and sell nothing', () => {
    const price = fc.integer({ min: 100, max: 10_000 }).map((cents) => (cents / 100).toFixed(2));
    fc.assert(
      fc.property(
        fc.constantFrom<Direction>('long', 'short'),
        price,
        price,
        price,
        price,
        price,
        (direction, last_price, stop_price, target_price, askedStop, askedTarget) => {
          const gain = direction === 'long' ? 1 : -1;
          const { stop, target } = exitsToFollow(
            { direction, last_price, stop_price, target_price },
            { stop_price: askedStop, target_price: askedTarget },
          );
          if (stop.act === 'move') {
            expect(isOnTick(stop.to)).toBe(true);
            expect(compare(stop.to, stop_price)).toBe(gain);
            expect(compare(stop.to, last_price)).toBe(-gain);
          }
          if (target.act === 'move') {
            expect(compare(target.to, target_price)).toBe(-gain);
            expect(compare(target.to, last_price)).toBe(gain);
          }
        },
      ),
    );
  });
});
