import { parseLine, type Line } from '@catalyst/domain';
import { Command, InvalidArgumentError, Option } from 'commander';
import { readClockKind } from './clock/clock-kind.ts';
import { DEFAULT_DAY } from './find-day.ts';
import type { Credentials } from './find-account.ts';
import type { AnswerDelay } from './http/answer-delay.ts';
import { MOST_BAR_LATE_MS } from './market/market-options.ts';
import type { DataPlan } from './stream/serve-streams.ts';

/** Exit code of a wrong option. */
const EXIT_USAGE = 2;

const wholeNumber =
  (least: number, most: number) =>
  (text: string): number => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= least && value <= most))
      throw new InvalidArgumentError(`expected a whole number from ${least} to ${most}.`);
    return value;
  };
const clockTime = (text: string): string => {
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(text))
    throw new InvalidArgumentError('expected hh:mm from 00:00 to 23:59, New York time.');
  return text;
};
const delayRange = (text: string): AnswerDelay => {
  const [least, most] = /^(\d{1,5})-(\d{1,5})$/.exec(text)?.slice(1).map(Number) ?? [];
  if (least === undefined || most === undefined || least > most)
    throw new InvalidArgumentError('expected milliseconds from and to, such as 20-60.');
  return { least_ms: least, most_ms: most };
};
/** What `read` makes of an option, or its RangeError as commander wants it. */
const readBy =
  <T>(read: (text: string) => T) =>
  (text: string): T => {
    try {
      return read(text);
    } catch (error) {
      throw new InvalidArgumentError(`${(error as RangeError).message}.`);
    }
  };
const clockKind = (text: string): string => {
  readClockKind(text);
  return text;
};
const dollars = (text: string): string => {
  if (!/^\d+(\.\d+)?$/.test(text))
    throw new InvalidArgumentError('expected dollars, such as 100000.');
  return text;
};
const share = (text: string): number => {
  const value = /^\d*\.?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value > 0 && value <= 1))
    throw new InvalidArgumentError('expected a ratio above 0 and at most 1.');
  return value;
};

const factor = (text: string): number => {
  const value = /^\d*\.?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= 0 && value <= 100))
    throw new InvalidArgumentError('expected a number from 0 to 100.');
  return value;
};

/** The program's options as commander gives them. */
export interface ProgramOptions {
  day: string;
  port: number;
  at: string;
  clock: string;
  line?: Line;
  mailDir?: string;
  accounts: number;
  cash: string;
  volumeShare?: number;
  rateLimit?: number;
  like?: 'paper';
  barLateMs?: number;
  lateTrades?: number;
  iexQuotes?: 'own' | 'consolidated';
  answerMs?: AnswerDelay;
  silentOcoCancels?: boolean;
  fills?: 'next-bar' | 'at-once';
  limitQueue?: 'none' | 'through';
  latency?: number;
  impact?: number;
  limitCollar?: number;
  dataConnections?: number;
  dataPlan?: DataPlan;
  faults?: string;
  ledger?: string;
  tls?: boolean;
  json?: boolean;
  /** Keys of the first account, from the environment. */
  credentials?: Credentials;
}

/** The process that the program runs as. */
const thisProcess = {
  end: (code: number): never => process.exit(code),
  writeErr: (text: string): void => void process.stderr.write(text),
};

/**
 * Reads the command line and the environment; `--help` ends the process with 0, a wrong option with
 * 2 and a sentence on standard error.
 */
