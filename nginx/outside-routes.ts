import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  serviceNames,
  services,
  signalsApi,
  type Api,
  type Scope,
  type ServiceName,
} from '@catalyst/contracts';

/** Acts that a person may do from outside; every other act belongs to the fleet. */
const outsideActs: ReadonlySet<string> = new Set([
  'workflow.startCycle',
  'workflow.stopCycle',
  'workflow.previewTrade',
  'workflow.executeProposal',
  'workflow.rejectProposal',
  'workflow.closePosition',
  'workflow.moveStop',
  'workflow.placeExit',
  'workflow.reducePosition',
  'workflow.updateRiskParameter',
  'workflow.confirmLimit',
  'workflow.rejectLimit',
  'workflow.changeTradingState',
  'workflow.acknowledgeAlerts',
  'workflow.cancelEntries',
  'workflow.createAccessKey',
  'workflow.revokeAccessKey',
  'workflow.setOperator',
  'workflow.confirmOperator',
  'risk.arm',
  'trading.stop',
  'scanner.startScan',
  'workflow.inviteClient',
  'workflow.limitClient',
  'workflow.revokeClient',
  'workflow.setFlag',
]);

export interface OutsideRoute {
  path: string;
  service: ServiceName;
}

/**
 * What Nginx lets through to which service: reads at their owner, acts at workflow (and arming, the
 * scan, and the second door for stops), each only where the key of `cli` is granted them. A path belongs to one service alone.
 * @throws Error when two services claim a path, or when an act is listed that no contract has
 */
export const outsideRoutes = (): OutsideRoute[] => {
  const owners = new Map<string, ServiceName>();
  const acts = new Set(outsideActs);
  for (const service of serviceNames) {
    const { grants } = services[service];
    const granted = 'cli' in grants ? (grants.cli as readonly Scope[]) : [];
    for (const [name, declared] of Object.entries(services[service].api as Api)) {
      const isOpen =
        granted.includes(declared.scope) &&
        (declared.scope === 'read' || acts.delete(`${service}.${name}`));
      if (!isOpen) continue;
      const owner = owners.get(declared.path);
      if (owner && owner !== service)
        throw new Error(`${declared.path} is claimed by ${owner} and by ${service}`);
      owners.set(declared.path, service);
    }
  }
  if (acts.size > 0) throw new Error(`no contract has ${[...acts].join(', ')}`);
  return [...owners]
    .map(([path, service]) => ({ path, service }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
};

/** The entries of Nginx's map from path to service. A fixed path is matched before any pattern. */
export const renderRoutes = (): string => {
  const lines = [
    '# Written by outside-routes.ts from packages/contracts; a test holds it against them.',
    '/mcp orchestration;',
    '/ws/signals orchestration;',
    '"~^/\\.well-known/o" orchestration;',
    '"~^/(oauth|operator)(/|$)" orchestration;',
    '/health orchestration;',
    ...serviceNames.map((name) => `/health/${name} ${name};`),
  ];
  const clients = Object.values(signalsApi).map(({ path }) => ({
    path,
    service: 'orchestration' as const,
  }));
  const seen = new Set<string>();
  for (const { path, service } of [...clients, ...outsideRoutes()]) {
    if (seen.has(path)) continue;
    seen.add(path);
    lines.push(
      path.includes(':')
        ? `"~^${path.replace(/:\w+/g, '[^/]+')}$" ${service};`
        : `${path} ${service};`,
    );
  }
  return `${lines.join('\n')}\n`;
};

// node nginx/outside-routes.ts writes the file anew
if (import.meta.main)
  writeFileSync(join(import.meta.dirname, 'routes.conf.template'), renderRoutes());
