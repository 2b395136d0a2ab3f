import type { Command } from 'commander';
import { UsageError } from '../exit-codes.ts';
import { untilStopped } from '../stop-signals.ts';
import { addVerb, terminalOf } from '../verb.ts';

type Options = {
  seed: string;
  case?: string;
  quick?: boolean;
  pairs?: boolean;
  part?: string;
  list?: boolean;
  json?: boolean;
};

const readPart = (text: string): { number: number; of: number } => {
  const [number = 0, of = 0] = /^(\d{1,4})\/(\d{1,4})$/.exec(text)?.slice(1).map(Number) ?? [];
  if (number < 1 || number > of)
    throw new UsageError(`expected --part as a part of all, such as 2/10, was ${text}`);
  return { number, of };
};

/** `catalyst drill`: breaks a desk in the middle of its orders and counts the money. */
export const addDrill = (program: Command): void => {
  addVerb(
    program,
    'drill',
    'break a desk of its own in the middle of its orders (processes killed, networks cut, a broker in trouble) and judge the money after each case',
  )
    .option(
      '--seed <number>',
      'order of the cases and the day; the same seed repeats a failure',
      '1',
    )
    .option(
      '--case <name>',
      'only cases whose name holds this, or one of several separated by commas, such as kill_trading,exit_sent',
    )
    .option('--quick', 'each moment of a trade once, and the gravest faults of the broker')
    .option('--pairs', 'each two services killed at each moment, in place of all else')
    .option('--part <number/of>', 'only this part of the cases, such as 2/10: a long drill in goes')
    .option('--list', 'the cases by name, and what this machine leaves out; nothing is run')
    .action((options: Options) =>
      untilStopped(async (signal) => {
        const seed = Number(options.seed);
        if (!/^\d{1,9}$/.test(options.seed))
          throw new UsageError(`expected --seed as a whole number from 0, was ${options.seed}`);
        const { drill, listDrill } = await import('../drill/drill.ts');
        const is_pairs = options.pairs === true;
        if (options.list === true)
          return listDrill(
            { is_quick: options.quick === true, is_pairs, only: options.case },
            terminalOf(options),
          );
        await drill({
          seed,
          is_quick: options.quick === true,
          is_pairs,
          part: readPart(options.part ?? '1/1'),
          only: options.case,
          terminal: terminalOf(options),
          signal,
        });
      }),
    );
};
