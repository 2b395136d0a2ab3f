import { createServer, type AddressInfo } from 'node:net';

/** A TCP port on the loopback address that nothing listens on at this moment. */
export const freePort = async (): Promise<number> => (await freePorts(1))[0]!;

/** Several different free ports: all are held until the last one is known. */
export const freePorts = async (count: number): Promise<number[]> => {
  const servers = Array.from({ length: count }, () => createServer());
  try {
    await Promise.all(
      servers.map(
        (server) =>
          new Promise<void>((resolve, reject) =>
            server.once('error', reject).listen(0, '127.0.0.1', resolve),
          ),
      ),
    );
    return servers.map((server) => (server.address() as AddressInfo).port);
  } finally {
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  }
};
