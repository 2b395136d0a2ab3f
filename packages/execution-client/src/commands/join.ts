import type { Invitation } from '@catalyst/contracts';
import { describeIssues } from '@catalyst/runtime';
import type { Command } from 'commander';
import type { z } from 'zod';
import { ownerLimits, type OwnerLimits } from '../domain/owner-limits.ts';
import { isRunLocked } from '../home/run-lock.ts';
import { joinDesk, openInvitation, renewKey } from '../flows/join-desk.ts';
import { tryBrokerKeys, type TriedBroker } from '../flows/try-broker-keys.ts';
import { brokerKeys, type BrokerKeys } from '../home/broker-keys.ts';
import { ClientError } from '../home/client-home.ts';
import { askLimits } from './ask-limits.ts';
import { readNamed, type Context } from './context.ts';

interface Options {
  brokerKeys?: string;
  limits?: string;
  passphraseFile?: string;
  simulatedBroker?: string;
  account?: string;
}

const fromFile = <S extends z.ZodType>(path: string, schema: S): z.output<S> => {
  const text = readNamed(path);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ClientError(`${path} is no JSON: ${(error as Error).message}`);
  }
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  throw new ClientError(
    `${path} is not as it must be: ${describeIssues('', read.error.issues, value)}`,
  );
};

const askKeys = async (
  { terminal }: Context,
  { brokerKeys: path }: Options,
): Promise<BrokerKeys> => {
  if (path !== undefined) return fromFile(path, brokerKeys);
  terminal.note(
    'The keys of your own account at Alpaca (make paper keys at https://app.alpaca.markets, they begin with PK). They stay on this machine.',
  );
  return {
    key_id: await terminal.ask('Key id'),
    secret_key: await terminal.ask('Secret key', { is_secret: true }),
  };
};

const askPassphrase = async (
  { terminal }: Context,
  { passphraseFile }: Options,
): Promise<string | null> => {
  if (passphraseFile !== undefined) return readNamed(passphraseFile).trim();
  if (!terminal.can_ask) return null;
  const typed = await terminal.ask(
    'A passphrase for the keys on this disk (Enter: none; they are then readable by your user alone)',
    { fallback: '', is_secret: true },
  );
  if (typed === '') return null;
  if ((await terminal.ask('The same again', { is_secret: true })) !== typed)
    throw new ClientError('the two passphrases differ: join again, nothing was saved');
  return typed;
};

/** Real money wants a second act: the account's number, typed. */
const confirmLive = async (
  { terminal }: Context,
  { account_kind, account_number }: TriedBroker,
  { account }: Options,
): Promise<void> => {
  if (account_kind !== 'live') return;
  const typed =
    account ??
    (await terminal.ask('These keys trade REAL MONEY. Type the number of the account to go on'));
  if (typed !== account_number)
    throw new ClientError(`the keys are those of account ${account_number}, not ${typed}`);
};

const describe = ({ account_kind, account_number, equity_usd, blocked, held }: TriedBroker) =>
  [
    `account ${account_number} (${account_kind === 'live' ? 'REAL MONEY' : account_kind}), ${equity_usd} dollars${blocked === null ? '' : `; it takes no orders: ${blocked}`}`,
    ...(held.length === 0
      ? []
      : [`it holds ${held.join(', ')}: the client leaves these alone and never trades them`]),
  ].join('\n');

/** With a new invitation of the same desk: a new key, and all else as it was. */
const joinAgain = async ({ home, terminal }: Context, invitation: Invitation): Promise<void> => {
  const { address, account_kind, account_number } = home.profile();
  if (invitation.address !== address)
    throw new ClientError(
      `${home.folder} has joined another desk, ${address}: give this one a folder of its own with CATALYST_CLIENT_HOME`,
    );
  if (isRunLocked(home.folder))
    throw new ClientError('a client runs with the key that it has: stop that one first');
  const { name, scope } = await renewKey(home, invitation);
  terminal.result(
    { name, scope, account_kind, account_number, folder: home.folder, is_renewed: true },
    () =>
      `the desk knows this client as ${name} by a new key; broker keys, limits and all that it holds are as they were\nnext: catalyst-client run`,
  );
};

export const addJoin = (program: Command, context: () => Context): void => {
  program
    .command('join <string>')
    .description('turn an invitation into a client of your own: keys, limits, dry run')
    .option('--broker-keys <file>', 'JSON with key_id and secret_key, instead of being asked')
    .option('--limits <file>', 'JSON with your limits, instead of being asked')
    .option('--passphrase-file <file>', 'keep the broker keys under the passphrase in it')
    .option('--account <number>', 'of the live account, instead of being asked')
    .option('--simulated-broker <url>', 'a simulator on this machine instead of Alpaca')
    .action(async (text: string, options: Options) => {
      const given = context();
      const { home, terminal } = given;
      const invitation = openInvitation(text);
      if (home.hasProfile()) return joinAgain(given, invitation);
      terminal.note(`desk ${new URL(invitation.address).host}`);
      const keys = await askKeys(given, options);
      const broker = await tryBrokerKeys(keys, options.simulatedBroker ?? null);
      terminal.note(describe(broker));
      await confirmLive(given, broker, options);
      const limits: OwnerLimits =
        options.limits === undefined
          ? await askLimits(terminal)
          : fromFile(options.limits, ownerLimits);
      const passphrase = await askPassphrase(given, options);
      const { name, scope } = await joinDesk({
        home,
        invitation,
        broker,
        keys,
        passphrase,
        limits,
      });
      const { account_kind, account_number } = broker;
      terminal.result(
        {
          name,
          scope,
          account_kind,
          account_number,
          folder: home.folder,
          keys: passphrase === null ? 'plain' : 'encrypted',
          is_trading: false,
        },
        () =>
          [
            `joined as ${name}; everything is in ${home.folder}, readable by your user alone`,
            passphrase === null
              ? 'your broker keys lie there as they are: whoever can read your files can read them'
              : 'your broker keys are encrypted under your passphrase, which is asked for at each start',
            `your limits: ${home.limits_path} (edit it at any time; it is read again at once)`,
            'DRY RUN: signals are decided and nothing is ordered, until you say: catalyst-client trade on',
            'next: catalyst-client run',
          ].join('\n'),
      );
    });
};
