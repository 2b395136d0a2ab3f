import type { Server } from 'node:http';
import { ConfigError } from '@catalyst/runtime';

/** Resolves once the server listens; a port that is taken is a fault of the configuration. */
export const listen = (server: Server, port: number, host: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new ConfigError([
              `PORT: ${port} on ${host} is taken by another program: stop it or choose another port`,
            ])
          : error,
      ),
    );
    server.listen(port, host, resolve);
  });

/** Takes no more requests and resolves once those at hand are answered, after five seconds at most. */
export const endServer = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    // a connection whose request ends meanwhile is kept alive by its client: it must not keep
    // the service
    const idle = setInterval(() => server.closeIdleConnections(), 25);
    const all = setTimeout(() => server.closeAllConnections(), 5000);
    server.close(() => {
      clearInterval(idle);
      clearTimeout(all);
      resolve();
    });
    server.closeIdleConnections();
  });
