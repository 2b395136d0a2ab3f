import { expect, it } from '@jest/globals';
import { later } from '@catalyst/domain';
import { clientHealth } from './client-health.ts';

const NOW = '2026-03-24T14:00:00.000Z';

it.each([
  ['healthy', 0],
  ['healthy', 60_000],
  ['late', 60_001],
  ['late', 120_000],
  ['away', 120_001],
] as const)('a client is %s that was silent for %s ms', (health, silent_ms) => {
  expect(clientHealth(later(NOW, -silent_ms), NOW)).toBe(health);
});

it('a client that never gave a sign is away', () => {
  expect(clientHealth(null, NOW)).toBe('away');
});
