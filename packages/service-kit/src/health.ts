import { health, type Health, type ServiceName } from '@catalyst/contracts';
import type { AxiosResponse } from 'axios';
import type { EventBus } from './bus/event-bus.ts';
import type { TradingMode } from '@catalyst/runtime';
import type { Metrics } from './metrics.ts';
import type { Database } from './storage/database.ts';
import type { Journal } from './storage/journal.ts';

interface Parts {
  service: ServiceName;
  version: string;
  mode: TradingMode;
  isDatabaseConnected: (() => Promise<boolean>) | null;
  isRedisConnected: () => boolean;
  /** Name -> base URL of the services this one calls. */
  dependencies: Readonly<Record<string, string>>;
  /** Reasons why the service works with less than it should; empty when all is well. */
  notes: () => string[];
  /** Reasons why it does not do what it is for, though it answers. */
  failures: () => string[];
  /** When what its work lives on came last. */
  latest: () => Readonly<Record<string, string | null>>;
  /** What is worth knowing and no fault: told beside the notes, and the service stays healthy. */
  remarks: () => string[];
}

/** Whatever it answers; null where it does not. */
const ask = async (url: string, timeout_ms: number): Promise<AxiosResponse<unknown> | null> => {
  const { default: axios } = await import('axios');
  return axios
    .get<unknown>(url, { timeout: timeout_ms, validateStatus: () => true, proxy: false })
    .catch(() => null);
};

const askDependency = async (url: string): Promise<'healthy' | 'unhealthy'> => {
  const answer = await ask(`${url}/health/live`, 1000);
  return answer?.status === 200 ? 'healthy' : 'unhealthy';
};

const EVENTS_WAIT_MS = 60_000;

/** What the outcomes of a service's own work say, in our own words: never a vendor's. */
export const outcomeNotes = ({
  database,
  journal,
  bus,
  metrics,
}: {
  database: Pick<Database, 'failedWrite'> | null;
  journal: Pick<Journal<object>, 'refused'> | null;
  bus: Pick<EventBus, 'waitingSince'>;
  metrics: Pick<Metrics, 'openCircuits'>;
}): string[] => {
  const failedWrite = database?.failedWrite() ?? null;
  const waiting = bus.waitingSince();
  const rows = journal?.refused() ?? 0;
  return [
    ...[...metrics.openCircuits].map((target) => `${target} failed and is left alone for a minute`),
    ...(failedWrite === null ? [] : [`the last write failed: ${failedWrite}`]),
    ...(rows === 0
      ? []
      : [`audit rows of stops that wait in the journal for the database: ${rows}`]),
    ...(waiting === null || Date.now() - waiting < EVENTS_WAIT_MS
      ? []
      : [`events wait to be published since ${new Date(waiting).toISOString()}`]),
  ];
};

/** The whole of what a service says of itself; null where it does not answer. */
export const askHealth = async (url: string): Promise<Health | null> => {
  const answer = await ask(`${url}/health`, 3000);
  const told = health.safeParse(answer?.data);
  return told.success ? told.data : null;
};

/** What a service says of itself: null where it does what it is for, else why not. */
export const askStatus = async (url: string): Promise<string | null> => {
  const answer = await ask(`${url}/health/status`, 3000);
  if (answer === null) return 'it does not answer';
  return (answer.data as { status?: unknown }).status === 'unhealthy' ? 'it is unhealthy' : null;
};

/** Wall time: health is about this machine, not about the market. */
export const checkHealth = async ({
  service,
  version,
  mode,
  isDatabaseConnected,
  isRedisConnected,
  dependencies,
  notes,
  failures,
  remarks,
  latest,
}: Parts): Promise<Health> => {
  const names = Object.keys(dependencies);
  const [isDatabaseUp, ...states] = await Promise.all([
    isDatabaseConnected ? isDatabaseConnected() : null,
    ...names.map((name) => askDependency(dependencies[name]!)),
  ]);
  const database = isDatabaseUp === null ? 'not_used' : isDatabaseUp ? 'connected' : 'disconnected';
  const redis = isRedisConnected() ? 'connected' : 'disconnected';
  const failed = failures();
  const why = notes();
  const status =
    database === 'disconnected' || failed.length > 0
      ? 'unhealthy'
      : redis === 'disconnected' || states.includes('unhealthy') || why.length > 0
        ? 'degraded'
        : 'healthy';
  return {
    status,
    service,
    version,
    timestamp: new Date().toISOString(),
    mode,
    database,
    redis,
    dependencies: Object.fromEntries(names.map((name, index) => [name, states[index]!])),
    notes: [...failed, ...why, ...remarks()],
    latest: latest(),
  };
};
