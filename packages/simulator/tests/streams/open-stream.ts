import { decode, encode } from '@msgpack/msgpack';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { OpenAccount } from '../open-account.ts';

/** A message of a data stream, whatever its kind. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests read messages of many shapes
export type StreamMessage = Record<string, any> & { T: string };

export interface OpenStream {
  socket: WebSocket;
  /** Arrays as they came. */
  arrays: StreamMessage[][];
  messages(kind?: string): StreamMessage[];
  send(message: unknown): void;
  /** Resolves once everything sent before has arrived. */
  settled(): Promise<void>;
  authenticate(): Promise<void>;
  subscribe(channels: Record<string, string[]>): Promise<void>;
  /** Resolves with the code of the close. */
  closed: Promise<number>;
}

export const openStream = async (
  account: OpenAccount,
  path: string,
  {
    msgpack = false,
    headers = {},
    index = 0,
  }: { msgpack?: boolean; headers?: Record<string, string>; index?: number } = {},
): Promise<OpenStream> => {
  const socket = new WebSocket(account.simulator.url.replace('http', 'ws') + path, {
    headers: { ...(msgpack ? { 'content-type': 'application/msgpack' } : {}), ...headers },
  });
  const arrays: StreamMessage[][] = [];
  socket.on('message', (data: Buffer, isBinary) => {
    if (!path.startsWith('/stream') && isBinary !== msgpack)
      throw new Error(`a ${isBinary ? 'binary' : 'text'} frame came`);
    arrays.push((msgpack ? decode(data) : JSON.parse(data.toString())) as StreamMessage[]);
  });
  const closed = new Promise<number>((resolve) => socket.once('close', (code) => resolve(code)));
  await once(socket, 'open');
  let pings = 0;
  const send = (message: unknown): void =>
    socket.send(msgpack ? encode(message) : JSON.stringify(message));
  const settled = async (): Promise<void> => {
    pings += 1;
    const name = String(pings);
    const answered = new Promise<void>((resolve) => {
      const onPong = (data: Buffer): void => {
        if (data.toString() !== name) return;
        socket.off('pong', onPong);
        resolve();
      };
      socket.on('pong', onPong);
    });
    socket.ping(name);
    await answered;
  };
  return {
    socket,
    arrays,
    messages: (kind) => arrays.flat().filter(({ T }) => kind === undefined || T === kind),
    send,
    settled,
    authenticate: () => {
      const { key_id: key, secret_key: secret } = account.simulator.accounts[index]!;
      send({ action: 'auth', key, secret });
      return settled();
    },
    subscribe: (channels) => {
      send({ action: 'subscribe', ...channels });
      return settled();
    },
    closed,
  };
};
