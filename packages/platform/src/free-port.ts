import { createServer } from 'node:net';

/**
 * Below the ports that Linux gives to connections on their way out, which could take a port between
 * its choice and its use; above what services commonly listen on.
 */
const first_port = 20_000;
/** Each process has a block of its own, so that those that start side by side do not meet. */
const block_ports = 60;
const blocks = 200;
let taken = 0;

/** Whether nothing listens on a port of the loopback address at this moment. */
export const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server
      .once('error', () => resolve(false))
      .listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });

/** A TCP port on the loopback address that nothing listens on at this moment. */
export const freePort = async (): Promise<number> => {
  const block = (process.pid % blocks) * block_ports;
  for (let tries = 0; tries < blocks * block_ports; tries += 1) {
    const port = first_port + ((block + taken++) % (blocks * block_ports));
    if (await isFree(port)) return port;
  }
  throw new Error(`no port of the loopback address is free from ${first_port} on`);
};

/** Several different free ports. */
export const freePorts = async (count: number): Promise<number[]> => {
  const ports: number[] = [];
  while (ports.length < count) ports.push(await freePort());
  return ports;
};
