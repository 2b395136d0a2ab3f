import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRedis, freePorts } from '@catalyst/platform';
import { eventually } from '@catalyst/testkit';
import { Redis } from 'ioredis';

export interface OwnRedis {
  port: number;
  url: string;
  /** Ends it at once, with what it holds. */
  kill(): Promise<void>;
  /** Starts it again on its port, empty. */
  start(): Promise<void>;
  ask<T>(work: (redis: Redis) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** A Redis server of a test's own, which may be killed. */
export const startOwnRedis = async (
  port: number,
  more: readonly string[] = [],
): Promise<OwnRedis> => {
  const program = await findRedis({});
  if (program.kind !== 'program')
    throw new Error('these tests need a redis-server on this machine');
  const folder = mkdtempSync(join(tmpdir(), 'catalyst-redis-'));
  let child: ChildProcess | null = null;
  const own: OwnRedis = {
    port,
    url: `redis://127.0.0.1:${port}`,
    start: async () => {
      const log = join(folder, 'redis.log');
      const started = spawn(
        program.path,
        [
          ...['--port', String(port), '--bind', '127.0.0.1', '--save', ''],
          ...['--dir', folder, '--logfile', log, ...more],
        ],
        { argv0: 'redis-server', env: { ...process.env, ...program.env }, stdio: 'ignore' },
      );
      child = started;
      const ended = new Promise<never>((_, reject) =>
        started.once('exit', () =>
          reject(new Error(`redis-server ended:\n${readFileSync(log, 'utf8').slice(-1000)}`)),
        ),
      );
      ended.catch(() => undefined); // of one that was killed later
      await Promise.race([ended, eventually(() => own.ask((redis) => redis.ping()))]);
    },
    kill: async () => {
      const ending = child;
      child = null;
      if (ending?.exitCode !== null) return;
      const gone = new Promise((resolve) => ending.once('exit', resolve));
      ending.kill('SIGKILL');
      await gone;
    },
    ask: async (work) => {
      const redis = new Redis(port, '127.0.0.1', {
        lazyConnect: true,
        retryStrategy: () => null,
        maxRetriesPerRequest: 0,
      });
      redis.on('error', () => {});
      try {
        await redis.connect();
        return await work(redis);
      } finally {
        redis.disconnect();
      }
    },
    close: async () => {
      await own.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await own.start();
  return own;
};

const SLOTS = 16_384;

/** Three primaries with a replica each, on loopback. */
export const startRedisCluster = async () => {
  const ports = await freePorts(12);
  // by itself a node takes its port plus 10,000 for its neighbours, which any connection may have
  const busPortOf = (port: number): string => String(ports[ports.indexOf(port) + 6]);
  const nodes: OwnRedis[] = [];
  for (const port of ports.slice(0, 6))
    nodes.push(
      await startOwnRedis(port, [
        ...['--cluster-enabled', 'yes', '--cluster-node-timeout', '1000'],
        ...['--cluster-config-file', `nodes-${port}.conf`, '--cluster-port', busPortOf(port)],
      ]),
    );
  const [first, ...others] = nodes as [OwnRedis, ...OwnRedis[]];
  for (const [index, node] of nodes.slice(0, 3).entries()) {
    const from = Math.ceil((index * SLOTS) / 3);
    const to = Math.ceil(((index + 1) * SLOTS) / 3);
    const slots = Array.from({ length: to - from }, (_, slot) => from + slot);
    await node.ask((redis) => redis.call('CLUSTER', 'ADDSLOTS', ...slots));
  }
  for (const [index, node] of nodes.entries())
    await node.ask((redis) => redis.call('CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1)));
  for (const node of others)
    await first.ask((redis) =>
      redis.call('CLUSTER', 'MEET', '127.0.0.1', String(node.port), busPortOf(node.port)),
    );
  const idOf = (node: OwnRedis) =>
    node.ask((redis) => redis.call('CLUSTER', 'MYID') as Promise<string>);
  for (const [index, replica] of nodes.slice(3).entries()) {
    const id = await idOf(nodes[index]!);
    await eventually(() => replica.ask((redis) => redis.call('CLUSTER', 'REPLICATE', id)));
  }
  const isSettled = async (node: OwnRedis): Promise<void> => {
    const info = await node.ask((redis) => redis.call('CLUSTER', 'INFO') as Promise<string>);
    const known = await node.ask((redis) => redis.call('CLUSTER', 'NODES') as Promise<string>);
    if (!info.includes('cluster_state:ok') || (known.match(/slave/g) ?? []).length !== 3)
      throw new Error(info);
  };
  for (const node of nodes) await eventually(() => isSettled(node));
  return {
    url: nodes.map(({ url }) => url).join(','),
    /** The primary that holds a key. */
    ownerOf: async (key: string): Promise<OwnRedis> => {
      const slot = Number(await first.ask((redis) => redis.call('CLUSTER', 'KEYSLOT', key)));
      return nodes[Math.min(2, Math.floor((slot * 3) / SLOTS))]!;
    },
    close: () => Promise.all(nodes.map((node) => node.close())),
  };
};
