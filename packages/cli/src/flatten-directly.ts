import { setTimeout as sleep } from 'node:timers/promises';
import {
  alpacaEnvironment,
  AppError,
  createHaltFile,
  loadConfig,
} from '@catalyst/service-kit/calls';
import { homeFolder, readRunFile } from '@catalyst/platform';
import { z } from 'zod';
import { askOnce, NOTHING_DONE } from './ask-once.ts';
import { operatorName } from './desk-connection.ts';
import { plainText } from './plain-values.ts';
import { untilStopped } from './stop-signals.ts';
import type { Terminal } from './terminal.ts';
import { count } from './wording.ts';

/** The broker answers at once; the fills of a flatten come within seconds while the market is open. */
const TIMEOUT_MS = 10_000;
const AGAIN_MS = 5_000;
/** So long a desk keeps out of it after the last word of this command. */
const DIRECT_MS = 10_000;
const RENEW_MS = 1_000;

const held = z.array(z.object({ symbol: z.string(), qty: z.string() }));
const asked = z.array(
  z.object({
    symbol: z.string(),
    status: z.int(),
    body: z.object({ message: z.string().optional() }).optional(),
  }),
);

const connect = ({ ALPACA_API_KEY, ALPACA_SECRET_KEY, ALPACA_TRADING_URL }: AlpacaKeys) => {
  const headers = { 'APCA-API-KEY-ID': ALPACA_API_KEY, 'APCA-API-SECRET-KEY': ALPACA_SECRET_KEY };
  return async <T>(method: string, path: string, answer: z.ZodType<T>): Promise<T> => {
    const fault = (why: string) =>
      new AppError('VENDOR_UNAVAILABLE', `${ALPACA_TRADING_URL}${path}: ${plainText(why)}`);
    let response: Response;
    try {
      response = await fetch(`${ALPACA_TRADING_URL}${path}`, {
        method,
        headers,
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
    } catch (error) {
      throw fault((error as Error).message);
    }
    const text = await response.text();
    if (!response.ok) throw fault(`answered ${response.status} (${text.slice(0, 200)})`);
    return answer.parse(JSON.parse(text));
  };
};
type AlpacaKeys = Pick<
  z.infer<typeof alpacaEnvironment>,
  'ALPACA_API_KEY' | 'ALPACA_SECRET_KEY' | 'ALPACA_TRADING_URL'
>;

/**
 * Closes what the account holds with the broker's own act, which is bounded by what is held and
 * cannot turn a position around, until the account is flat or a person ends it. Needs neither the
 * desk nor its database; the halt file comes first, so that no desk of this machine enters anew.
 * @throws ConfigError without the broker's keys; AppError where the broker does not answer
 */
export const flattenDirectly = async (
  { reason, yes }: { reason: string; yes?: boolean },
  terminal: Terminal,
): Promise<void> => {
  const config = loadConfig(alpacaEnvironment, process.env);
  const ask = connect(config);
  const { account_number } = await ask(
    'GET',
    '/v2/account',
    z.object({ account_number: z.string() }),
  );
  const listHeld = () => ask('GET', '/v2/positions', held);
  const positions = await listHeld();
  const list = positions.map(({ symbol, qty }) => `${symbol} ${qty}`).join(', ');
  terminal.note(
    `flatten at the broker alone (${config.ALPACA_TRADING_URL}, account ${account_number})\n  the halt file is written: nothing new is entered until you resume\n  every open order of the account: cancelled\n  ${count(positions.length, 'position')}${list === '' ? '' : ` (${list})`}: closed at market`,
  );
  if (!(await askOnce('flatten now?', { yes }))) {
    terminal.result({ act: 'flatten', direct: true, ...NOTHING_DONE }, () => 'nothing was done');
    return;
  }
  const haltFile = createHaltFile(readRunFile(homeFolder())?.home ?? homeFolder());
  const why = haltFile.read() ?? `flattened at the broker by ${operatorName()}: ${reason}`;
  // a desk of this machine keeps out of it as long as this is renewed
  const keepDeskOut = (): void => haltFile.writeDirect(why, DIRECT_MS);
  keepDeskOut();
  const renewing = setInterval(keepDeskOut, RENEW_MS).unref();
  const ask_once_more = async (signal: AbortSignal): Promise<void> => {
    for (;;) {
      const answers = await ask('DELETE', '/v2/positions?cancel_orders=true', asked);
      for (const { symbol, status, body } of answers)
        terminal.note(
          `  ${plainText(symbol)}: ${status < 300 ? 'close sent' : `refused (${status}): ${plainText(body?.message ?? 'no reason given')}`}`,
        );
      await sleep(1_000, undefined, { signal });
      const left = await listHeld();
      if (left.length === 0) return;
      terminal.note(
        `  still held: ${left.map(({ symbol, qty }) => `${symbol} ${qty}`).join(', ')}; asking again (Ctrl-C ends it)`,
      );
      await sleep(AGAIN_MS, undefined, { signal });
    }
  };
  try {
    await untilStopped(
      ask_once_more,
      'stopped; what was sent to the broker goes on there, and the halt file stays',
    );
  } finally {
    clearInterval(renewing);
    haltFile.write(why);
  }
  terminal.result(
    { act: 'flatten', direct: true, done: true, account_number, closed: positions },
    () =>
      `the account is flat; the desk is halted by ${haltFile.path}, and reconciles once it runs`,
  );
};
