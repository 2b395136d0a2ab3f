import { InvalidArgumentError, Option, type Command } from 'commander';
import type { SessionMode } from '@catalyst/contracts';
import { untilStopped } from '../stop-signals.ts';
import { addVerb, terminalOf } from '../verb.ts';
import { session_modes } from './cycle.ts';

type Options = { day?: string; mode: SessionMode; friends: number; json?: boolean };

const most_friends = 8;
const readFriends = (typed: string): number => {
  const count = Number(typed);
  if (Number.isInteger(count) && count >= 0 && count <= most_friends) return count;
  throw new InvalidArgumentError(`expected a number from 0 to ${most_friends}.`);
};

/** `catalyst demo`: a recorded trading day through the whole desk, on this machine alone. */
export const addDemo = (program: Command): void => {
  addVerb(
    program,
    'demo',
    'replay a recorded trading day through all nine services, on this machine alone',
  )
    .option(
      '--day <name or folder>',
      'the recorded day; otherwise the one that ships with the project',
    )
    .addOption(
      new Option(
        '--mode <mode>',
        'autonomous trades by itself, supervised proposes and waits for a person',
      )
        .choices(session_modes)
        .default('autonomous'),
    )
    .option(
      '--friends <n>',
      'friends who follow its signals on accounts of their own, minute by minute',
      readFriends,
      0,
    )
    .action((options: Options) =>
      untilStopped(async (signal) => {
        const { runDemo } = await import('../demo/run-demo.ts');
        await runDemo({
          day: options.day,
          session_mode: options.mode,
          friends: options.friends,
          terminal: terminalOf(options),
          signal,
        });
      }),
    );
};
