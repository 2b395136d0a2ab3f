import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';

/** The address of a client: Nginx tells it, and overwrites what a client says of itself. */
export const addressOf = (request: IncomingMessage): string => {
  const told = request.headers['x-real-ip'];
  return typeof told === 'string' && isIP(told)
    ? told
    : (request.socket.remoteAddress ?? 'unknown');
};

const LOOPBACK_HOST = /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/;

/** Why a request may not become a stream; a page of another site may not open one, nor a rebound name. */
export const refusedHost = ({ headers, socket }: IncomingMessage): string | null => {
  const { host = '', origin } = headers;
  if (origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== host))
    return 'the page of another site may not open the stream';
  const isLocal = /^(::ffff:)?127\.|^::1$/.test(socket.localAddress ?? '');
  if (isLocal && headers['x-real-ip'] === undefined && !LOOPBACK_HOST.test(host))
    return 'on this machine the stream is asked for at localhost';
  return null;
};

/** The key that a request brings, by either header. */
export const credentialOf = ({ headers }: IncomingMessage): string | undefined => {
  const key = headers['x-api-key'];
  return typeof key === 'string' && key !== ''
    ? key
    : /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1];
};

/** Answers what would have become a stream, and ends its connection. */
export const refuseUpgrade = (socket: Duplex, status: string, message: string): void => {
  const body = JSON.stringify({
    error: { code: status.split(' ')[1]?.toUpperCase(), message, details: {} },
  });
  socket.end(
    `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
};
