import { services, serviceNames, type Caller, type ServiceName } from '@catalyst/contracts';
import { parseLine } from '@catalyst/domain';
import { httpUrl, tradingMode, url } from '@catalyst/runtime';
import { z } from 'zod';

const keyHashes = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue({
        code: 'custom',
        message: 'expected JSON such as {"workflow":"<sha256 of its key>"}',
      });
      return z.NEVER;
    }
  })
  .pipe(
    z.partialRecord(
      z.enum([...serviceNames, 'cli'] as [Caller, ...Caller[]]),
      z.string().regex(/^[0-9a-f]{64}$/, 'expected the SHA-256 of a key as 64 hex digits'),
    ),
  );

const redisUrl = url('redis:', 'rediss:');

/** What every service reads from its environment. */
export const serviceEnvironment = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535),
  TRADING_MODE: tradingMode.default('paper'),
  /**
   * The broker's account number that this desk trades; its database belongs to that account alone.
   */
  DESK_ACCOUNT: z.string().min(1).max(64).default('unset'),
  RUN_ID: z.string().min(1).max(64).default('desk'),
  REPLAY_START_AT: z.iso.datetime({ offset: true }).optional(),
  /**
   * Rehearsals only: how the desk's time follows the wall (`w0,s0,f`); who started the service moves
   * it on.
   */
  CLOCK_LINE: z
    .string()
    .transform((text, context) => {
      try {
        return parseLine(text);
      } catch (error) {
        context.addIssue({ code: 'custom', message: (error as Error).message });
        return z.NEVER;
      }
    })
    .optional(),
  /**
   * Replay only: each handler waits up to this long, at random, to show that no trade depends on
   * speed.
   */
  HANDLER_DELAY_MAX_MS: z.coerce.number().int().min(0).max(1000).default(0),
  /** A server; or several nodes of a cluster, with commas between them. */
  REDIS_URL: z.string().transform((text, context) => {
    for (const node of text.split(',')) {
      const { error } = redisUrl.safeParse(node);
      if (error) context.addIssue({ code: 'custom', message: error.issues[0]!.message });
    }
    return text;
  }),
  SERVICE_KEY: z.string().min(32, 'expected a random secret of at least 32 characters'),
  SERVICE_KEY_HASHES: keyHashes,
  CATALYST_HOME: z.string().min(1),
  LOG_LEVEL: z.enum(['error', 'warn', 'info', 'debug']).default('info'),
  /**
   * With bad configuration the service stays, trying nothing more, until it is stopped: for whoever
   * restarts all that ends.
   */
  STAY_ON_BAD_CONFIGURATION: z.literal('1').optional(),
});
export const databaseEnvironment = z.object({ DATABASE_URL: url('postgres:', 'postgresql:') });

/** The addresses of the services that `name` calls, as NAME_URL. */
export const dependencyEnvironment = (name: ServiceName) =>
  z.object(
    Object.fromEntries(
      services[name].depends_on.map((dependency) => [`${dependency.toUpperCase()}_URL`, httpUrl]),
    ),
  );
