import { health, serviceNames, type Health, type ServiceName } from '@catalyst/contracts';
import { inNewYork } from '@catalyst/domain';
import { tryPostgres, tryRedis, type RunFile } from '@catalyst/platform';
import { z } from 'zod';
import { plainValues } from './plain-values.ts';
import type { Server } from './server-connection.ts';

type ServiceState = {
  service: ServiceName;
  url: string;
  status: Health['status'] | 'unreachable';
  database: string;
  redis: string;
  notes: string[];
  /** When what its work lives on came last. */
  latest: Record<string, string | null>;
};
/** Outside Nginx a service tells its status alone. */
const told = health.pick({ status: true }).extend({
  database: z.string().default(''),
  redis: z.string().default(''),
  notes: health.shape.notes.default([]),
  dependencies: health.shape.dependencies.default({}),
  latest: health.shape.latest,
});
type PartState = { part: 'postgres' | 'redis'; fault: string | null };

const askService = async (
  service: ServiceName,
  url: string,
  path: string,
): Promise<ServiceState> => {
  try {
    const answer = await fetch(`${url}${path}`, { signal: AbortSignal.timeout(5_000) });
    const { status, database, redis, notes, dependencies, latest } = plainValues(
      told.parse(await answer.json()),
    );
    const silent = Object.entries(dependencies)
      .filter(([, state]) => state !== 'healthy')
      .map(([name, state]) => `${name} is ${state}`);
    return { service, url, status, database, redis, notes: [...notes, ...silent], latest };
  } catch (error) {
    return {
      service,
      url,
      status: 'unreachable',
      database: '',
      redis: '',
      latest: {},
      notes: [
        `does not answer (${((error as Error).cause as { code?: string } | undefined)?.code ?? (error as Error).message})`,
      ],
    };
  }
};

const askPart = async (
  part: PartState['part'],
  url: string | null,
  attempt: (url: string) => Promise<void>,
): Promise<PartState> => {
  if (url === null) return { part, fault: null };
  try {
    await attempt(url);
    return { part, fault: null };
  } catch (error) {
    return { part, fault: (error as Error).message };
  }
};

/** How each service and part says that it is; `unwell` has a sentence for each that is not well. */
interface Asked {
  services: ServiceState[];
  parts: PartState[];
  unwell: string[];
}

const summarize = (services: ServiceState[], parts: PartState[]): Asked => ({
  services,
  parts,
  unwell: [
    ...parts.flatMap(({ fault }) => (fault === null ? [] : [fault])),
    ...services
      .filter(({ status }) => status !== 'healthy')
      .map(({ service, status, notes }) => `${service} (${[status, ...notes].join(': ')})`),
  ],
});

/**
 * The desk that runs here: each service by its own health, PostgreSQL and Redis by whether they take
 * a write.
 */
export const askDesk = async ({ urls, database_url, redis_url }: RunFile): Promise<Asked> => {
  const [services, parts] = await Promise.all([
    Promise.all(
      serviceNames
        .filter((name) => urls?.[name] !== undefined)
        .map((name) => askService(name, urls![name]!, '/health')),
    ),
    Promise.all([
      askPart('postgres', database_url, tryPostgres),
      askPart('redis', redis_url, tryRedis),
    ]),
  ]);
  return summarize(services, parts);
};

/** The desk on a server, as far as Nginx shows it. */
export const askServer = async ({ url }: Server): Promise<Asked> =>
  summarize(
    await Promise.all(serviceNames.map((name) => askService(name, url, `/health/${name}`))),
    [],
  );

/** When the last bar, quote and update of an order came, by New York's clock; nothing where none has. */
export const describeLatest = (services: readonly Pick<ServiceState, 'latest'>[]): string[] => {
  const came = services.flatMap(({ latest }) =>
    Object.entries(latest).flatMap(([what, at]) =>
      at === null ? [] : [`${what.replaceAll('_', ' ')} ${inNewYork(at).clock}`],
    ),
  );
  return came.length === 0 ? [] : [`${came.join(', ')} New York`];
};
