import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serviceNames, services, type Api, type Caller } from '@catalyst/contracts';
import { sharedRedis } from '@catalyst/platform';
import {
  createClient,
  inContext,
  sha256,
  startService,
  type Client,
  type ServiceSpec,
} from '@catalyst/service-kit';
import type { z } from 'zod';

/** Keys of one test's fleet, so that services started side by side know each other. */
export const createTestKeys = (): Record<Caller, string> =>
  Object.fromEntries(
    [...serviceNames, 'cli' as const].map((caller) => [
      caller,
      randomBytes(32).toString('base64url'),
    ]),
  ) as Record<Caller, string>;

interface Options {
  /** Address of the test's database; not for a service without one. */
  database_url?: string;
  keys?: Record<Caller, string>;
  /** More of its environment, such as the addresses of what it calls. */
  env?: Record<string, string>;
  /**
   * A replay starts at this instant; without it the service runs on paper and the system's clock.
   */
  replay_start_at?: string;
}

export interface TestService<A extends Api> {
  url: string;
  keys: Record<Caller, string>;
  /** The typed client of a caller; by default of workflow, which may do everything. */
  client(caller?: Caller): Client<A>;
  close(): Promise<void>;
}

/**
 * Starts a service in this process on a free port, with the shared Redis and a run id of its own.
 */
export const startTestService = async <const A extends Api, C extends z.ZodObject>(
  spec: ServiceSpec<A, C>,
  { database_url, keys = createTestKeys(), env = {}, replay_start_at }: Options = {},
): Promise<TestService<A>> => {
  const { url: redisUrl } = await sharedRedis();
  const nowhere = Object.fromEntries(
    services[spec.name].depends_on.map((name) => [
      `${name.toUpperCase()}_URL`,
      'http://127.0.0.1:9',
    ]),
  );
  const home = mkdtempSync(join(tmpdir(), 'catalyst-test-'));
  const service = await startService(spec, {
    ...nowhere,
    PORT: '0',
    TRADING_MODE: replay_start_at ? 'replay' : 'paper',
    ...(replay_start_at && { REPLAY_START_AT: replay_start_at }),
    RUN_ID: env.RUN_ID ?? 'test',
    ...(database_url && { DATABASE_URL: database_url }),
    REDIS_URL: redisUrl,
    SERVICE_KEY: keys[spec.name],
    SERVICE_KEY_HASHES: JSON.stringify(
      Object.fromEntries(Object.entries(keys).map(([caller, key]) => [caller, sha256(key)])),
    ),
    CATALYST_HOME: home,
    LOG_LEVEL: 'error',
    ...env,
  });
  return {
    url: service.url,
    keys,
    client: (caller = 'workflow') =>
      createClient(spec.api, {
        service: spec.name,
        base_url: service.url,
        api_key: keys[caller],
        timeout_ms: 120_000,
        retry_for_ms: 0,
      }),
    close: async () => {
      await service.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
};

/** Runs `work` as if at `at` of a replayed day: clients inside send it as the step time. */
export const atStep = <T>(at: string, work: () => T): T => inContext({ at }, work);
