import type { RawData } from 'ws';
import type { Account } from '../exchange/account.ts';
import type { FindAccount } from '../find-account.ts';
import type { Simulation } from '../simulation.ts';
import type { StreamName } from './outgoing.ts';
import { bytesOf, readKeys, type Message } from './read-message.ts';

/**
 * Writes a frame down that has arrived, before anything is done about it; `message` is null where
 * it could not be read.
 */
export type RecordFrame = (
  stream: StreamName,
  account: Account | null,
  message: Message | null,
  data: RawData,
) => void;

/**
 * Frames in the ledger, under the account of their connection or of the keys that they bring,
 * without secrets. Of one that nobody can read and nobody answers for only the size is kept.
 */
export const createRecordFrame =
  (
    { ledger, secrets, now }: Pick<Simulation, 'ledger' | 'secrets' | 'now'>,
    findAccount: FindAccount,
  ): RecordFrame =>
  (stream, account, message, data) => {
    const { key, secret } = message ? readKeys(message) : { key: '', secret: '' };
    const sender = findAccount(key, secret) ?? account;
    const account_number = sender?.account_number ?? null;
    const content =
      message || sender
        ? { body: secrets.body(message ?? bytesOf(data).toString(), secret || null) }
        : { body: null, bytes: bytesOf(data).length };
    ledger.append('frame', now(), { stream, account_number, ...content });
  };
