import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { REDIRECT } from './oauth-client.ts';

/** A site at which a client publishes what it is. */
export const startDocuments = async (folder: string) => {
  const pages = new Map<string, { status?: number; headers?: object; body: string }>();
  const server: Server = createServer(
    {
      key: readFileSync(join(folder, 'tls.key')),
      cert: readFileSync(join(folder, 'tls.crt')),
    },
    (request, response) => {
      const { status = 200, headers, body } = pages.get(request.url!) ?? { status: 404, body: '' };
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
    },
  );
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const origin = `https://localhost:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    publish: (path: string, fields: object = {}): string => {
      const client_id = `${origin}${path}`;
      pages.set(path, {
        body: JSON.stringify({
          client_id,
          client_name: 'Claude by document',
          redirect_uris: [REDIRECT],
          token_endpoint_auth_method: 'none',
          grant_types: ['authorization_code', 'refresh_token'],
          ...fields,
        }),
      });
      return client_id;
    },
    serve: (path: string, page: { status?: number; headers?: object; body: string }): string => {
      pages.set(path, page);
      return `${origin}${path}`;
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((done) => server.close(done));
    },
  };
};
