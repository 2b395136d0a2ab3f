import { rebuildResult, type RebuildResult } from '@catalyst/contracts';
import { checkKeptBook, homeFolder, readRunFile } from '@catalyst/platform';
import { reachDesk } from './desk-connection.ts';
import { UnhealthyError } from './exit-codes.ts';
import { plainValues } from './plain-values.ts';
import { namedServer } from './server-connection.ts';
import type { Terminal } from './terminal.ts';
import { typed } from './typed.ts';

/** The book of the desk that runs, else of the last replay or the desk that is stopped, made again from its history. */
export const rebuildBook = async ({ note }: Terminal): Promise<RebuildResult> => {
  const home = homeFolder();
  if (namedServer() !== undefined || readRunFile(home) !== undefined)
    return reachDesk().clients.trading.rebuildBook({});
  note('no desk is running; reading the book that was kept …');
  const found = await checkKeptBook(home);
  if (found === undefined)
    throw new UnhealthyError(
      `there is no book to check: no desk is running, and none was kept; run ${typed('demo')} first`,
    );
  note(found.of === 'replay' ? 'it is that of the last replay' : 'it is that of the desk');
  return plainValues(rebuildResult.parse(found.result));
};
