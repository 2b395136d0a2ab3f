import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { signalStreamKey } from '@catalyst/contracts';
import { provideRedis, tryRedis } from '@catalyst/platform';
import { eventually } from '@catalyst/testkit';
import { startRedisCluster } from './redis-servers.ts';
import { startSignalDesk, type SignalDesk } from './signal-desk.ts';
import { openStream } from './signal-socket.ts';

let cluster: Awaited<ReturnType<typeof startRedisCluster>>;
let desk: SignalDesk;

beforeAll(async () => {
  cluster = await startRedisCluster();
  desk = await startSignalDesk({ copies: 2, redis_url: cluster.url });
}, 120_000);
afterAll(async () => {
  await desk?.close();
  await cluster?.close();
});

it('a cluster is taken by whoever looks at it before a desk starts, and none where no node answers', async () => {
  const provide = (REDIS_URL: string) => provideRedis({ REDIS_URL }, { data_dir: '' });
  expect(await provide(cluster.url)).toMatchObject({ url: cluster.url, is_given: true });
  await tryRedis(cluster.url);
  await expect(provide('redis://:secret@127.0.0.1:9,redis://:secret@127.0.0.1:9')).rejects.toThrow(
    /:\*\*\*@127.0.0.1:9,redis:\/\/:\*\*\*@127.0.0.1:9 does not answer/,
  );
  await expect(provide('redis://127.0.0.1:6379,nowhere')).rejects.toThrow('with commas between');
});

it('on a cluster of six Redis servers, the death of the primary that holds the stream costs no signal', async () => {
  const streams = await Promise.all(
    desk.copies.map(async ({ url }, n) => {
      const { key } = await desk.newClient(`friend-${n}`);
      const stream = openStream(url, { headers: { 'x-api-key': key } });
      await stream.next('welcome');
      stream.say({ type: 'subscribe', after_seq: 0 });
      await stream.next('backfill');
      return stream;
    }),
  );
  const allAt = (seq: number) =>
    eventually(() => {
      for (const stream of streams)
        expect(stream.of('signal').map(({ signal }) => signal.seq)).toEqual(
          Array.from({ length: seq }, (_, index) => index + 1),
        );
    });
  await desk.write(20);
  await allAt(20);
  const { log_id } = await desk.desk.watchSignals({ query: {} });
  const key = signalStreamKey(log_id);
  const owner = await cluster.ownerOf(key);
  await eventually(async () => expect(await owner.ask((redis) => redis.xlen(key))).toBe(20));
  await owner.kill();
  await desk.write(20);
  await allAt(40);
  for (const { socket } of streams) socket.terminate();
}, 120_000);
