import { expect, it } from '@jest/globals';
import { nakedFrom } from './naked-from.ts';

const NOW = '2026-03-24T14:14:40.000Z';
const A_SECOND_AGO = '2026-03-24T14:14:39.000Z';
const LONG_AGO = '2026-03-24T14:12:00.000Z';
const stop = (status: 'held' | 'new' | 'canceled') => [
  { role: 'entry' as const, status: 'partially_filled' as const },
  { role: 'stop' as const, status },
];

it.each([
  ['bought a second ago', A_SECOND_AGO, 'canceled', A_SECOND_AGO],
  ['bought long ago, whose stop went just now', LONG_AGO, 'canceled', NOW],
  ['bought long ago, whose stop works for some of them', LONG_AGO, 'new', NOW],
  ['bought long ago, which the desk learns now and whose stop sleeps', LONG_AGO, 'held', LONG_AGO],
  ['bought later, by the clock of a broker', '2026-03-24T14:14:40.001Z', 'held', NOW],
  ['bought at no known time', null, 'held', NOW],
] as const)('shares %s', (_what, entered_at, status, since) => {
  expect(nakedFrom(entered_at, NOW, stop(status))).toBe(since);
});
