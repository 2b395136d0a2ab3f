import { decode } from '@msgpack/msgpack';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import type { Account } from '../exchange/account.ts';
import type { FindAccount } from '../http/authenticate.ts';
import type { Simulation } from '../simulation.ts';
import { createFrame, sendDirectly, type FrameReader, type Outgoing, type OutgoingFrame } from './outgoing.ts';

type Frame = Record<string, unknown>;

interface Client extends FrameReader {
  socket: WebSocket;
  account: Account | null;
  listens: boolean;
  msgpack: boolean;
}

/** How long a client may take to answer that it heard of the end. */
const CLOSE_GRACE_MS = 500;

const isFrame = (value: unknown): value is Frame => typeof value === 'object' && value !== null && !Array.isArray(value);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const readFrame = (client: Client, data: RawData): Frame | null => {
  const buffer = Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer);
  try {
    const frame: unknown = client.msgpack ? decode(buffer) : JSON.parse(buffer.toString('utf8'));
    return isFrame(frame) ? frame : null;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return null;
    throw error;
  }
};

/** Both ways in which Alpaca's clients name their keys. */
const readKeys = (frame: Frame): { key: string; secret: string } => {
  const data = isFrame(frame.data) ? frame.data : {};
  return frame.action === 'auth' ? { key: text(frame.key), secret: text(frame.secret) } : { key: text(data.key_id), secret: text(data.secret_key) };
};

export interface TradeUpdatesStream {
  close(): void;
}

/**
 * Alpaca's trading stream at `/stream`: authenticate, listen to `trade_updates`, then a frame for every update of the account in order of `seq`.
 * Nothing is replayed after a reconnect. Frames and pongs leave through one socket in the order in which they arise, so a pong follows every update sent before it.
 */
export const serveTradeUpdates = (server: Server, simulation: Simulation, findAccount: FindAccount, outgoing: Outgoing = sendDirectly): TradeUpdatesStream => {
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: 65_536 });
  const clients = new Set<Client>();

  /** Alpaca's paper stream sends binary frames, JSON or msgpack inside. */
  const write = (client: Client, frame: OutgoingFrame): void => {
    if (client.socket.readyState !== client.socket.OPEN) return;
    client.socket.send(frame.payload(client.msgpack ? 'msgpack' : 'json'), { binary: true });
  };
  const dispatch = (client: Client, frame: OutgoingFrame): void => outgoing('trade_updates', client.account, frame, (one) => write(client, one), client);
  const send = (client: Client, message: Frame): void => dispatch(client, createFrame('control', [message], false));

  const handle = (client: Client, frame: Frame | null): void => {
    if (!frame) return send(client, { action: 'error', data: { error_message: 'invalid message' } });
    if (frame.action === 'auth' || frame.action === 'authenticate') {
      const { key, secret } = readKeys(frame);
      client.account = findAccount(key, secret);
      send(client, { stream: 'authorization', data: { status: client.account ? 'authorized' : 'unauthorized', action: 'authenticate' } });
      return;
    }
    if (frame.action !== 'listen') return send(client, { action: 'error', data: { error_message: `unknown action: ${text(frame.action)}` } });
    if (!client.account) return send(client, { stream: 'authorization', data: { status: 'unauthorized', action: 'listen' } });
    const streams: unknown = isFrame(frame.data) ? frame.data.streams : null;
    client.listens = Array.isArray(streams) && streams.includes('trade_updates');
    send(client, { stream: 'listening', data: { streams: client.listens ? ['trade_updates'] : [] } });
  };

  sockets.on('connection', (socket: WebSocket, request: IncomingMessage) => {
    const client: Client = { disconnect: () => socket.terminate(), socket, account: null, listens: false, msgpack: request.headers['content-type'] === 'application/msgpack' };
    clients.add(client);
    socket.on('message', (data) => handle(client, readFrame(client, data)));
    socket.on('close', () => clients.delete(client));
    socket.on('error', () => socket.terminate());
  });

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (request.url?.split('?')[0] !== '/stream') {
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => sockets.emit('connection', webSocket, request));
  });

  simulation.onUpdate((account, update) => {
    const frame = createFrame('data', [{ stream: 'trade_updates', data: update }], false);
    for (const client of clients) if (client.listens && client.account === account) dispatch(client, frame);
  });

  return {
    close: () => {
      for (const { socket } of clients) {
        socket.close(1001, 'simulator stops');
        setTimeout(() => socket.terminate(), CLOSE_GRACE_MS).unref();
      }
      sockets.close();
    },
  };
};
