import { newsApi } from './news.ts';
import { orchestrationApi } from './orchestration.ts';
import { patternApi } from './pattern.ts';
import { reportingApi } from './reporting.ts';
import { riskApi } from './risk.ts';
import type { Api, Scope } from './route.ts';
import { scannerApi } from './scanner.ts';
import { technicalApi } from './technical.ts';
import { tradingApi } from './trading/index.ts';
import { workflowApi } from './workflow.ts';

export const serviceNames = [
  'orchestration',
  'scanner',
  'pattern',
  'technical',
  'risk',
  'trading',
  'workflow',
  'news',
  'reporting',
] as const;
export type ServiceName = (typeof serviceNames)[number];
/** Who may hold a key: the nine services and the operator's command. */
export type Caller = ServiceName | 'cli';

interface ServiceEntry {
  /** The port inside a container; demo and tests bind free ones. */
  port: number;
  api: Api;
  uses_database: boolean;
  /** Services it calls; /health reports them and Compose starts them first. */
  depends_on: readonly ServiceName[];
  /** What each caller's key may do here. */
  grants: Readonly<Partial<Record<Caller, readonly Scope[]>>>;
}

/**
 * The one registry of the fleet: Compose, Nginx, the launcher, keys and tests are held against it.
 */
export const services = {
  orchestration: {
    port: 5000,
    api: orchestrationApi,
    uses_database: false,
    depends_on: ['workflow', 'scanner', 'technical', 'trading', 'risk', 'reporting'],
    grants: { cli: ['read'] },
  },
  scanner: {
    port: 5001,
    api: scannerApi,
    uses_database: true,
    depends_on: ['news', 'technical', 'pattern'],
    grants: { workflow: ['read', 'act'], orchestration: ['read'], cli: ['read', 'act'] },
  },
  pattern: {
    port: 5002,
    api: patternApi,
    uses_database: true,
    depends_on: [],
    grants: {
      scanner: ['read', 'act'],
      workflow: ['read', 'act'],
      orchestration: ['read'],
      cli: ['read'],
    },
  },
  technical: {
    port: 5003,
    api: technicalApi,
    uses_database: true,
    depends_on: [],
    grants: {
      scanner: ['read', 'act'],
      workflow: ['read', 'act'],
      orchestration: ['read'],
      cli: ['read'],
    },
  },
  risk: {
    port: 5004,
    api: riskApi,
    uses_database: true,
    depends_on: [],
    grants: { workflow: ['read', 'act'], orchestration: ['read'], cli: ['read', 'act'] },
  },
  trading: {
    port: 5005,
    api: tradingApi,
    uses_database: true,
    depends_on: [],
    grants: {
      workflow: ['read', 'act', 'step', 'stop'],
      orchestration: ['read', 'stop'],
      cli: ['read', 'stop'],
    },
  },
  workflow: {
    port: 5006,
    api: workflowApi,
    uses_database: true,
    depends_on: ['news', 'scanner', 'technical', 'pattern', 'risk', 'trading', 'reporting'],
    grants: { orchestration: ['read', 'act'], cli: ['read', 'act', 'step'] },
  },
  news: {
    port: 5008,
    api: newsApi,
    uses_database: true,
    depends_on: [],
    grants: {
      workflow: ['read', 'act'],
      scanner: ['read'],
      orchestration: ['read'],
      cli: ['read'],
    },
  },
  reporting: {
    port: 5009,
    api: reportingApi,
    uses_database: true,
    depends_on: [],
    grants: { workflow: ['read', 'act'], orchestration: ['read'], cli: ['read'] },
  },
} as const satisfies Record<ServiceName, ServiceEntry>;
