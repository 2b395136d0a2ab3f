import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkRebuild } from '@catalyst/order-life';
import type { Command } from 'commander';
import { readStatus } from '../client-status.ts';
import { tryBrokerKeys } from '../flows/try-broker-keys.ts';
import { ClientError } from '../home/client-home.ts';
import { isRunLocked } from '../home/run-lock.ts';
import { readBookHistory } from '../store/book-history.ts';
import { openLocalDatabase } from '../store/local-database.ts';
import { openSignalStream } from '../stream/signal-stream.ts';
import { unlockKeys, type Context } from './context.ts';

interface Check {
  name: string;
  is_ok: boolean;
  detail: string;
}

const check = async (name: string, look: () => Promise<string> | string): Promise<Check> => {
  try {
    return { name, is_ok: true, detail: await look() };
  } catch (error) {
    return { name, is_ok: false, detail: (error as Error).message };
  }
};

const DESK_WITHIN_MS = 15_000;
const CLOCK_MAY_DIFFER_MS = 5000;
const DAY_MS = 86_400_000;

/** Says hello to the desk and goes: the key, the certificate, and both clocks. */
const tryDesk = async ({ home }: Context): Promise<string> => {
  const { address, pin, key } = home.profile();
  const silent = () => undefined;
  let told: string | null = null;
  let skew_ms = 0;
  let desk_time = '';
  const stream = openSignalStream({
    address,
    pin,
    key,
    log: { debug: silent, info: silent, warn: silent, error: silent },
    handlers: {
      onWelcome: async ({ name, scope, seq, server_time }) => {
        told = `knows this client as ${name} (${scope}), at signal ${seq}`;
        desk_time = server_time;
        skew_ms = Math.abs(Date.parse(server_time) - Date.now());
        return { after_seq: null, filters: {} };
      },
      onSubscribed: async () => {},
      onSignal: async () => true,
      onSeen: async () => true,
      onConfiguration: async () => {},
      onFeedbackRecorded: async () => {},
      onError: async () => {},
    },
  });
  try {
    const until = performance.now() + DESK_WITHIN_MS;
    while (told === null && stream.state().state !== 'refused' && performance.now() < until)
      await sleep(50);
    const { state, reason } = stream.state();
    if (told === null)
      throw new Error(
        `${new URL(address).host} ${state === 'refused' ? 'refuses this client' : 'does not answer'}: ${reason ?? 'silent'}`,
      );
    if (skew_ms > DAY_MS)
      throw new Error(
        `${told}, but its clock says ${desk_time}: it replays a recorded day, or this machine's clock is wrong`,
      );
    if (skew_ms > CLOCK_MAY_DIFFER_MS)
      throw new Error(
        `${told}, but the clocks differ by ${Math.round(skew_ms / 1000)} s: set this machine's by the network`,
      );
    return told;
  } finally {
    stream.stop();
  }
};

const isOwnersAlone = (path: string): boolean => (statSync(path).mode & 0o077) === 0;

/** What the client that runs knows of the desk. */
const askRunning = ({ home }: Context): string => {
  const database = openLocalDatabase(home.database_path);
  try {
    const { look, last_seq } = readStatus(database, home.profile(), new Date().toISOString());
    if (!look) throw new Error('the client that runs has said nothing yet');
    const { state, reason } = look.stream;
    if (state !== 'live') throw new Error(`the client that runs: ${state}, ${reason ?? 'silent'}`);
    return `followed by the client that runs, at signal ${last_seq}`;
  } finally {
    database.close();
  }
};

/** Of a client that has joined. */
const checksOf = async (given: Context, isRunning: boolean): Promise<Check[]> => {
  const { home } = given;
  return [
    await check('limits', () => `at most ${home.limits().max_risk_usd} dollars a trade`),
    await check('files', () => {
      const open = ['profile.json', 'broker-keys.json', 'limits.json']
        .map((name) => join(home.folder, name))
        .filter((path) => process.platform !== 'win32' && !isOwnersAlone(path));
      if (open.length > 0) throw new Error(`others can read them: chmod 600 ${open.join(' ')}`);
      return `readable by you alone; broker keys ${home.keys().kept === 'plain' ? 'as they are' : 'encrypted'}`;
    }),
    await check('book', () => {
      const database = openLocalDatabase(home.database_path);
      try {
        const { orders, fills, differences } = checkRebuild(readBookHistory(database));
        if (differences.length > 0)
          throw new Error(`rows are not what their events come to: ${JSON.stringify(differences)}`);
        return `${orders} orders, ${fills} fills, each as its events say; ${isRunning ? 'a' : 'no'} client runs with it`;
      } finally {
        database.close();
      }
    }),
    await check('broker', async () => {
      const { account_kind, broker } = home.profile();
      const tried = await tryBrokerKeys(
        await unlockKeys(given),
        account_kind === 'simulated' ? broker.trading_url : null,
      );
      if (tried.blocked !== null) throw new Error(tried.blocked);
      return `account ${tried.account_number} (${account_kind}), the exchange is ${tried.is_open ? 'open' : 'closed'}`;
    }),
    // a second session of one key would end the first
    isRunning
      ? await check('desk', () => askRunning(given))
      : await check('desk', () => tryDesk(given)),
  ];
};

export const addDoctor = (program: Command, context: () => Context): void => {
  program
    .command('doctor')
    .description('look at everything that the client needs: ok, or why not and how to mend it')
    .action(async () => {
      const given = context();
      const { home, terminal } = given;
      const isRunning = isRunLocked(home.folder);
      const joined = await check('joined', () => `as ${home.profile().name}, in ${home.folder}`);
      // all else is about what joining makes
      const checks = [joined, ...(home.hasProfile() ? await checksOf(given, isRunning) : [])];
      const isWell = checks.every(({ is_ok }) => is_ok);
      terminal.result({ is_well: isWell, checks }, () =>
        checks
          .map(
            ({ name, is_ok, detail }) =>
              `${is_ok ? 'ok    ' : 'FAULT '} ${name.padEnd(8)} ${detail}`,
          )
          .join('\n'),
      );
      if (!isWell) throw new ClientError('not everything is well');
    });
};
