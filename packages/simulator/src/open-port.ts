import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import {
  createServer as createRawServer,
  type AddressInfo,
  type Server as RawServer,
  type Socket,
} from 'node:net';
import type { OwnCertificate } from './own-certificate.ts';

/** Clients keep their connections between the steps of a replay. */
const KEEP_ALIVE_MS = 60_000;
/** The first byte of a TLS handshake (RFC 8446, 5.1); no request of HTTP begins with it. */
const HANDSHAKE = 0x16;

export interface Port {
  /** Where requests and upgrades arrive, with TLS or without. */
  server: Server;
  /** Listens on the loopback and answers with the port; 0 takes a free one. */
  listen(port: number): Promise<number>;
  /** Ends every connection but those of streams, which say goodbye themselves. */
  close(): Promise<void>;
}

const portOf = (server: Server, front: RawServer, endConnections: () => void): Port => ({
  server,
  listen: (port) =>
    new Promise((resolve, reject) => {
      front.once('error', reject);
      front.listen(port, '127.0.0.1', () => resolve((front.address() as AddressInfo).port));
    }),
  close: () =>
    new Promise((resolve) => {
      front.close(() => resolve());
      endConnections();
    }),
});

/**
 * One port that speaks HTTP and, with a certificate, TLS too: a connection shows with its first byte
 * which of them it wants.
 */
export const openPort = (app: RequestListener, certificate: OwnCertificate | null): Port => {
  const server = createServer(app);
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  if (certificate === null) return portOf(server, server, () => server.closeAllConnections());

  const secure = createTlsServer({ key: certificate.key, cert: certificate.cert });
  secure.keepAliveTimeout = KEEP_ALIVE_MS;
  secure.on('request', (...request) => server.emit('request', ...request));
  secure.on('upgrade', (...upgrade) => server.emit('upgrade', ...upgrade));
  // By their ports, which a connection and the TLS inside it have in common.
  const connections = new Map<number | undefined, Socket>();
  server.on('upgrade', ({ socket }: IncomingMessage) => connections.delete(socket.remotePort));
  const front = createRawServer((socket) => {
    const { remotePort } = socket;
    connections.set(remotePort, socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => connections.delete(remotePort));
    socket.once('data', (first: Buffer) => {
      socket.pause();
      socket.unshift(first);
      (first[0] === HANDSHAKE ? secure : server).emit('connection', socket);
      process.nextTick(() => socket.resume());
    });
  });
  return portOf(server, front, () => {
    for (const socket of connections.values()) socket.destroy();
  });
};
