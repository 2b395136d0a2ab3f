import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { addAlerts } from './commands/alerts.ts';
import { addApprove } from './commands/approve.ts';
import { addArm } from './commands/arm.ts';
import { addAudit } from './commands/audit.ts';
import { addCancel } from './commands/cancel.ts';
import { addClients, addSignals } from './commands/clients.ts';
import { addClaude } from './commands/claude.ts';
import { addClose } from './commands/close.ts';
import { addCycle } from './commands/cycle.ts';
import { addDay } from './commands/day.ts';
import { addDemo } from './commands/demo.ts';
import { addDoctor } from './commands/doctor.ts';
import { addDown } from './commands/down.ts';
import { addDrill } from './commands/drill.ts';
import { addFlatten } from './commands/flatten.ts';
import { addHalt } from './commands/halt.ts';
import { addInvite } from './commands/invite.ts';
import { addKey } from './commands/key.ts';
import { addLogs } from './commands/logs.ts';
import { addMcp } from './commands/mcp.ts';
import { addOperator } from './commands/operator.ts';
import { addOrders } from './commands/orders.ts';
import { addPause } from './commands/pause.ts';
import { addPlan } from './commands/plan.ts';
import { addPositions } from './commands/positions.ts';
import { addProposals } from './commands/proposals.ts';
import { addRebuild } from './commands/rebuild.ts';
import { addRehearse } from './commands/rehearse.ts';
import { addReject } from './commands/reject.ts';
import { addReport } from './commands/report.ts';
import { addResume } from './commands/resume.ts';
import { addRisk } from './commands/risk.ts';
import { addSoak } from './commands/soak.ts';
import { addStatus } from './commands/status.ts';
import { addUp } from './commands/up.ts';
import { addWhy } from './commands/why.ts';
import { commandName, typed } from './typed.ts';

const { version } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
) as { version: string };

/** What a person under stress looks for stands first. */
const groups: readonly (readonly [string, readonly ((program: Command) => void)[]])[] = [
  [
    'Stop (each says what it touches, and asks once):',
    [addHalt, addPause, addCancel, addFlatten, addClose],
  ],
  ['Go on:', [addResume, addArm, addApprove, addReject]],
  [
    'See:',
    [
      addStatus,
      addPositions,
      addOrders,
      addProposals,
      addRisk,
      addPlan,
      addAlerts,
      addWhy,
      addReport,
      addLogs,
    ],
  ],
  [
    'Run a desk:',
    [
      addUp,
      addDown,
      addCycle,
      addClaude,
      addMcp,
      addKey,
      addOperator,
      addAudit,
      addInvite,
      addClients,
      addSignals,
      addDoctor,
      addRebuild,
    ],
  ],
  ['Try and rehearse:', [addDemo, addRehearse, addDrill, addSoak, addDay]],
];

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
    .addHelpCommand(new Command('help [verb]').description('the same, or the help of a verb'))
    .configureHelp({
      subcommandTerm: (verb) =>
        [
          verb.name(),
          ...verb.registeredArguments.map((argument) =>
            argument.required ? `<${argument.name()}>` : `[${argument.name()}]`,
          ),
        ].join(' '),
    })
    .exitOverride()
    .configureOutput(is_json ? { writeErr: () => undefined } : {})
    .addHelpText(
      'after',
      `\nBegin with: ${typed('demo')}\nOf a desk on a server: CATALYST_URL=https://… and CATALYST_KEY_FILE=<file with the operator's key>\n\nExit codes: 0 ok, 1 failed, 2 usage, 3 unhealthy, 4 refused by risk, 78 bad configuration`,
    );
  for (const [heading, verbs] of groups) {
    program.commandsGroup(heading);
    for (const add of verbs) add(program);
  }
  return program;
};
