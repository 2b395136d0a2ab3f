import { expect, it } from '@jest/globals';
import { isStorable, storable } from './storable-text.ts';

it.each([
  ['a NUL', 'a\0b', 'a\ufffdb'],
  ['the first half of an emoji', 'up \ud83d', 'up \ufffd'],
  ['the second half of one', '\ude80 up', '\ufffd up'],
  ['two halves in the wrong order', '\ude80\ud83d', '\ufffd\ufffd'],
])('replaces %s wherever it is', (_name, text, kept) => {
  const deep = { list: [{ [text]: text }] };
  expect(isStorable(deep)).toBe(false);
  expect(storable(deep)).toEqual({ list: [{ [kept]: kept }] });
});
it.each(['a 🚀 and ü', 'the words \\u0000 and \\ud83d, spelt out', '"\\', '\t\n\u0001\u2028'])(
  'leaves %j as it is',
  (text) => {
    expect(isStorable({ text })).toBe(true);
    expect(storable({ text })).toEqual({ text });
  },
);
