import type { WebSocket } from 'ws';
import type { Account } from '../exchange/account.ts';
import type { ClientSocket } from './client-socket.ts';
import type { StreamName } from './outgoing.ts';
import { readMessage, type Message } from './read-message.ts';
import type { RecordFrame } from './record-frame.ts';

/**
 * So many frames may be refused in a row on a connection without an account; Alpaca names no
 * number. Each is kept in the ledger, which a stranger must not fill.
 */
const MOST_REFUSED = 50;
/** Close code of RFC 6455. */
const POLICY_VIOLATION = 1_008;

interface Receiver {
  stream: StreamName;
  link: ClientSocket;
  record_frame: RecordFrame;
  /** Whose connection it is; null before it has authenticated. */
  account(): Account | null;
  /** Answers a frame; `message` is null where it could not be read. */
  handle(message: Message | null): void;
}

/**
 * Writes down and answers what arrives on a socket as long as it is open, and closes it on a client
 * that sends and sends without authenticating.
 */
export const receiveFrames = (
  socket: WebSocket,
  { stream, link, record_frame: recordFrame, account, handle }: Receiver,
): void => {
  let refused = 0;
  socket.on('message', (data) => {
    if (!link.isOpen()) return;
    const message = readMessage(link.codec, data);
    recordFrame(stream, account(), message, data);
    handle(message);
    // Without an account nothing but keys that open one is granted.
    refused = account() === null ? refused + 1 : 0;
    if (refused >= MOST_REFUSED) link.end(POLICY_VIOLATION, 'too many refused messages');
  });
};
