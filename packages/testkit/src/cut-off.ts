import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A way to a server that a test cuts off, or lets hang, and mends, as a network does. */
export interface CutOff {
  url: string;
  /** Ends every connection and takes no new one until it is mended. */
  cut(): void;
  /** Takes connections and lets nothing pass on any, until it is mended; then those end. */
  hang(): void;
  mend(): void;
  close(): Promise<void>;
}

/** Stands between a client and the server of `url`, on a port of its own. */
export const startCutOff = async (url: string): Promise<CutOff> => {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let isCut = false;
  let isHanging = false;
  const server = createServer((client) => {
    if (isCut) return void client.destroy();
    if (isHanging) {
      sockets.add(client.pause());
      client.on('error', () => client.destroy()).on('close', () => sockets.delete(client));
      return;
    }
    const upstream = connect(Number(target.port), target.hostname);
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const own = new URL(url);
  own.hostname = '127.0.0.1';
  own.port = String((server.address() as AddressInfo).port);
  const endAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: own.href,
    cut: () => {
      isCut = true;
      endAll();
    },
    hang: () => {
      isHanging = true;
      for (const socket of sockets) socket.unpipe().pause();
    },
    mend: () => {
      if (isHanging) endAll();
      [isCut, isHanging] = [false, false];
    },
    close: async () => {
      endAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
