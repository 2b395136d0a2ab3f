import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serviceNames, type ServiceName } from '@catalyst/contracts';

/** Stand where the services would be, and tell what reached them. */
export const startEchoServices = async () => {
  const servers = new Map<ServiceName, Server>();
  const addresses = {} as Record<ServiceName, string>;
  /** Streams of /mcp that a test holds open: each waits for the test before it writes on. */
  let writeSecondEvent: () => void = () => {};

  const start = async (service: ServiceName): Promise<void> => {
    const server = createServer((request: IncomingMessage, response) => {
      if (request.url === '/mcp' && request.method === 'GET') {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: first\n\n');
        writeSecondEvent = () => response.end('data: second\n\n');
        return;
      }
      const chunks: Buffer[] = [];
      request
        .on('data', (chunk: Buffer) => chunks.push(chunk))
        .on('end', () => {
          const body = Buffer.concat(chunks);
          if (request.url === '/api/v1/orders' && request.method === 'POST') {
            response
              .writeHead(502, { 'content-type': 'application/json' })
              .end(
                '{"error":{"code":"VENDOR_ANSWERED_GARBAGE","message":"the service says so itself","details":{}}}',
              );
            return;
          }
          response.writeHead(200, { 'content-type': 'application/json' }).end(
            JSON.stringify({
              service,
              method: request.method,
              url: request.url,
              headers: request.headers,
              bytes: body.length,
            }),
          );
        });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    servers.set(service, server);
    addresses[service] = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  const stop = (service: ServiceName): Promise<unknown> => {
    const server = servers.get(service)!;
    server.closeAllConnections();
    return new Promise((done) => server.close(done));
  };

  for (const name of serviceNames) await start(name);
  return {
    /** host:port of each service. */
    addresses,
    stop,
    /** Writes the second and last event of the stream of /mcp that is open. */
    writeSecondEvent: () => writeSecondEvent(),
    close: async (): Promise<void> => {
      await Promise.all(serviceNames.map(stop));
    },
  };
};
export type EchoServices = Awaited<ReturnType<typeof startEchoServices>>;
