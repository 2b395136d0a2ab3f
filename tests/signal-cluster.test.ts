import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { signalStreamKey } from '@catalyst/contracts';
import { eventually } from '@catalyst/testkit';
import { startRedisCluster } from './redis-servers.ts';
import { openStream, startSignalDesk, type SignalDesk } from './signal-desk.ts';

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
