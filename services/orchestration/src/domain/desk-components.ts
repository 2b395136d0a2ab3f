import type { Health } from '@catalyst/contracts';

export type ComponentHealth = 'healthy' | 'degraded' | 'unhealthy';

/**
 * How each part of the desk is, from what services say of themselves and of those that they call: a
 * part's own word counts before another's, and one that does not answer is unhealthy.
 */
export const deskComponents = (
  told: ReadonlyMap<string, Pick<Health, 'status' | 'dependencies'> | null>,
): Record<string, ComponentHealth> => {
  const parts: Record<string, ComponentHealth> = {};
  for (const health of told.values()) Object.assign(parts, health?.dependencies);
  for (const [name, health] of told) parts[name] = health?.status ?? 'unhealthy';
  return Object.fromEntries(
    Object.entries(parts).sort(([left], [right]) => (left < right ? -1 : 1)),
  );
};
