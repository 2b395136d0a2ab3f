/** A bare loop over `ws`: the same text to every connection, in the simplest way. */
import { WebSocket, WebSocketServer } from 'ws';

const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
server.on('listening', () => process.send!({ port: (server.address() as { port: number }).port }));
process.on('message', (text: string) => {
  for (const client of server.clients) if (client.readyState === WebSocket.OPEN) client.send(text);
});
process.on('disconnect', () => process.exit(0));
