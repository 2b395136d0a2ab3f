import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkoutFolder, type ServiceRun, type SupervisedService } from '@catalyst/platform';
import { startService, type ServiceSpec, type StartedService } from '@catalyst/service-kit';
import type { Api } from '@catalyst/contracts';
import type { z } from 'zod';

type AnySpec = ServiceSpec<Api, z.ZodObject>;

const serviceSpecOf = async (name: string): Promise<AnySpec> => {
  const path = join(checkoutFolder, 'services', name, 'src', 'service.ts');
  const module = (await import(pathToFileURL(path).href)) as Record<string, AnySpec>;
  return module[`${name}Service`]!;
};

/**
 * Runs one service of a fleet in this process instead of one of its own: the same code over the same
 * sockets, database and Redis. Its modules are loaded once for all fleets of a test process, and
 * compiled once for all nine.
 */
export const hostService = ({ name, url, program, on_event }: ServiceRun): SupervisedService => {
  const starting: Promise<StartedService> = serviceSpecOf(name).then((spec) =>
    startService(spec, program().env),
  );
  const awaitReady = async (): Promise<void> => {
    await starting;
    on_event({ service: name, event: 'ready', pid: process.pid, detail: url });
  };
  starting.catch(() => undefined); // is told by awaitReady
  return {
    name,
    url,
    pid: () => process.pid,
    restarts: () => 0,
    awaitReady,
    kill: () => Promise.reject(new Error(`${name} runs in the process of its test: kill none`)),
    stop: async () => {
      const service = await starting.catch(() => undefined);
      await service?.close();
    },
  };
};
