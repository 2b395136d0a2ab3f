import type { ClientLimits, FeatureFlag } from '@catalyst/contracts';
import { InvalidArgumentError, type Command } from 'commander';
import { loadContracts } from '../load-when-asked.ts';
import { readReason } from '../read-reason.ts';
import { addVerb, terminalOf } from '../verb.ts';
import { readName } from '../read-name.ts';
import { readRatio } from './invite.ts';

const readAmount = (text: string): number => {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value;
  throw new InvalidArgumentError('expected a number');
};
const readList = (text: string): string[] => text.split(',').filter((part) => part !== '');
const readFlag = (text: string): FeatureFlag => {
  const { featureFlag } = loadContracts();
  const read = featureFlag.safeParse(text);
  if (read.success) return read.data;
  throw new InvalidArgumentError(`expected one of ${featureFlag.options.join(', ')}`);
};
const readSwitch = (text: string): boolean => {
  if (text === 'on' || text === 'off') return text === 'on';
  throw new InvalidArgumentError('expected on or off');
};
const why = (command: Command, reason: string): Command =>
  command.option('--reason <text>', 'why, for the record', readReason, reason);

const load = async () => {
  const [
    { operatorName, reachDesk },
    { describeClient, describeClients },
    { AppError },
    { typed },
  ] = await Promise.all([
    import('../desk-connection.ts'),
    import('../describe-clients.ts'),
    import('@catalyst/service-kit/calls'),
    import('../typed.ts'),
  ]);
  const { workflow } = reachDesk().clients;
  const find = async (name: string): Promise<string> => {
    const { clients } = await workflow.listSignalClients();
    const found = clients.find((client) => client.name === name);
    if (!found)
      throw new AppError('NOT_FOUND', `there is no client ${name}; see: ${typed('clients list')}`);
    return found.client_id;
  };
  return { workflow, find, by: operatorName(), describeClient, describeClients };
};

interface LimitOptions {
  maxPositionUsd?: number;
  maxDailyLossUsd?: number;
  maxPositions?: number;
  minConfidence?: number;
  addresses?: string[];
  pause?: boolean;
  reason: string;
  json?: boolean;
}

