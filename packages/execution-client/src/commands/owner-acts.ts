import { setTimeout as sleep } from 'node:timers/promises';
import { InvalidArgumentError, type Command } from 'commander';
import { userInfo } from 'node:os';
import { switchTrading } from '../flows/switch-trading.ts';
import { ClientError } from '../home/client-home.ts';
import { isRunLocked } from '../home/run-lock.ts';
import { startClient } from '../start-client.ts';
import { openLocalDatabase } from '../store/local-database.ts';
import { openPositions } from '../store/own-positions.ts';
import { createOwnerStore, type OwnerStore } from '../store/owner-store.ts';
import { readStatus } from '../client-status.ts';
import { describeStatus } from '../view/describe-status.ts';
import { unlockKeys, type Context } from './context.ts';

const readOnOff = (word: string): 'on' | 'off' => {
  if (word === 'on' || word === 'off') return word;
  throw new InvalidArgumentError('expected "trade on" or "trade off"');
};

const now = (): string => new Date().toISOString();

/** The owner's word, written where a running client reads it each second. */
const withOwner = async <T>(
  { home }: Context,
  work: (owner: OwnerStore) => Promise<T>,
): Promise<T> => {
  home.profile();
  const database = openLocalDatabase(home.database_path);
  try {
    return await work(createOwnerStore(database));
  } finally {
    database.close();
  }
};

const tellStatus = ({ home, terminal }: Context): void => {
  const database = openLocalDatabase(home.database_path);
  try {
    const kept = readStatus(database, home.profile(), now());
    // what a killed client saw last is no news of one that runs
    const status = isRunLocked(home.folder) ? kept : { ...kept, look: null };
    terminal.result(status, () => describeStatus(status, terminal));
  } finally {
    database.close();
  }
};

const FLAT_WITHIN_MS = 60_000;

/** Waits for the running client to have sold everything, or is that client where none runs. */
const sellEverything = async (context: Context): Promise<boolean> => {
  const { home } = context;
  const isRunning = isRunLocked(home.folder);
  const silent = () => undefined;
  const client = isRunning
    ? null
    : await startClient({
        home,
        keys: await unlockKeys(context),
        log: { debug: silent, info: silent, warn: silent, error: silent },
        listens: false,
      });
  const database = openLocalDatabase(home.database_path);
  const isFlat = (): boolean => openPositions(database).length === 0;
  const until = performance.now() + FLAT_WITHIN_MS;
  try {
    while (!isFlat() && performance.now() < until) await sleep(200);
    return isFlat();
  } finally {
    database.close();
    await client?.stop();
  }
};

export const addOwnerActs = (program: Command, context: () => Context): void => {
  const by = userInfo().username;

  program
    .command('trade')
    .argument('<on|off>', 'on ends the dry run', readOnOff)
    .description('end the dry run, or go back to it')
    .option('--account <number>', 'of the account, instead of being asked to type it')
    .action(async (word: 'on' | 'off', { account }: { account?: string }) => {
      const given = context();
      const { home, terminal } = given;
      const { account_number, account_kind } = home.profile();
      const typed =
        word === 'off'
          ? account_number
          : (account ??
            (await terminal.ask(
              `From now on signals are ordered with ${account_kind === 'live' ? 'REAL MONEY' : `${account_kind} money`}, within ${home.limits_path}. Type the account's number (${account_number}) to say yes`,
            )));
      await switchTrading(home, { is_on: word === 'on', account_number: typed, at: now() });
      tellStatus(given);
    });

  program
    .command('pause [reason...]')
    .description('no new entries; what is held stays protected and is sold before the close')
    .action(async (reason: string[]) => {
      const given = context();
      await withOwner(given, (owner) =>
        owner.change({ act: 'pause', reason: reason.join(' ') || 'by its owner', by }, now()),
      );
      tellStatus(given);
    });

  program
    .command('resume [reason...]')
    .description('enter again after a pause, a flatten or the loss of a day')
    .action(async (reason: string[]) => {
      const given = context();
      await withOwner(given, (owner) =>
        owner.change({ act: 'resume', reason: reason.join(' ') || 'by its owner', by }, now()),
      );
      tellStatus(given);
    });

  program
    .command('flatten [reason...]')
    .description('sell everything that the client holds, now, and enter nothing until you resume')
    .action(async (reason: string[]) => {
      const given = context();
      await withOwner(given, (owner) =>
        owner.change({ act: 'flatten', reason: reason.join(' ') || 'by its owner', by }, now()),
      );
      const isFlat = await sellEverything(given);
      tellStatus(given);
      if (!isFlat)
        throw new ClientError(
          "not everything is sold yet: it is tried again each second while a client runs; outside of the exchange's hours at the next open",
        );
    });

  program
    .command('status')
    .description('how the client stands: desk, trades, result, last decisions')
    .action(() => {
      const given = context();
      given.home.profile();
      tellStatus(given);
    });
};
