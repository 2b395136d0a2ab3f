import { services, type ServiceName } from '@catalyst/contracts';
import {
  databaseEnvironment,
  dependencyEnvironment,
  serviceEnvironment,
} from '@catalyst/service-kit';
import type { z } from 'zod';

/** Whatever a service reads from its environment: its own schema and what every service reads. */
export const schemaOf = async (name: ServiceName): Promise<z.ZodObject> => {
  const module = (await import(`../services/${name}/src/service.ts`)) as Record<string, unknown>;
  const spec = Object.values(module).find(
    (value): value is { name: string; config: z.ZodObject } =>
      typeof value === 'object' &&
      value !== null &&
      'config' in value &&
      'api' in value &&
      (value as { name?: unknown }).name === name,
  );
  if (!spec) throw new Error(`services/${name}/src/service.ts exports no service of that name`);
  return serviceEnvironment
    .extend(services[name].uses_database ? databaseEnvironment.shape : {})
    .extend(dependencyEnvironment(name).shape)
    .extend(spec.config.shape);
};
