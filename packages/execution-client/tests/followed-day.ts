import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createReplayClock, type Log } from '@catalyst/runtime';
import type { startSimulator } from '@catalyst/simulator';
import type { ClientEvent } from '../src/client-event.ts';
import { ownerLimits, type OwnerLimits } from '../src/domain/owner-limits.ts';
import { joinDesk, openInvitation } from '../src/flows/join-desk.ts';
import { switchTrading } from '../src/flows/switch-trading.ts';
import { tryBrokerKeys } from '../src/flows/try-broker-keys.ts';
import { openKeys } from '../src/home/broker-keys.ts';
import { openHome, type ClientHome } from '../src/home/client-home.ts';
import { startClient, type RunningClient } from '../src/start-client.ts';
import type { SmallDesk } from './small-desk.ts';

type Simulator = Awaited<ReturnType<typeof startSimulator>>;
const silent = () => undefined;
export const silentLog: Log = { debug: silent, info: silent, warn: silent, error: silent };

interface Status {
  now: string;
  accounts: { account_number: string; seq: number }[];
}
const statusOf = async (url: string): Promise<Status> =>
  (await fetch(`${url}/sim/status`)).json() as Promise<Status>;

/** The last trade update of an account, as the simulator counts them. */
export const tradeSeqOf = async (url: string, account_number: string): Promise<number> =>
  (await statusOf(url)).accounts.find((one) => one.account_number === account_number)!.seq;

/** A client that has joined, with the account of the simulator's that has this number. */
export const joinClient = async (
  desk: Pick<SmallDesk, 'invitation'>,
  simulator: Pick<Simulator, 'url' | 'accounts'>,
  n: number,
  limits: Partial<OwnerLimits> = {},
): Promise<ClientHome> => {
  const home = openHome(mkdtempSync(join(tmpdir(), 'catalyst-client-test-')));
  const { key_id, secret_key } = simulator.accounts[n]!;
  const keys = { key_id, secret_key };
  await joinDesk({
    home,
    invitation: openInvitation(desk.invitation()),
    broker: await tryBrokerKeys(keys, simulator.url),
    keys,
    passphrase: null,
    limits: ownerLimits.parse(limits),
  });
  return home;
};

/** The owner's own act on the own machine. */
export const switchOn = (home: ClientHome, at: string): Promise<void> =>
  switchTrading(home, { is_on: true, account_number: home.profile().account_number, at });

export interface Follower {
  home: ClientHome;
  client: RunningClient;
  events: ClientEvent[];
  /** Takes in everything up to now, and decides. */
  step(signal_seq: number | null): Promise<void>;
  stop(): Promise<void>;
}

/** A client on a stepped clock. */
export const follow = async (home: ClientHome, url: string): Promise<Follower> => {
  const { account_number } = home.profile();
  const events: ClientEvent[] = [];
  const { now } = await statusOf(url);
  const client = await startClient({
    home,
    keys: openKeys(home.keys(), null),
    log: process.env.CLIENT_TEST_LOG ? loud : silentLog,
    clock: createReplayClock(now),
    mode: 'replay',
    onEvent: (event) => void events.push(event),
  });
  return {
    home,
    client,
    events,
    step: async (signal_seq) =>
      client.step({
        at: (await statusOf(url)).now,
        signal_seq,
        tradeSeq: () => tradeSeqOf(url, account_number),
      }),
    stop: async () => {
      await client.stop();
      rmSync(home.folder, { recursive: true });
    },
  };
};

const loudly = (event: string, fields?: object) => console.error(event, fields);
const loud: Log = { debug: silent, info: loudly, warn: loudly, error: loudly };
