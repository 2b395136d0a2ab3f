import { readFileSync } from 'node:fs';
import { services, serviceNames, type Caller, type ServiceName } from '@catalyst/contracts';
import { parseLine } from '@catalyst/domain';
import { z } from 'zod';
import { ConfigError } from './app-error.ts';
import { copyFault, keyFault } from './copy-faults.ts';

// a URL's parser drops a line end and encodes a blank without a word
const UNWRITTEN_IN_URLS = /[\s\p{Cc}"'<>`]/u;
const url = (...protocols: string[]) =>
  z
    .string()
    .refine(
      (text) =>
        !UNWRITTEN_IN_URLS.test(text) &&
        URL.canParse(text) &&
        protocols.includes(new URL(text).protocol),
      `expected a URL that starts with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
    );
export const httpUrl = url('http:', 'https:');
export const webSocketUrl = url('ws:', 'wss:');
export const smtpUrl = url('smtp:', 'smtps:');
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);
/** True for an address on this machine. */
export const isLoopback = (text: string): boolean => LOOPBACK.has(new URL(text).hostname);
/** An address of somebody else, to which only an encrypted connection goes. */
export const outgoingUrl = httpUrl.refine(
  (text) => !URL.canParse(text) || text.startsWith('https:') || isLoopback(text),
  'expected https://; http:// is for this machine alone',
);

/** Unset means paper; any other word than these three refuses to start and never means live. */
export const tradingMode = z.enum(['replay', 'paper', 'live'], {
  error: 'expected replay, paper or live',
});
export type TradingMode = z.infer<typeof tradingMode>;

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
  REDIS_URL: url('redis:', 'rediss:'),
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
/** A key or a secret that a vendor gave out. */
const vendorKey = z.string().superRefine((text, context) => {
  const fault = keyFault(text);
  if (fault) context.addIssue({ code: 'custom', message: fault });
});
export const alpacaEnvironment = z.object({
  ALPACA_API_KEY: vendorKey,
  ALPACA_SECRET_KEY: vendorKey,
  ALPACA_TRADING_URL: httpUrl.default('https://paper-api.alpaca.markets'),
  ALPACA_DATA_URL: httpUrl.default('https://data.alpaca.markets'),
  ALPACA_STREAM_URL: webSocketUrl.default('wss://paper-api.alpaca.markets/stream'),
  ALPACA_DATA_FEED: z.enum(['iex', 'sip', 'delayed_sip']).default('iex'),
});
export type AlpacaConfig = z.infer<typeof alpacaEnvironment>;

/** The addresses of the services that `name` calls, as NAME_URL. */
export const dependencyEnvironment = (name: ServiceName) =>
  z.object(
    Object.fromEntries(
      services[name].depends_on.map((dependency) => [`${dependency.toUpperCase()}_URL`, httpUrl]),
    ),
  );

const MAY_BE_SECRET = /KEY|SECRET|^(DATABASE|REDIS|SMTP)_URL$/;

const readSecretFiles = (
  env: NodeJS.ProcessEnv,
  names: readonly string[],
  faults: string[],
): Record<string, string | undefined> => {
  const values: Record<string, string | undefined> = {};
  for (const name of names) {
    const file = env[`${name}_FILE`];
    values[name] = env[name] === '' ? undefined : env[name];
    if (values[name] !== undefined || !file) continue;
    try {
      values[name] = readFileSync(file, 'utf8').trim();
    } catch (error) {
      faults.push(
        `${name}_FILE: cannot read ${file} (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`,
      );
    }
  }
  return values;
};

/**
 * Reads and validates an environment. Each name may also be given as NAME_FILE, a file that holds
 * the value; Alpaca's own APCA_* names work too.
 * @throws ConfigError listing every fault at once
 */
export const loadConfig = <S extends z.ZodObject>(
  schema: S,
  env: NodeJS.ProcessEnv,
): z.output<S> => {
  const faults: string[] = [];
  const names = Object.keys(schema.shape);
  const aliased: NodeJS.ProcessEnv = {
    ...env,
    ALPACA_API_KEY: env.ALPACA_API_KEY || env.APCA_API_KEY_ID,
    ALPACA_API_KEY_FILE: env.ALPACA_API_KEY_FILE || env.APCA_API_KEY_ID_FILE,
    ALPACA_SECRET_KEY: env.ALPACA_SECRET_KEY || env.APCA_API_SECRET_KEY,
    ALPACA_SECRET_KEY_FILE: env.ALPACA_SECRET_KEY_FILE || env.APCA_API_SECRET_KEY_FILE,
  };
  const values = readSecretFiles(aliased, names, faults);
  for (const name of names) {
    const fault = values[name] === undefined ? null : copyFault(values[name]);
    if (fault) faults.push(`${name}: ${fault}`);
  }
  const parsed = schema.safeParse(values);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      const name = issue.path.map(String).join('.');
      const isTold = faults.some(
        (fault) => fault.startsWith(`${name}_FILE:`) || fault.startsWith(`${name}:`),
      );
      if (isTold) continue;
      const isMissing =
        issue.path.length === 1 && aliased[name] === undefined && !aliased[`${name}_FILE`];
      faults.push(
        isMissing
          ? `${name} is not set${MAY_BE_SECRET.test(name) ? `: set it, or ${name}_FILE to a file that holds it` : ''}`
          : `${name}: ${issue.message}`,
      );
    }
  }
  if (faults.length > 0 || !parsed.success) throw new ConfigError(faults);
  return parsed.data;
};
