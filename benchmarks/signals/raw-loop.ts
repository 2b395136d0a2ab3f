/**
 * The floor: a `write` of the same bytes to every TCP socket, and no more of WebSockets than the answer to
 * an upgrade. What it costs is the runtime's and the kernel's.
 */
import { createHash } from 'node:crypto';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { frameText } from '../../services/orchestration/src/domain/frame-text.ts';

/** RFC 6455, 1.3. */
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const sockets = new Set<Socket>();

const server = createServer({ noDelay: true }, (socket) => {
  let asked = '';
  socket.on('data', (bytes) => {
    if (sockets.has(socket)) return;
    asked += bytes.toString('latin1');
    const key = /^sec-websocket-key: *(\S+)\r\n[^]*\r\n\r\n$/im.exec(asked)?.[1];
    if (key === undefined) return;
    const accept = createHash('sha1').update(`${key}${GUID}`).digest('base64');
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    sockets.add(socket);
  });
  socket.on('error', () => socket.destroy());
  socket.on('close', () => sockets.delete(socket));
});
server.listen(0, '127.0.0.1', () =>
  process.send!({ port: (server.address() as AddressInfo).port }),
);
process.on('message', (text: string) => {
  const frame = frameText(text);
  for (const socket of sockets) socket.write(frame);
});
process.on('disconnect', () => process.exit(0));
