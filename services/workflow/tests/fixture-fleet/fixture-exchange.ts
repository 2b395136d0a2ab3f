import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The control side of an exchange: a clock that is stepped and a counter of trade updates. */
export interface FixtureExchange {
  url: string;
  now: string;
  seq: number;
  steps: string[];
  onStep: ((to: string) => Promise<void>) | null;
  close(): Promise<void>;
}

const readBody = async (request: AsyncIterable<Buffer>): Promise<unknown> => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  return parts.length > 0 ? JSON.parse(Buffer.concat(parts).toString()) : null;
};

export const startFixtureExchange = async (startsAt: string): Promise<FixtureExchange> => {
  const server: Server = createServer((request, response) => {
    void (async () => {
      const body = (await readBody(request)) as { to: string } | null;
      if (request.url === '/sim/step' && body && body.to > exchange.now) {
        exchange.now = body.to;
        exchange.steps.push(body.to);
        await exchange.onStep?.(body.to);
      }
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ now: exchange.now, seq: exchange.seq }));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const exchange: FixtureExchange = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    now: startsAt,
    seq: 0,
    steps: [],
    onStep: null,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return exchange;
};