/** `catalyst clients …`: who receives the signals, how far each is, and what each may do at most. */
export const addClients = (program: Command): void => {
  const clients = program
    .command('clients')
    .summary('show, limit or revoke the clients that receive signals')
    .description(
      'Friends who receive the signals: how far each is, what each may do at most, and its end.',
    );

  addVerb(clients, 'list', 'show the clients, how far each is, and how its trades go').action(
    async (options: { json?: boolean }) => {
      const { workflow, describeClients } = await load();
      const listed = await workflow.listSignalClients();
      const terminal = terminalOf(options);
      terminal.result(listed, () => describeClients(listed.clients, listed.seq, terminal));
    },
  );
  addVerb(clients, 'show', 'show a client with what holds for it')
    .argument('<name>', 'the client', readName)
    .action(async (name: string, options: { json?: boolean }) => {
      const { workflow, find, describeClient } = await load();
      const shown = await workflow.showSignalClient({ params: { client_id: await find(name) } });
      terminalOf(options).result(shown, () => describeClient(shown.standing, shown.configuration));
    });
  why(
    addVerb(clients, 'revoke', "end a client's key and its open stream, for good"),
    'revoked by the operator',
  )
    .argument('<name>', 'the client', readName)
    .action(async (name: string, options: { reason: string; json?: boolean }) => {
      const { workflow, find, by } = await load();
      const body = { by, reason: options.reason };
      const ended = await workflow.revokeClient({ params: { client_id: await find(name) }, body });
      terminalOf(options).result(ended, () => `${name}: ${ended.state}`);
    });
  why(
    addVerb(clients, 'limits', 'lower what a client may do; what is not named is lifted'),
    'set by the operator',
  )
    .argument('<name>', 'the client', readName)
    .option('--max-position-usd <dollars>', 'size of a position, 100 to 100000', readAmount)
    .option('--max-daily-loss-usd <dollars>', 'loss of a day, 50 to 50000', readAmount)
    .option('--max-positions <count>', 'positions at once, 1 to 20', readAmount)
    .option('--min-confidence <ratio>', 'send nothing below this confidence', readRatio)
    .option(
      '--addresses <list>',
      'addresses and CIDR blocks that its key is taken from, with commas between them',
      readList,
    )
    .option('--pause', 'enter nothing; closes go on')
    .action(async (name: string, options: LimitOptions) => {
      const { workflow, find, by, describeClient } = await load();
      const limits: ClientLimits = {
        risk: {
          ...(options.maxPositionUsd !== undefined && {
            max_position_size_usd: options.maxPositionUsd,
          }),
          ...(options.maxDailyLossUsd !== undefined && {
            max_daily_loss_usd: options.maxDailyLossUsd,
          }),
          ...(options.maxPositions !== undefined && { max_positions: options.maxPositions }),
        },
        paused: options.pause === true,
        ...(options.minConfidence !== undefined && { min_confidence: options.minConfidence }),
        allowed_addresses: options.addresses ?? [],
      };
      const params = { client_id: await find(name) };
      await workflow.limitClient({ params, body: { limits, by, reason: options.reason } });
      const shown = await workflow.showSignalClient({ params });
      terminalOf(options).result(shown, () => describeClient(shown.standing, shown.configuration));
    });
  why(addVerb(clients, 'flags', 'show the feature flags, or switch one'), 'set by the operator')
    .argument('[flag]', 'auto_execution or multiple_sessions', readFlag)
    .argument('[switch]', 'on or off', readSwitch)
    .option(
      '--percentage <share>',
      'of the clients, by a stable hash of their ids',
      readAmount,
      100,
    )
    .option(
      '--allow <names>',
      'clients that have it in any case, with commas between them',
      readList,
      [],
    )
    .action(
      async (
        flag: FeatureFlag | undefined,
        is_enabled: boolean | undefined,
        options: { percentage: number; allow: string[]; reason: string; json?: boolean },
      ) => {
        const { workflow, by } = await load();
        if (flag !== undefined && is_enabled !== undefined)
          await workflow.setFlag({
            params: { flag },
            body: {
              is_enabled,
              percentage: options.percentage,
              allow_list: options.allow,
              by,
              reason: options.reason,
            },
          });
        const { flags } = await workflow.listFlags();
        const terminal = terminalOf(options);
        terminal.result({ flags }, () =>
          terminal.table(
            ['flag', 'is', 'for', 'and for'],
            flags.map((row) => [
              row.flag,
              row.is_enabled ? 'on' : 'off',
              `${row.percentage} %`,
              row.allow_list.join(', '),
            ]),
          ),
        );
      },
    );
};

/** `catalyst signals replay`: the log read again, against what is kept of it. */
export const addSignals = (program: Command): void => {
  const signals = program
    .command('signals')
    .summary('read the log of signals again, and compare')
    .description('The log of signals: immutable, numbered without a gap.');
  addVerb(
    signals,
    'replay',
    'make the state of each trade anew from the log, and compare with what is kept',
  )
    .option('--from <seq>', 'the number to begin with', readAmount, 1)
    .action(async (options: { from: number; json?: boolean }) => {
      const { workflow } = await load();
      const found = await workflow.replaySignals({ query: { from_seq: options.from } });
      const isSame = found.gaps.length === 0 && found.differences.length === 0;
      terminalOf(options).result(found, () =>
        [
          `${found.rows} rows from ${found.from_seq} to ${found.to_seq}, ${found.trades} trades: ${isSame ? 'the log and what is kept of it are the same' : 'they differ'}`,
          ...found.gaps.map((seq) => `  ${seq} is missing`),
          ...found.differences.map(
            ({ seq, kept, replayed }) =>
              `  trade of ${seq}: kept as ${kept}; by the log ${replayed}`,
          ),
        ].join('\n'),
      );
      if (!isSame) process.exitCode = 1;
    });
};
