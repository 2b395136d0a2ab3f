import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import type { Account } from '../exchange/account.ts';
import type { FindAccount } from '../find-account.ts';
import type { Simulation } from '../simulation.ts';
import {
  codecOf,
  createClientSocket,
  SLOW_CLIENT_GRACE_MS,
  type ClientSocket,
} from './client-socket.ts';
import { createFrame, type Outgoing, type OutgoingFrame } from './outgoing.ts';
import { isMessage, readKeys, type Message } from './read-message.ts';
import { receiveFrames } from './receive-frames.ts';
import type { RecordFrame } from './record-frame.ts';

interface Client {
  link: ClientSocket;
  account: Account | null;
  listens: boolean;
}

const STREAM = 'trade_updates';

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

interface TradeUpdatesOptions {
  find_account: FindAccount;
  record_frame: RecordFrame;
  outgoing: Outgoing;
  slow_client_bytes: number;
}

export interface TradeUpdatesStream {
  accept(socket: WebSocket, request: IncomingMessage): void;
  close(): void;
}

/**
 * Alpaca's trading stream at `/stream`: authenticate, listen to `trade_updates`, then a frame for
 * every update of the account in order of `seq`. Nothing is replayed after a reconnect. Frames and
 * pongs leave through one socket in the order in which they arise, so a pong follows every update
 * sent before it.
 */
export const createTradeUpdatesStream = (
  simulation: Simulation,
  {
    find_account: findAccount,
    record_frame: recordFrame,
    outgoing,
    slow_client_bytes,
  }: TradeUpdatesOptions,
): TradeUpdatesStream => {
  const clients = new Set<Client>();

  const dispatch = (client: Client, frame: OutgoingFrame): void =>
    outgoing(STREAM, client.account, frame, client.link.write, client.link);
  const send = (client: Client, message: Message): void =>
    dispatch(client, createFrame('control', [message], false));
  const sendError = (client: Client, reason: string): void =>
    send(client, { action: 'error', data: { error_message: reason } });

  const handle = (client: Client, message: Message | null): void => {
    if (!message) return sendError(client, 'invalid message');
    const { action } = message;
    if (action === 'auth' || action === 'authenticate') {
      const { key, secret } = readKeys(message);
      const account = findAccount(key, secret);
      // Other keys are another account, whose updates have to be asked for again.
      if (account !== client.account) client.listens = false;
      client.account = account;
      return send(client, {
        stream: 'authorization',
        data: { status: account ? 'authorized' : 'unauthorized', action: 'authenticate' },
      });
    }
    if (action !== 'listen' && action !== 'unlisten')
      return sendError(client, `unknown action: ${text(action).slice(0, 100)}`);
    if (!client.account)
      return send(client, { stream: 'authorization', data: { status: 'unauthorized', action } });
    const streams: unknown = isMessage(message.data) ? message.data.streams : null;
    if (!Array.isArray(streams))
      return sendError(client, `${action} needs data.streams, a list of streams`);
    // What is listened to is replaced by each `listen`; `unlisten` only takes away.
    if (action === 'listen') client.listens = streams.includes(STREAM);
    else if (streams.includes(STREAM)) client.listens = false;
    send(client, { stream: 'listening', data: { streams: client.listens ? [STREAM] : [] } });
  };

  simulation.onUpdate((account, update) => {
    const frame = createFrame('data', [{ stream: STREAM, data: update }], false);
    for (const client of clients)
      if (client.listens && client.account === account && client.link.isOpen())
        dispatch(client, frame);
  });

  return {
    accept: (socket, request) => {
      const link: ClientSocket = createClientSocket(socket, {
        codec: codecOf(request),
        // Alpaca's paper stream sends binary frames, JSON or msgpack inside.
        binary_json: true,
        slow_client_bytes,
        onSlow: () => link.end(1_008, 'slow client', SLOW_CLIENT_GRACE_MS),
      });
      const client: Client = { link, account: null, listens: false };
      clients.add(client);
      receiveFrames(socket, {
        stream: STREAM,
        link,
        record_frame: recordFrame,
        account: () => client.account,
        handle: (message) => handle(client, message),
      });
      socket.on('close', () => clients.delete(client));
      socket.on('error', () => socket.terminate());
    },
    close: () => {
      for (const { link } of clients) link.end(1_001, 'simulator stops');
    },
  };
};
