import {
  executionSettings,
  type ClientConfiguration,
  type ClientLimits,
  type ClientSettings,
  type FeatureFlag,
  type RiskSettings,
} from '@catalyst/contracts';

/** The narrower of two bounds, each of which may be absent. */
const narrower = (own: RiskSettings, desk: RiskSettings): RiskSettings => {
  const names = new Set([...Object.keys(own), ...Object.keys(desk)]) as Set<keyof RiskSettings>;
  return Object.fromEntries(
    [...names].map((name) => [name, Math.min(own[name] ?? Infinity, desk[name] ?? Infinity)]),
  );
};

/** What holds for a client of its own settings and the desk's limits: nothing is raised by either. */
export const configurationOf = (
  version: number,
  settings: ClientSettings,
  limits: ClientLimits,
  scope: 'read' | 'trade',
  flags: Readonly<Record<FeatureFlag, boolean>>,
): ClientConfiguration => {
  const why_not = [
    ...(scope === 'trade' ? [] : ["the key's scope is read"]),
    ...(limits.paused ? ['the desk has paused this client'] : []),
    ...(flags.auto_execution ? [] : ['the desk has switched automatic execution off']),
    ...(settings.execution.auto_execute ? [] : ['its own settings switch execution off']),
  ];
  const least = Math.max(settings.filters.min_confidence ?? 0, limits.min_confidence ?? 0);
  return {
    version,
    settings,
    limits,
    effective: {
      risk: narrower(settings.risk, limits.risk),
      filters: { ...settings.filters, ...(least > 0 && { min_confidence: least }) },
      execution: executionSettings.parse(settings.execution),
      may_enter: why_not.length === 0,
      why_not,
    },
    flags: { ...flags },
  };
};
