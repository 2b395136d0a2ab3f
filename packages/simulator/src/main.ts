import { Command, InvalidArgumentError } from 'commander';
import { readClockKind } from './clock/clock-kind.ts';
import { DayError } from './day/day-error.ts';
import { DEFAULT_DAY, findDay } from './find-day.ts';
import { startSimulator, type SimulatorFacts } from './start-simulator.ts';

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

const wholeNumber = (least: number, most: number) => (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most) throw new InvalidArgumentError(`expected a whole number from ${least} to ${most}.`);
  return value;
};
const clockTime = (text: string): string => {
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(text)) throw new InvalidArgumentError('expected hh:mm, New York time.');
  return text;
};
const clockKind = (text: string): string => {
  try {
    readClockKind(text);
  } catch (error) {
    throw new InvalidArgumentError(`${(error as RangeError).message}.`);
  }
  return text;
};
const dollars = (text: string): string => {
  if (!/^\d+(\.\d+)?$/.test(text)) throw new InvalidArgumentError('expected dollars, such as 100000.');
  return text;
};
const share = (text: string): number => {
  const value = Number(text);
  if (!(value > 0 && value <= 1)) throw new InvalidArgumentError('expected a ratio above 0 and at most 1.');
  return value;
};

const program = new Command('simulator')
  .description("An exchange that speaks Alpaca's wire protocol over one recorded day, and an SMTP server that keeps what it is sent.")
  .option('--day <day>', "the day's folder, or the name of a bundled day", DEFAULT_DAY)
  .option('--port <port>', 'HTTP and WebSocket port on 127.0.0.1; 0 takes a free one', wholeNumber(0, 65_535), 0)
  .option('--clock <clock>', 'stepped: moves only when told (POST /sim/step); scaled:N: N simulated seconds a second; real', clockKind, 'stepped')
  .option('--at <hh:mm>', 'New York time at which the day begins', clockTime, '09:25')
  .option('--mail-dir <dir>', 'keep caught mail here as .eml files')
  .option('--accounts <count>', 'number of accounts', wholeNumber(1, 100), 1)
  .option('--cash <dollars>', 'opening cash of each account', dollars, '100000')
  .option('--volume-share <ratio>', "share of a minute's volume that orders may take", share)
  .option('--rate-limit <requests>', 'requests a simulated minute and key; refuse what is beyond', wholeNumber(1, 1_000_000))
  .option('--silent-oco-cancels', 'do not stream the cancel of a stop whose target has filled')
  .option('--json', 'print one line of JSON once ready')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : EXIT_USAGE))
  .parse();

const options = program.opts<{
  day: string;
  port: number;
  at: string;
  clock: string;
  mailDir?: string;
  accounts: number;
  cash: string;
  volumeShare?: number;
  rateLimit?: number;
  silentOcoCancels?: boolean;
  json?: boolean;
}>();

const { SIM_KEY_ID: keyId, SIM_SECRET_KEY: secretKey } = process.env;

try {
  const simulator = await startSimulator({
    day: await findDay(options.day),
    port: options.port,
    at: options.at,
    clock: options.clock,
    mail_dir: options.mailDir ?? null,
    accounts: options.accounts,
    cash: options.cash,
    stream_oco_cancels: options.silentOcoCancels !== true,
    rate_limit: options.rateLimit ?? null,
    ...(options.volumeShare === undefined ? {} : { volume_share: options.volumeShare }),
    ...(keyId && secretKey ? { credentials: { key_id: keyId, secret_key: secretKey } } : {}),
  });
  const stop = (): void => void simulator.close().then(() => process.exit(0));
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  const { url, stream_url, smtp, day, trade_date, accounts } = simulator;
  const facts: SimulatorFacts = { url, stream_url, smtp, day, trade_date, accounts };
  if (options.json) {
    console.log(JSON.stringify(facts));
  } else {
    console.log(`${trade_date} at ${url}, stream ${stream_url}, mail ${smtp}`);
    for (const account of accounts) console.log(`account ${account.account_number}: key ${account.key_id}, secret ${account.secret_key}`);
  }
} catch (error) {
  if (!(error instanceof DayError) && (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
  console.error((error as Error).message);
  process.exitCode = EXIT_FAILED;
}
