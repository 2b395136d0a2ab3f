import { createHash } from 'node:crypto';

/**
 * A UUID (version 8, RFC 9562) made from what it names, so that doing the same thing again after a
 * crash finds what was already done.
 * `stableId('order', cycleId, symbol)` is the same on every machine and in every run.
 */
export const stableId = (...parts: readonly (string | number)[]): string => {
  const hex = createHash('sha256').update(JSON.stringify(parts)).digest('hex');
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};
