import type { RawData } from 'ws';
import type { Account } from '../exchange/account.ts';
import type { FindAccount } from '../find-account.ts';
import type { Simulation } from '../simulation.ts';
import type { StreamName } from './outgoing.ts';
import { readKeys, readText, type Message } from './read-message.ts';

/** Writes a frame down that has arrived, before anything is done about it; `message` is null where it could not be read. */
export type RecordFrame = (stream: StreamName, account: Account | null, message: Message | null, data: RawData) => void;

/** Frames in the ledger, under the account of their connection or of the keys that they bring, without secrets. */
export const createRecordFrame =
  ({ ledger, secrets, now }: Pick<Simulation, 'ledger' | 'secrets' | 'now'>, findAccount: FindAccount): RecordFrame =>
  (stream, account, message, data) => {
    const { key, secret } = message ? readKeys(message) : { key: '', secret: '' };
    const sender = findAccount(key, secret) ?? account;
    ledger.append('frame', now(), { stream, account_number: sender?.account_number ?? null, body: secrets.body(message ?? readText(data), secret || null) });
  };
