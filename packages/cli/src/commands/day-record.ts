import { join, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import type { RecordingFeed } from '@catalyst/simulator';
import { UnhealthyError, UsageError } from '../exit-codes.ts';
import { addVerb, terminalOf } from '../verb.ts';
import { explainFaults } from './explain-faults.ts';
import { describeDay, readDate, readSymbols, refuseFull, summarise } from './day-summary.ts';

type Options = { symbols: string[]; feed: RecordingFeed; out?: string; json?: boolean };

const record = async (date: string, options: Options): Promise<void> => {
  if (options.symbols.length === 0)
    throw new UsageError(
      '--symbols names none; expected symbols separated by commas, such as AAPL,MSFT',
    );
  const out_dir = resolve(options.out ?? date);
  refuseFull(out_dir);
  const [
    { alpacaEnvironment, ConfigError, loadConfig },
    { homeFolder },
    { recordDay, RecordingError },
  ] = await Promise.all([
    import('@catalyst/service-kit/calls'),
    import('@catalyst/platform'),
    import('@catalyst/simulator'),
  ]);
  const alpaca = loadConfig(alpacaEnvironment.omit({ ALPACA_STREAM_URL: true }), process.env);
  const terminal = terminalOf(options);
  const progress = terminal.progress();
  try {
    const { day, raw_dir } = await explainFaults(() =>
      recordDay({
        trade_date: date,
        symbols: options.symbols,
        feed: options.feed,
        key: alpaca.ALPACA_API_KEY,
        secret: alpaca.ALPACA_SECRET_KEY,
        trading_url: alpaca.ALPACA_TRADING_URL,
        data_url: alpaca.ALPACA_DATA_URL,
        cache_dir: join(homeFolder(), 'recordings'),
        out_dir,
        on_progress: ({ done_ratio, text }) => progress.update(done_ratio, text),
      }),
    );
    progress.finish();
    const summary = summarise(day, out_dir);
    terminal.result({ ...summary, raw_dir }, () => describeDay(summary));
  } catch (error) {
    progress.finish();
    if (!(error instanceof RecordingError)) throw error;
    if (error.failure === 'keys')
      throw new ConfigError([`ALPACA_API_KEY and ALPACA_SECRET_KEY: ${error.message}`]);
    if (error.failure === 'unavailable') throw new UnhealthyError(error.message);
    throw new UsageError(
      options.feed === 'sip' && /\bSIP\b/.test(error.message)
        ? `${error.message}; --feed iex records the trades of IEX alone`
        : error.message,
    );
  }
};

/** `catalyst day record`: a date that really was, from Alpaca's market data with one's own keys. */
export const addDayRecord = (day: Command): void => {
  addVerb(
    day,
    'record',
    'record a past date from Alpaca with your keys: bars, news, splits and dividends; continues where it broke off',
  )
    .argument('<date>', 'a past trading day such as 2026-03-10', readDate)
    .requiredOption('--symbols <list>', 'which stocks, separated by commas', readSymbols)
    .addOption(
      new Option(
        '--feed <feed>',
        "trades of all exchanges (a past day's are on the free plan too), or of IEX alone, a few per cent of them",
      )
        .choices(['sip', 'iex'])
        .default('sip'),
    )
    .option('--out <folder>', 'where it is written; otherwise ./<date>')
    .action(record);
};
