import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { signalFilters, signalStreamKey, type SignalFilters } from '@catalyst/contracts';
import { freePort } from '@catalyst/platform';
import { eventually } from '@catalyst/testkit';
import { passes } from '../services/orchestration/src/domain/signal-filter.ts';
import { startOwnRedis, type OwnRedis } from './redis-servers.ts';
import { startSignalDesk, type SignalDesk } from './signal-desk.ts';
import { startFollower } from './signal-follower.ts';

const CLIENTS = 50;
const ROUNDS = 24;
const ROWS = 12;

const chosen = <T>(from: readonly T[]): T => from[randomInt(from.length)]!;
const some = <T>(value: T): T | undefined => (randomInt(2) === 0 ? value : undefined);
const randomFilters = (): SignalFilters =>
  signalFilters.parse({
    min_confidence: some(randomInt(10) / 10),
    max_price: some(5 + randomInt(40)),
    min_rvol: some(1 + randomInt(5)),
    min_market_cap: randomInt(6) === 0 ? 1e8 : undefined,
    catalyst_types: some([chosen(['earnings', 'FDA']), 'legal']),
    sectors: some(['Energy', 'Health Care']),
    symbols: some(['AAA', 'BBB', 'CCC', 'DDD']),
  });

describe('fifty clients over a day of cuts, slow readers, killed copies and a Redis that is lost', () => {
  let redis: OwnRedis;
  let desk: SignalDesk;
  let followers: ReturnType<typeof startFollower>[] = [];

  beforeAll(async () => {
    redis = await startOwnRedis(await freePort());
    desk = await startSignalDesk({ copies: 2, redis_url: redis.url, as_processes: true });
    const clients = [];
    for (let n = 0; n < CLIENTS; n += 1) clients.push(await desk.newClient(`friend-${n}`));
    followers = clients.map(({ key }, n) =>
      startFollower(desk.copies, key, n === 0 ? {} : randomFilters()),
    );
  }, 120_000);
  afterAll(async () => {
    for (const follower of followers) follower.stop();
    await desk?.close();
    await redis?.close();
  });

  it('each receive exactly what their filter lets through of the log, in order, once', async () => {
    const [first, second] = desk.copies;
    const all = followers[0]!;
    const blows: Record<number, () => Promise<unknown>> = {
      6: () => first!.kill!(),
      8: () => first!.start!(),
      11: () => redis.kill(),
      14: () => redis.start(),
      17: () => second!.kill!(),
      18: () => second!.start!(),
      21: () => redis.ask((server) => server.flushall()),
    };
    for (let round = 1; round <= ROUNDS; round += 1) {
      await blows[round]?.();
      for (let n = 0; n < 3; n += 1) chosen(followers).cut();
      const slow = chosen(followers.slice(1));
      slow.stall();
      await desk.write(ROWS);
      await eventually(() => expect(all.cursor()).toBe(round * ROWS));
      slow.go();
    }
    const log = await desk.log();
    expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => index + 1));
    for (const [n, { filters, received, faults }] of followers.entries()) {
      const expected = log.filter((row) => passes(filters, row));
      await eventually(() =>
        expect([n, faults, received.length]).toEqual([n, [], expected.length]),
      );
      expect(received).toEqual(expected);
    }
    expect(followers.reduce((sum, { sessions }) => sum + sessions(), 0)).toBeGreaterThan(
      CLIENTS * 2,
    );
    // Redis came back empty, and holds what the log does
    const key = signalStreamKey((await desk.desk.watchSignals({ query: {} })).log_id);
    await eventually(async () =>
      expect(await redis.ask((server) => server.xlen(key))).toBe(log.length),
    );
  }, 240_000);
  it('get each row from the nearest place that has it: a copy, Redis, or the database', async () => {
    const pages = await Promise.all(
      desk.copies.map(async ({ url }) => (await fetch(`${url}/metrics`)).text()),
    );
    for (const layer of ['memory', 'redis', 'database'])
      expect(pages.join('\n')).toMatch(
        new RegExp(`^catalyst_signal_rows_from_${layer}_total\\{.*\\} [1-9]`, 'm'),
      );
  });
  it('are each known by the desk with what they were sent', async () => {
    await eventually(async () => {
      const { clients } = await desk.desk.listSignalClients();
      for (const [n, { received }] of followers.entries()) {
        const standing = clients.find(({ name }) => name === `friend-${n}`)!;
        // a copy that is killed takes a second of its facts with it
        expect(standing.deliveries).toBeLessThanOrEqual(received.length);
        expect(standing.last_delivered_seq).toBe(received.at(-1)?.seq ?? 0);
      }
    });
  });
});
