import type { Health, ServiceName } from '@catalyst/contracts';
import axios from 'axios';
import type { TradingMode } from './load-config.ts';

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
  /** What is worth knowing and no fault: told beside the notes, and the service stays healthy. */
  remarks: () => string[];
}

const askDependency = async (url: string): Promise<'healthy' | 'unhealthy'> => {
  const answer = await axios
    .get(`${url}/health/live`, { timeout: 1000, validateStatus: () => true, proxy: false })
    .catch(() => null);
  return answer?.status === 200 ? 'healthy' : 'unhealthy';
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
  remarks,
}: Parts): Promise<Health> => {
  const names = Object.keys(dependencies);
  const [isDatabaseUp, ...states] = await Promise.all([
    isDatabaseConnected ? isDatabaseConnected() : null,
    ...names.map((name) => askDependency(dependencies[name]!)),
  ]);
  const database = isDatabaseUp === null ? 'not_used' : isDatabaseUp ? 'connected' : 'disconnected';
  const redis = isRedisConnected() ? 'connected' : 'disconnected';
  const why = notes();
  const status =
    database === 'disconnected'
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
    notes: [...why, ...remarks()],
  };
};
