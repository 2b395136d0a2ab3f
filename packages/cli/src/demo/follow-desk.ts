import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { writeInvitation } from '@catalyst/contracts';
import { add, compare, subtract } from '@catalyst/domain';
import {
  joinDesk,
  openHome,
  openInvitation,
  ownerLimits,
  startClient,
  switchTrading,
  tryBrokerKeys,
  type OwnerLimits,
} from '@catalyst/execution-client';
import type { RunningDesk } from '@catalyst/platform';
import { createReplayClock, sha256, type Log } from '@catalyst/service-kit/calls';
import { operatorName, type DeskClients } from '../desk-connection.ts';

/** A friend's day, held against what the exchange says of the account. */
export type FriendResult = {
  name: string;
  account_number: string;
  signals: number;
  entered: number;
  /** Code -> signals that were not entered for it. */
  skipped: Record<string, number>;
  trades: number;
  realized_pnl: string;
  /** Of the exchange: equity now less what the account began with. */
  broker_pnl: string;
  reconciled: boolean;
  open_positions: number;
};

/** What friends differ in: the first takes what it can, every other is careful. */
const generous: Partial<OwnerLimits> = {
  max_risk_usd: '200',
  max_risk_ratio: 0.01,
  max_notional_usd: '20000',
  max_total_notional_usd: '60000',
  max_positions: 5,
  daily_loss_usd: '2000',
  entry_hours: { from: '09:30', to: '16:00' },
  send_fills: true,
};
const careful: Partial<OwnerLimits> = { min_confidence: 0.6, max_positions: 2 };

const silent = () => undefined;
const log: Log = { debug: silent, info: silent, warn: silent, error: silent };

type SimulatorStatus = { now: string; accounts: { account_number: string; seq: number }[] };

/**
 * Friends of a replayed desk: each joins by an invitation, on an account of the simulator's own, and
 * follows the stream minute by minute, as a program of a friend's would.
 */
export const followDesk = async (
  desk: RunningDesk,
  { workflow }: DeskClients,
  count: number,
): Promise<{
  step(): Promise<void>;
  results(): Promise<FriendResult[]>;
  stop(): Promise<void>;
}> => {
  const { url, accounts } = desk.simulator!;
  const statusOf = async (): Promise<SimulatorStatus> =>
    (await (await fetch(`${url}/sim/status`)).json()) as SimulatorStatus;
  const { now } = await statusOf();

  const startOne = async (n: number) => {
    const name = n === 0 ? 'friend-takes-all' : `friend-careful${n === 1 ? '' : `-${n}`}`;
    const { account_number, key_id, secret_key } = accounts[n + 1]!;
    const keys = { key_id, secret_key };
    const code = randomBytes(16).toString('hex');
    await workflow.inviteClient({
      body: { name, scope: 'trade', code_sha256: sha256(code), by: operatorName() },
    });
    const home = openHome(join(desk.home, 'friends', name));
    await joinDesk({
      home,
      invitation: openInvitation(
        writeInvitation({ address: desk.fleet.urls.orchestration, code, pin: null }),
      ),
      broker: await tryBrokerKeys(keys, url),
      keys,
      passphrase: null,
      limits: ownerLimits.parse(n === 0 ? generous : careful),
    });
    // the demo is the owner of these accounts, as it arms its own desk
    await switchTrading(home, { is_on: true, account_number, at: now });
    const client = await startClient({
      home,
      keys,
      log,
      clock: createReplayClock(now),
      mode: 'replay',
    });
    return { name, account_number, keys, client };
  };
  const friends: Awaited<ReturnType<typeof startOne>>[] = [];
  for (let n = 0; n < count; n += 1) friends.push(await startOne(n));

  const equityOf = async ({ key_id, secret_key }: { key_id: string; secret_key: string }) => {
    const answer = await fetch(`${url}/v2/account`, {
      headers: { 'APCA-API-KEY-ID': key_id, 'APCA-API-SECRET-KEY': secret_key },
    });
    return ((await answer.json()) as { equity: string }).equity;
  };
  const began = new Map<string, string>();
  for (const { name, keys } of friends) began.set(name, await equityOf(keys));

  const resultOf = async ({
    name,
    account_number,
    keys,
    client,
  }: (typeof friends)[number]): Promise<FriendResult> => {
    const history = client.history();
    const { trades } = client.status();
    const closed = trades.filter(
      ({ status, entry_price }) => status === 'closed' && entry_price !== null,
    );
    const realized_pnl = add('0', ...closed.map(({ realized_pnl_usd }) => realized_pnl_usd));
    const broker_pnl = subtract(await equityOf(keys), began.get(name)!);
    const skipped: Record<string, number> = {};
    for (const { code } of history) if (code !== null) skipped[code] = (skipped[code] ?? 0) + 1;
    return {
      name,
      account_number,
      signals: history.length,
      entered: history.filter(({ decision }) => decision === 'enter').length,
      skipped,
      trades: closed.length,
      realized_pnl,
      broker_pnl,
      reconciled: client.isReconciled() && compare(realized_pnl, broker_pnl) === 0,
      open_positions: trades.filter(({ status }) => status !== 'closed').length,
    };
  };

  return {
    step: async () => {
      const [{ seq }, { now: at }] = await Promise.all([
        workflow.watchSignals({ query: {} }),
        statusOf(),
      ]);
      for (const { client, account_number } of friends)
        await client.step({
          at,
          signal_seq: seq,
          tradeSeq: async () =>
            (await statusOf()).accounts.find((one) => one.account_number === account_number)!.seq,
        });
    },
    results: async () => {
      const results: FriendResult[] = [];
      for (const friend of friends) results.push(await resultOf(friend));
      return results;
    },
    stop: async () => {
      await Promise.all(friends.map(({ client }) => client.stop()));
    },
  };
};
export type FollowedDesk = Awaited<ReturnType<typeof followDesk>>;
