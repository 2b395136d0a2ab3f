import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** Before a request is passed on, after it was and before its answer is, or at an answer. */
export type Instant = 'before' | 'after' | 'answer';

interface Watch {
  instant: Instant;
  word: string;
  met(): void;
}

/**
 * A way to Redis that can be shut at an instant: the connection on which the word is seen passes
 * nothing on from there, and whoever uses it is held in the middle of what it does.
 */
export const startRedisGate = async (redis_url: string) => {
  const { hostname, port } = new URL(redis_url);
  const sockets = new Set<Socket>();
  let watch: Watch | null = null;
  const isMet = (instants: readonly Instant[], data: Buffer): Watch | null => {
    const met = watch && instants.includes(watch.instant) && data.includes(watch.word);
    return met ? watch : null;
  };
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    let asked: Watch | null = null;
    let isShut = false;
    near.on('data', (data) => {
      if (isShut) return;
      const met = isMet(['before', 'after'], data);
      if (met) watch = null;
      if (met?.instant === 'before') {
        isShut = true;
        return met.met();
      }
      asked ??= met;
      far.write(data);
    });
    far.on('data', (data) => {
      if (isShut) return;
      const met = asked ?? isMet(['answer'], data);
      if (!met) return void near.write(data);
      watch = null;
      isShut = true;
      met.met();
    });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.on('error', () => {});
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: redis_url.replace(`:${port}`, `:${(server.address() as AddressInfo).port}`),
    /** Resolves at the instant of what has the word, once. */
    shutAt: (instant: Instant, word: string): Promise<void> =>
      new Promise((met) => {
        watch = { instant, word, met };
      }),
    close: async (): Promise<void> => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
