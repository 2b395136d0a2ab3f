/**
 * Whoever misuses the stream, all at once and again and again: wrong keys, floods, readers that do not
 * read, a key that storms in, frames that are too large, binary or broken off. In a process of its own.
 */
import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { WebSocket } from 'ws';
import { WRONG_KEY } from './wrong-key.ts';

const ADDRESSES = Array.from({ length: 20 }, () => `10.9.${[...randomBytes(2)].join('.')}`);
const STORM = 100;
const SLEEPERS = 50;

const counts = { connections: 0, ended: 0 };
let url = '';

const open = (
  key: string,
  address = ADDRESSES[counts.connections % ADDRESSES.length]!,
): WebSocket => {
  counts.connections += 1;
  const socket = new WebSocket(url, {
    perMessageDeflate: false,
    headers: { 'x-api-key': key, 'x-real-ip': address },
  });
  socket.on('error', () => {});
  socket.on('close', () => (counts.ended += 1));
  return socket;
};
const rawOf = (socket: WebSocket): Socket => (socket as unknown as { _socket: Socket })._socket;
const anyKey = (): string => randomBytes(16).toString('hex');
const anyAddress = (): string => `10.8.${[...randomBytes(2)].join('.')}`;

/** Does it every so many ms, whatever became of the last. */
const again = (every_ms: number, work: () => void): void => void setInterval(work, every_ms);

/** Each on a connection that is its own. */
const misdeeds: readonly ((socket: WebSocket) => void)[] = [
  (socket) => {
    for (let n = 0; n < 60; n += 1) socket.send('{"type":"ping"}');
  },
  (socket) => socket.send('x'.repeat(60_000)),
  (socket) => socket.send('x'.repeat(300_000)),
  (socket) => socket.send(randomBytes(1000)),
  (socket) => rawOf(socket).write(Buffer.from([0x81, 0xfe, 0xff])),
  (socket) => rawOf(socket).write(Buffer.from([0xff, 0x80, 0, 0, 0, 0])),
  (socket) => {
    socket.send('{"type":"sub');
    setTimeout(() => socket.terminate(), 200);
  },
];

const begin = (): void => {
  again(20, () => open(WRONG_KEY));
  let turn = 0;
  again(25, () => {
    const misdeed = misdeeds[(turn += 1) % misdeeds.length]!;
    const socket = open(anyKey(), anyAddress());
    socket.once('message', () => misdeed(socket));
  });
  const stormy = anyKey();
  again(2000, () => {
    for (let n = 0; n < STORM; n += 1) open(stormy, anyAddress());
  });
  for (let n = 0; n < SLEEPERS; n += 1) {
    const sleep = (): void => {
      const socket = open(anyKey(), anyAddress());
      socket.once('message', () => {
        socket.send('{"type":"subscribe","filters":{},"after_seq":0}');
        socket.pause();
      });
      socket.once('close', () => setTimeout(sleep, 1000));
    };
    sleep();
  }
};

process.on('message', (order: { url: string }) => {
  if (url !== '') return void process.send!(counts);
  url = order.url;
  begin();
  return void setTimeout(() => process.send!(counts), 3000);
});
process.on('disconnect', () => process.exit(0));