export const readProgramOptions = (
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
  { end, writeErr } = thisProcess,
): ProgramOptions => {
  const program = new Command('catalyst-simulator')
    .description(
      "An exchange that speaks Alpaca's wire protocol over one recorded day, and an SMTP server that keeps what it is sent. Everything is simulated.",
    )
    .option('--day <day>', "the day's folder, or the name of a bundled day", DEFAULT_DAY)
    .option(
      '--port <port>',
      'HTTP and WebSocket port on 127.0.0.1; 0 takes a free one',
      wholeNumber(0, 65_535),
      0,
    )
    .option(
      '--clock <clock>',
      'stepped: moves only when told (POST /sim/step); scaled:N: N simulated seconds a second; real; line: as --line says',
      readBy(clockKind),
      'stepped',
    )
    .option(
      '--line <w0,s0,f>',
      'the clock is at s0 when the wall is at w0 (milliseconds since 1970) and f times as fast',
      readBy(parseLine),
    )
    .option('--at <hh:mm>', 'New York time at which the day begins', clockTime, '09:25')
    .option('--mail-dir <dir>', 'keep caught mail here as .eml files')
    .option('--accounts <count>', 'number of accounts', wholeNumber(1, 100), 1)
    .option('--cash <dollars>', 'opening cash of each account', dollars, '100000')
    .option('--volume-share <ratio>', "share of a minute's volume that orders may take", share)
    .option(
      '--rate-limit <requests>',
      'requests a simulated minute, account and API; refuse what is beyond',
      wholeNumber(1, 1_000_000),
    )
    .addOption(
      new Option(
        '--like <account>',
        "paper: --data-plan basic --rate-limit 200 --bar-late-ms 1000 --late-trades 0.05 --iex-quotes own --answer-ms 20-60, as a new paper account of Alpaca's, where nothing else is said",
      ).choices(['paper']),
    )
    .option(
      '--bar-late-ms <ms>',
      'simulated milliseconds after its minute at which a bar can be read, on the average',
      wholeNumber(0, MOST_BAR_LATE_MS),
    )
    .option(
      '--late-trades <ratio>',
      "part of a symbol's minutes in which a trade is reported late and the bar is told anew at hh:mm:30",
      share,
    )
    .addOption(
      new Option(
        '--iex-quotes <whose>',
        'consolidated (as usual): the feed iex shows all quotes under its code; own: those of IEX alone, fewer and older',
      ).choices(['own', 'consolidated']),
    )
    .option(
      '--answer-ms <least-most>',
      'milliseconds (real ones) that each answer waits, such as 20-60',
      delayRange,
    )
    .option('--silent-oco-cancels', 'do not stream the cancel of a stop whose target has filled')
    .addOption(
      new Option(
        '--fills <when>',
        'next-bar: orders meet bars that begin after them; at-once: what the quote fills is filled on arrival (as usual on a running clock)',
      ).choices(['next-bar', 'at-once']),
    )
    .addOption(
      new Option(
        '--limit-queue <kind>',
        'through (as usual): a limit fills only when the market trades beyond it; none: a touch fills',
      ).choices(['none', 'through']),
    )
    .option(
      '--latency <ms>',
      'simulated milliseconds for which a cancel or a replacement is pending',
      wholeNumber(0, 3_600_000),
    )
    .option(
      '--impact <factor>',
      "price impact: times the bar's range and the root of the share of its volume; 0.6 as usual, 0 for none",
      factor,
    )
    .option(
      '--limit-collar <ratio>',
      'refuse limits further from the last trade than this part of it',
      share,
    )
    .option(
      '--data-connections <count>',
      'connections that an account may have to one data stream',
      wholeNumber(1, 1_000),
    )
    .addOption(
      new Option(
        '--data-plan <plan>',
        'plus (as usual): everything; basic: no live data of all exchanges, and 30 symbols with trades and quotes a stream',
      ).choices(['basic', 'plus']),
    )
    .option('--faults <file>', 'faults to begin with, YAML or JSON')
    .option('--ledger <file>', 'keep the ledger in this new file as JSON lines')
    .option('--tls', 'speak TLS on the port too, with a certificate made at start')
    .option('--json', 'print one line of JSON once ready')
    .showSuggestionAfterError(false)
    .configureOutput({ writeErr })
    .exitOverride((error) => end(error.exitCode === 0 ? 0 : EXIT_USAGE))
    .parse([...argv]);
  const { clock, line } = program.opts<ProgramOptions>();
  if ((clock === 'line') !== (line !== undefined))
    program.error('error: expected --clock line and --line w0,s0,f together, or neither');
  const { SIM_KEY_ID: keyId, SIM_SECRET_KEY: secretKey } = env;
  if (Boolean(keyId) !== Boolean(secretKey))
    program.error(
      `error: expected SIM_KEY_ID and SIM_SECRET_KEY together, only ${keyId ? 'SIM_KEY_ID' : 'SIM_SECRET_KEY'} is set`,
    );
  return {
    ...program.opts<ProgramOptions>(),
    ...(keyId && secretKey ? { credentials: { key_id: keyId, secret_key: secretKey } } : {}),
  };
};
