import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface CaughtCall {
  headers: IncomingHttpHeaders;
  text: string;
  body: { id: string; text: string; alerts: Record<string, unknown>[] };
}

/** A real HTTP server that keeps what is posted to it. */
export const startWebhook = async () => {
  const calls: CaughtCall[] = [];
  let status = 204;
  let onCall: () => void = () => {};
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      if (status < 300) calls.push({ headers: request.headers, text, body: JSON.parse(text) });
      onCall();
      response.writeHead(status, { location: '/elsewhere' }).end('the other side says much');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    calls,
    answer: (next: number) => void (status = next),
    onCall: (work: () => void) => void (onCall = work),
    close: () => new Promise<void>((resolve) => void server.close(() => resolve())),
  };
};
