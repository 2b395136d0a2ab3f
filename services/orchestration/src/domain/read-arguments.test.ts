import { describe, expect, it } from '@jest/globals';
import { readArguments } from './read-arguments.ts';

const schema = {
  properties: {
    limit: { type: 'integer' },
    value: { type: ['number', 'boolean'] },
    is_all: { type: 'boolean' },
    qty: { anyOf: [{ type: 'number' }, { type: 'string' }] },
    side: { type: 'string', enum: ['buy', 'sell'] },
    reason: { type: 'string' },
  },
  required: ['reason'],
};

describe('an argument', () => {
  it.each([
    [{ value: '1500' }, { value: 1500 }],
    [{ value: '-0.5' }, { value: -0.5 }],
    [{ value: '1e3' }, { value: 1000 }],
    [{ limit: '5' }, { limit: 5 }],
    [{ value: 'true' }, { value: true }],
    [{ is_all: 'false' }, { is_all: false }],
    // text is among what it takes: it stays text
    [{ qty: '10' }, { qty: '10' }],
    [{ side: 'BUY' }, { side: 'buy' }],
    [{ side: 'long' }, { side: 'long' }],
    // optional, and nothing in it
    [{ side: '', limit: null, qty: '' }, {}],
    [{ reason: '' }, { reason: '' }],
    [{ reason: null }, { reason: null }],
    [
      { constructor: '5', other: '5' },
      { constructor: '5', other: '5' },
    ],
  ])('%j is read as %j', (given, read) => {
    expect(readArguments(schema, given)).toEqual({ read, faults: [] });
  });
  it.each(['1,500', '0x5dc', ' 1500', '1500 ', '1e3x', '+5', '.5', '05', 'NaN', 'ten'])(
    '%j is no number',
    (text) => {
      for (const argument of ['limit', 'qty'])
        expect(readArguments(schema, { [argument]: text })).toEqual({
          read: {},
          faults: [{ argument, message: 'expected a number such as 1500' }],
        });
    },
  );
  it('beyond all numbers is no number', () => {
    expect(readArguments(schema, { limit: '1e999' }).faults).toHaveLength(1);
  });
  it('that takes two types names both', () => {
    expect(readArguments(schema, { value: 'yes', is_all: 'yes' }).faults).toEqual([
      { argument: 'value', message: 'expected a number such as 1500, or true or false' },
      { argument: 'is_all', message: 'expected true or false' },
    ]);
  });
  it.each([
    ['a\0b', 'a\ufffdb'],
    ['up \ud83d', 'up \ufffd'],
  ])('reads the text %j without what the database cannot keep', (text, kept) => {
    expect(readArguments({ properties: { reason: { type: 'string' } } }, { reason: text })).toEqual(
      { read: { reason: kept }, faults: [] },
    );
  });
  it.each([[['a\0b']], [['fine', { deep: '\ude80' }]]])(
    'that the database cannot keep is refused: %j',
    (value) => {
      expect(readArguments(schema, { reason: value }).faults).toEqual([
        { argument: 'reason', message: expect.stringContaining('half of a character') },
      ]);
    },
  );
});
