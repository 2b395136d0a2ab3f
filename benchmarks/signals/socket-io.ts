/** The same over socket.io, in the simplest way: one event to every connection. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';

const http = createServer();
const server = new Server(http, { transports: ['websocket'], perMessageDeflate: false });
http.listen(0, '127.0.0.1', () => process.send!({ port: (http.address() as AddressInfo).port }));
process.on('message', (text: string) => server.emit('signal', text));
process.on('disconnect', () => process.exit(0));
