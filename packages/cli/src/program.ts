import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { addArm } from './commands/arm.ts';
import { addCycle } from './commands/cycle.ts';
import { addDay } from './commands/day.ts';
import { addDemo } from './commands/demo.ts';
import { addDoctor } from './commands/doctor.ts';
import { addDown } from './commands/down.ts';
import { addLogs } from './commands/logs.ts';
import { addRehearse } from './commands/rehearse.ts';
import { addReport } from './commands/report.ts';
import { addStatus } from './commands/status.ts';
import { addUp } from './commands/up.ts';
import { addWhy } from './commands/why.ts';
import { commandName, typed } from './typed.ts';

const { version } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
) as { version: string };

/**
 * The whole command line; throws CommanderError for wrong usage, which is told in words unless
 * `is_json` leaves that to the caller.
 */
export const createProgram = ({ is_json = false } = {}): Command => {
  const program = new Command(commandName())
    .description('A news-driven day-trading desk for US equities.')
    .version(version, '-v, --version')
    .showSuggestionAfterError()
    .showHelpAfterError(
      `(${typed('--help')} lists the verbs; ${typed('<verb> --help')} its options)`,
    )
    .exitOverride()
    .configureOutput(is_json ? { writeErr: () => undefined } : {})
    .addHelpText(
      'after',
      `\nBegin with: ${typed('demo')}\n\nExit codes: 0 ok, 1 failed, 2 usage, 3 unhealthy, 4 refused by risk, 78 bad configuration`,
    );
  for (const add of [
    addDemo,
    addRehearse,
    addUp,
    addDown,
    addStatus,
    addLogs,
    addDoctor,
    addArm,
    addCycle,
    addReport,
    addWhy,
    addDay,
  ])
    add(program);
  return program;
};
