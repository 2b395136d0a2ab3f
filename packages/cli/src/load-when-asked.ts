import { createRequire } from 'node:module';
import type * as Contracts from '@catalyst/contracts';
import type * as CliProgress from 'cli-progress';
import type CliTable from 'cli-table3';

const require = createRequire(import.meta.url);

/**
 * The contracts, with all of zod behind them, for what reads an option and cannot wait: loaded where
 * the option is given, and not by every command.
 */
export const loadContracts = (): typeof Contracts =>
  require('@catalyst/contracts') as typeof Contracts;

/** Draws tables. */
export const loadTable = (): typeof CliTable => require('cli-table3') as typeof CliTable;

/** Draws a bar that moves. */
export const loadProgress = (): typeof CliProgress => require('cli-progress') as typeof CliProgress;
