import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import type { Account } from '../exchange/account.ts';
import type { FindAccount } from '../find-account.ts';
import { ALL_CHANNELS } from './channels.ts';
import {
  codecOf,
  createClientSocket,
  SLOW_CLIENT_GRACE_MS,
  type ClientSocket,
} from './client-socket.ts';
import { dataError, type DataErrorCode } from './data-error.ts';
import {
  createFrame,
  createSharedEncodings,
  type Outgoing,
  type OutgoingFrame,
  type StreamName,
} from './outgoing.ts';
import type { Message } from './read-message.ts';
import { receiveFrames } from './receive-frames.ts';
import type { RecordFrame } from './record-frame.ts';
import { createSubscriptions, type Subscriptions } from './subscriptions.ts';

/** One message of a data stream with what is needed to know who wants it. */
export interface DataEvent {
  channel: string;
  symbols: readonly string[];
  message: object;
}

export interface DataStreamOptions {
  stream: Extract<StreamName, 'stock_data' | 'news'>;
  /** What can be subscribed to, in the order in which a subscription is answered. */
  channels: readonly string[];
  /** Alpaca's channels that only an answer names, once they are wanted. */
  quiet_channels?: readonly string[];
  /** Channels that come with another one: corrections with trades. */
  implied?: Readonly<Record<string, readonly string[]>>;
  /** Symbols that `counted` channels may have together; null where nothing limits them. */
  symbol_limit: { most: number; counted: readonly string[] } | null;
  /** Whether the plan of the keys covers this feed. */
  covered: boolean;
  /** Authenticated connections that an account may have to this endpoint. */
  connections: number;
  auth_timeout_ms: number;
  slow_client_bytes: number;
  find_account: FindAccount;
  record_frame: RecordFrame;
  outgoing: Outgoing;
}

interface Client {
  link: ClientSocket;
  account: Account | null;
  subscriptions: Subscriptions;
  timer: NodeJS.Timeout;
}

const SYMBOL = /^(\*|[A-Za-z0-9][A-Za-z0-9./-]{0,19})$/;
/**
 * A long step may have thousands of messages for a client; an array holds no more than this many.
 */
const MOST_MESSAGES = 500;
/** Close codes of RFC 6455. */
const POLICY_VIOLATION = 1_008;
const TRY_AGAIN_LATER = 1_013;
const GOING_AWAY = 1_001;

/** A channel with no symbols is not asked for: Alpaca's clients send all that they know. */
const isEmpty = (symbols: unknown): boolean =>
  symbols === null || (Array.isArray(symbols) && symbols.length === 0);

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Alpaca's two headers, or HTTP basic authentication. */
const keysInHeaders = ({ headers }: IncomingMessage): [string, string] | null => {
  const keyId = headers['apca-api-key-id'];
  const secretKey = headers['apca-api-secret-key'];
  if (keyId !== undefined || secretKey !== undefined) return [text(keyId), text(secretKey)];
  const [scheme, encoded] = headers.authorization?.split(' ') ?? [];
  if (scheme?.toLowerCase() !== 'basic' || !encoded) return null;
  const [basicId, ...rest] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  return [basicId ?? '', rest.join(':')];
};

export interface DataStream {
  accept(socket: WebSocket, request: IncomingMessage): void;
  /** Symbols of `channel` that some client wants; `*` among them for all. */
  wanted(channel: string): ReadonlySet<string>;
  /** Sends each client what it wants of `events`, in their order. */
  publish(events: readonly DataEvent[]): void;
  close(): void;
}

