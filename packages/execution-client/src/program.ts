import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { createContext } from './commands/context.ts';
import { addDoctor } from './commands/doctor.ts';
import { addHistory } from './commands/history.ts';
import { addJoin } from './commands/join.ts';
import { addOwnerActs } from './commands/owner-acts.ts';
import { addRun } from './commands/run.ts';

const { version } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
) as { version: string };

/** The whole command line of a client. */
export const createProgram = (): Command => {
  const program = new Command('catalyst-client')
    .description(
      "Follows a desk's signals on your own account, within your own limits. Broker keys never leave this machine.",
    )
    .version(version, '-v, --version')
    .option('--json', 'one JSON object on standard output; of run one for each event')
    .option('--home <folder>', 'where the client lives (CATALYST_CLIENT_HOME; ~/.catalyst-client)')
    .showSuggestionAfterError()
    .exitOverride()
    .addHelpText(
      'after',
      '\nBegin with: catalyst-client join <the string of your invitation>\nExit codes: 0 ok, 1 failed, 2 usage',
    );
  const context = () => createContext(program.opts<{ json?: boolean; home?: string }>());
  for (const add of [addJoin, addRun, addOwnerActs, addHistory, addDoctor]) add(program, context);
  return program;
};
