import { flushCompileCache } from 'node:module';
import type { Api } from '@catalyst/contracts';
import { ConfigError, createLog, EXIT_CONFIG } from '@catalyst/runtime';
import type { z } from 'zod';
import type { ServiceSpec } from './service-spec.ts';
import { startService } from './start-service.ts';

/**
 * The environment of this process. Whoever started it may know some of it only later and say it over
 * their channel; what takes long, the loading of modules, is over by the time that this is asked.
 */
const wholeEnvironment = async (): Promise<NodeJS.ProcessEnv> => {
  if (process.env.ENVIRONMENT_FOLLOWS === undefined || !process.connected) return process.env;
  // the channel alone keeps no process alive
  process.channel?.ref();
  return new Promise((resolve) => {
    const take = (message: unknown): void => {
      const { environment } = (message ?? {}) as { environment?: Record<string, string> };
      if (environment === undefined) return;
      process.off('message', take);
      process.channel?.unref();
      resolve({ ...process.env, ...environment });
    };
    process.on('message', take);
  });
};

/**
 * Runs a service as this process: exit 78 on bad configuration, 1 on a failed start, 0 after
 * SIGTERM or SIGINT. With STAY_ON_BAD_CONFIGURATION it waits for the signal before it ends with 78:
 * Docker restarts whatever ends and cannot tell 78 apart, and the broker would be shown keys that it
 * refused again and again.
 */
export const runService = async <const A extends Api, C extends z.ZodObject>(
  spec: ServiceSpec<A, C>,
): Promise<void> => {
  // an unforeseen error leaves unknown state behind: stop, and let the supervisor start anew
  const crash = (error: unknown) => {
    createLog(spec.name, 'error').error('service_crashed', { error });
    process.exit(1);
  };
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);
  try {
    // what it had at hand is the other's from here on
    const onLost = (): void => process.exit(1);
    const service = await startService(spec, await wholeEnvironment(), { onLost });
    // whoever started it need not ask again and again
    if (process.connected) process.send!({ ready: true });
    // kept now, not at the end, which a killed service does not have; needs NODE_COMPILE_CACHE
    flushCompileCache();
    let stopping = false;
    const stop = () => {
      if (stopping) return;
      stopping = true;
      setTimeout(() => process.exit(1), 10_000).unref();
      void service.close().then(() => process.exit(0));
    };
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
  } catch (error) {
    if (error instanceof ConfigError) {
      process.stderr.write(`${spec.name} cannot start: ${error.message}\n`);
      if (!process.env.STAY_ON_BAD_CONFIGURATION) process.exit(EXIT_CONFIG);
      process.stderr.write(`${spec.name} tries nothing more until it is started anew\n`);
      const staying = setInterval(() => {}, 60_000);
      for (const signal of ['SIGTERM', 'SIGINT'])
        process.once(signal, () => {
          clearInterval(staying);
          process.exit(EXIT_CONFIG);
        });
      return;
    }
    crash(error);
  }
};
