import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { stableId } from '@catalyst/domain';
import { sharedRedis } from '@catalyst/platform';
import { createTestDatabase, eventually, type TestDatabase } from '@catalyst/testkit';
import { Redis } from 'ioredis';
import { createEventBus, type EventBus } from '../src/bus/event-bus.ts';
import { createLog, systemClock } from '@catalyst/runtime';
import { createMetrics } from '../src/metrics.ts';

const clock = {
  ...systemClock,
  now: () => '2026-03-24T14:00:00.000Z',
  latest: () => '2026-03-24T14:00:00.000Z',
};
const payload = {
  cycle_id: null,
  severity: 'info' as const,
  code: 'TEST',
  message: 'hello',
  used_ratio: null,
};
let database: TestDatabase;
let redisUrl: string;
const open: EventBus[] = [];
const bus = (run_id: string, service = 'risk'): EventBus => {
  const made = createEventBus({
    service,
    run_id,
    redis_url: redisUrl,
    database: database.database,
    clock,
    log: createLog('test', 'error'),
    metrics: createMetrics('test'),
  });
  open.push(made);
  return made;
};

beforeEach(async () => {
  database = await createTestDatabase();
  redisUrl = (await sharedRedis()).url;
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((made) => made.close()));
  await database.drop();
});

describe('the event bus', () => {
  it('publishes what was committed, in order, and nothing that was rolled back', async () => {
    const heard: number[] = [];
    await bus('run-1', 'workflow').subscribe({
      'catalyst:risk_alert': (_payload, { seq }) => void heard.push(seq),
    });
    const publisher = bus('run-1');
    for (let index = 0; index < 20; index += 1)
      await database.database.transaction(async (tx) =>
        publisher.stage(tx, 'catalyst:risk_alert', payload),
      );
    await database.database
      .transaction(async (tx) => {
        publisher.stage(tx, 'catalyst:risk_alert', payload);
        throw new Error('rolled back');
      })
      .catch(() => undefined);
    await publisher.flush();
    await eventually(() =>
      expect(heard).toEqual(Array.from({ length: 20 }, (_, index) => index + 1)),
    );
  });

  it('publishes after a restart what a crash left waiting, with the numbers it had', async () => {
    const heard: string[] = [];
    const listener = bus('run-2', 'workflow');
    await listener.subscribe({
      'catalyst:risk_alert': (_payload, message) => void heard.push(message.id),
    });
    await database.database.query("INSERT INTO stream_heads VALUES ('outbox:risk', 1)");
    const id = stableId('event', 'run-2', 'risk', 1);
    const envelope = {
      id,
      name: 'catalyst:risk_alert',
      version: 1,
      seq: 1,
      at: clock.now(),
      source: 'risk',
      run_id: 'run-2',
      request_id: 'r',
      causation_id: null,
      payload,
    };
    await database.database.query(
      'INSERT INTO outbox (service, seq, event_id, channel, envelope, created_at) VALUES ($1, 1, $2, $3, $4, $5)',
      ['risk', id, 'catalyst:risk_alert', JSON.stringify(envelope), clock.now()],
    );
    await bus('run-2').flush();
    await eventually(() => expect(heard).toContain(id));
    expect(
      await database.database.query('SELECT 1 FROM outbox WHERE published_at IS NULL'),
    ).toEqual([]);
  });

  it('drops what belongs to another run, and what is not an event', async () => {
    const heard: string[] = [];
    await bus('run-3', 'workflow').subscribe({
      'catalyst:risk_alert': ({ code }) => void heard.push(code),
    });
    const stranger = new Redis(redisUrl);
    await stranger.publish('catalyst:risk_alert', '{"not":"an envelope"}');
    await stranger.publish('catalyst:risk_alert', 'garbage');
    const message = (run_id: string, code: string) =>
      JSON.stringify({
        id: stableId(run_id, code),
        name: 'catalyst:risk_alert',
        version: 1,
        seq: 1,
        at: clock.now(),
        source: 'risk',
        run_id,
        request_id: 'r',
        causation_id: null,
        payload: { ...payload, code },
      });
    await stranger.publish('catalyst:risk_alert', message('run-4', 'FOREIGN'));
    await stranger.publish('catalyst:risk_alert', message('run-3', 'OURS'));
    await eventually(() => expect(heard).toEqual(['OURS']));
    stranger.disconnect();
  });
});
