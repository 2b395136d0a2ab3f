import { expect, it } from '@jest/globals';
import { nakedFrom } from './naked-from.ts';

const NOW = '2026-03-24T14:14:40.000Z';

it.each([
  ['bought a second ago', '2026-03-24T14:14:39.000Z', '2026-03-24T14:14:39.000Z'],
  ['bought long ago, whose stop went just now', '2026-03-24T14:12:00.000Z', NOW],
  ['bought later, by the clock of a broker', '2026-03-24T14:14:40.001Z', NOW],
  ['bought at no known time', null, NOW],
])('shares %s', (_what, entered_at, since) => {
  expect(nakedFrom(entered_at, NOW)).toBe(since);
});
