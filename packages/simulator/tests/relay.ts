import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Relay {
  url: string;
  /** Paths with their queries, in the order in which they were asked for. */
  asked: string[];
  /**
   * What happens to the n-th request (from 1): it is passed on, cut, left without an answer, or
   * answered with a status.
   */
  decide: (number: number, path: string) => 'pass' | 'cut' | 'hang' | number;
  close(): Promise<void>;
}

/**
 * A relay on the way to a server, on a socket of its own: it writes down what is asked for and can
 * lose it.
 */
export const startRelay = async (target: string): Promise<Relay> => {
  const pass = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const headers = Object.fromEntries(
      Object.entries(request.headers).filter(([name]) => name.startsWith('apca-')),
    ) as Record<string, string>;
    const answer = await fetch(`${target}${request.url}`, { headers });
    response.writeHead(answer.status, {
      'content-type': answer.headers.get('content-type') ?? 'application/json',
    });
    response.end(Buffer.from(await answer.arrayBuffer()));
  };
  const server = createServer((request, response) => {
    relay.asked.push(request.url ?? '');
    const what = relay.decide(relay.asked.length, request.url ?? '');
    if (what === 'cut') request.socket.destroy();
    else if (what === 'pass') void pass(request, response);
    else if (typeof what === 'number')
      response
        .writeHead(what, { 'content-type': 'application/json' })
        .end('{"message": "as the test wants it"}');
  });
  const relay: Relay = {
    url: '',
    asked: [],
    decide: () => 'pass',
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  relay.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return relay;
};
