const KEPT = 64;
const kept = new Map<number, string>();

/**
 * An instant in milliseconds as ISO 8601 in UTC. Orders and the ledger name the same few instants
 * again and again, so the newest texts are kept.
 */
export const instantText = (milliseconds: number): string => {
  const found = kept.get(milliseconds);
  if (found !== undefined) return found;
  if (kept.size === KEPT) kept.clear();
  const text = new Date(milliseconds).toISOString();
  kept.set(milliseconds, text);
  return text;
};
