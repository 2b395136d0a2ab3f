import type { Command } from 'commander';
import { readReason } from './read-reason.ts';
import { createTerminal, type Terminal } from './terminal.ts';
import { typed } from './typed.ts';

/** Adds a verb with what every verb has: --json, and a terminal made for it. */
export const addVerb = (parent: Command, declaration: string, summary: string): Command =>
  parent
    .command(declaration)
    .summary(summary)
    .description(summary)
    .showHelpAfterError(
      `(${typed(`${parent.parent === null ? '' : `${parent.name()} `}${declaration} --help`)} lists its options)`,
    )
    .option('--json', 'print the result as one line of JSON');

/** The terminal of the verb that runs. */
export const terminalOf = (options: { json?: boolean }): Terminal =>
  createTerminal({ is_json: options.json === true });

/** Adds a verb that stops: why, for the record, and whether to ask. */
export const addStop = (program: Command, name: string, summary: string): Command =>
  addVerb(program, name, summary)
    .option('--reason <text>', 'why, for the record', readReason, 'asked for by the operator')
    .option('-y, --yes', 'do not ask');