/** One endpoint of Alpaca's market data streams: the same protocol for stock data and news. */
export const createDataStream = (options: DataStreamOptions): DataStream => {
  const { stream, channels, quiet_channels: quiet = [], implied = {}, outgoing } = options;
  const known = [...channels, ...quiet];
  const clients = new Set<Client>();

  /**
   * Those who can be told something: within one long step a client that does not keep up is closed
   * long before its socket is gone.
   */
  const listening = (): Client[] =>
    [...clients].filter(({ account, link }) => account !== null && link.isOpen());
  const dispatch = (client: Client, frame: OutgoingFrame): void =>
    outgoing(stream, client.account, frame, client.link.write, client.link);
  const answer = (client: Client, message: object): void =>
    dispatch(client, createFrame('control', [message], true));
  const refuse = (client: Client, code: DataErrorCode): void => answer(client, dataError(code));

  const authenticate = (client: Client, keyId: string, secretKey: string): void => {
    if (client.account) return refuse(client, 403);
    const account = options.find_account(keyId, secretKey);
    if (!account) return refuse(client, 402);
    if (!options.covered) return refuse(client, 409);
    const others = [...clients].filter((other) => other.account === account && other.link.isOpen());
    if (others.length >= options.connections) {
      refuse(client, 406);
      return client.link.end(POLICY_VIOLATION, 'connection limit exceeded');
    }
    clearTimeout(client.timer);
    client.account = account;
    answer(client, { T: 'success', msg: 'authenticated' });
  };

  const answerSubscriptions = (client: Client): void => {
    const state = client.subscriptions.state();
    for (const channel of quiet) if (state[channel]?.length === 0) delete state[channel];
    answer(client, { T: 'subscription', ...state });
  };

  /** The channels of a message with their symbols, or the code that refuses it. */
  const readChannels = (message: Message): Record<string, string[]> | DataErrorCode => {
    const named = ALL_CHANNELS.filter((channel) => Object.hasOwn(message, channel));
    if (named.length === 0) return 400;
    const asked = named.filter((channel) => !isEmpty(message[channel]));
    if (asked.some((channel) => !known.includes(channel))) return 410;
    const chosen: Record<string, string[]> = {};
    for (const channel of asked) {
      const symbols = message[channel];
      if (
        !Array.isArray(symbols) ||
        !symbols.every(
          (symbol): symbol is string => typeof symbol === 'string' && SYMBOL.test(symbol),
        )
      )
        return 400;
      chosen[channel] = [...(chosen[channel] ?? []), ...symbols];
      for (const other of implied[channel] ?? [])
        chosen[other] = [...(chosen[other] ?? []), ...symbols];
    }
    return chosen;
  };

  const handle = (client: Client, message: Message | null): void => {
    if (!message) return refuse(client, 400);
    const { action } = message;
    if (action === 'auth') return authenticate(client, text(message.key), text(message.secret));
    if (action !== 'subscribe' && action !== 'unsubscribe') return refuse(client, 400);
    if (!client.account) return refuse(client, 401);
    const chosen = readChannels(message);
    if (typeof chosen === 'number') return refuse(client, chosen);
    const { symbol_limit: limit } = options;
    if (action === 'unsubscribe') client.subscriptions.remove(chosen);
    else if (limit && client.subscriptions.countWith(chosen, limit.counted) > limit.most)
      return refuse(client, 405);
    else client.subscriptions.add(chosen);
    answerSubscriptions(client);
  };

  return {
    accept: (socket, request) => {
      const link: ClientSocket = createClientSocket(socket, {
        codec: codecOf(request),
        binary_json: false,
        slow_client_bytes: options.slow_client_bytes,
        onSlow: () => {
          refuse(client, 407);
          link.end(POLICY_VIOLATION, 'slow client', SLOW_CLIENT_GRACE_MS);
        },
      });
      const timer = setTimeout(() => {
        refuse(client, 404);
        link.end(TRY_AGAIN_LATER, 'auth timeout');
      }, options.auth_timeout_ms).unref();
      const client: Client = {
        link,
        account: null,
        subscriptions: createSubscriptions(known),
        timer,
      };
      clients.add(client);
      receiveFrames(socket, {
        stream,
        link,
        record_frame: options.record_frame,
        account: () => client.account,
        handle: (message) => handle(client, message),
      });
      socket.on('close', () => {
        clearTimeout(timer);
        clients.delete(client);
      });
      socket.on('error', () => socket.terminate());
      answer(client, { T: 'success', msg: 'connected' });
      const keys = keysInHeaders(request);
      if (keys) authenticate(client, ...keys);
    },
    wanted: (channel) => {
      const all = new Set<string>();
      for (const { subscriptions } of listening())
        for (const symbol of subscriptions.symbolsOf(channel)) all.add(symbol);
      return all;
    },
    publish: (events) => {
      if (events.length === 0) return;
      const bySignature = Map.groupBy(listening(), ({ subscriptions }) =>
        subscriptions.signature(),
      );
      const shared = bySignature.size > 1 ? createSharedEncodings() : null;
      for (const alike of bySignature.values()) {
        const { subscriptions } = alike[0]!;
        const messages = events
          .filter(({ channel, symbols }) => subscriptions.wants(channel, symbols))
          .map(({ message }) => message);
        for (let from = 0; from < messages.length; from += MOST_MESSAGES) {
          const frame = createFrame(
            'data',
            messages.slice(from, from + MOST_MESSAGES),
            true,
            shared,
          );
          for (const client of alike) if (client.link.isOpen()) dispatch(client, frame);
        }
      }
    },
    close: () => {
      for (const { link } of clients) link.end(GOING_AWAY, 'simulator stops');
    },
  };
};
