import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { ConfigError } from './app-error.ts';
import { copyFault, keyFault } from './copy-faults.ts';

// a URL's parser drops a line end and encodes a blank without a word
const UNWRITTEN_IN_URLS = /[\s\p{Cc}"'<>`]/u;
/** An address whose protocol is one of these (`https:`), written as it is used. */
export const url = (...protocols: string[]) =>
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
