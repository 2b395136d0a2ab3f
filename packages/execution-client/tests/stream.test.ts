import { afterEach, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@catalyst/testkit';
import type { Log } from '@catalyst/runtime';
import { createSignalStore, type SignalStore } from '../src/store/signal-store.ts';
import { openLocalDatabase } from '../src/store/local-database.ts';
import { openSignalStream, type SignalStream } from '../src/stream/signal-stream.ts';
import { buySignal, startSmallDesk, type SmallDesk } from './small-desk.ts';

const silent = () => undefined;
const log: Log = { debug: silent, info: silent, warn: silent, error: silent };
const signalOf = (seq: number) =>
  buySignal(seq, 'ORRI', '2026-03-24T14:30:00.000Z', { entry: '20', stop: '19.5', target: '21' });

let ends: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.reverse()) await end();
  ends = [];
});

const listenTo = async (
  desk: SmallDesk,
): Promise<{ store: SignalStore; stream: SignalStream; numbers: () => number[] }> => {
  const folder = mkdtempSync(join(tmpdir(), 'catalyst-client-test-'));
  const database = openLocalDatabase(join(folder, 'client.db'));
  const store = createSignalStore(database);
  let of = '';
  const stream = openSignalStream({
    address: desk.address,
    pin: null,
    key: 'a key',
    log,
    random: () => 0,
    handlers: {
      onWelcome: async ({ log_id, configuration }) => {
        of = log_id;
        const cursor = store.cursor();
        if (cursor?.log_id !== log_id) await store.begin(log_id, 0, configuration);
        return { after_seq: cursor?.log_id === log_id ? cursor.last_seq : null, filters: {} };
      },
      onSubscribed: ({ after_seq }) => store.begin(of, after_seq, desk.configuration),
      onSignal: (frame) => store.take(frame, '2026-03-24T14:30:01.000Z'),
      onSeen: ({ after, seq }) => store.seen(after, seq),
      onConfiguration: ({ configuration }) => store.configure(configuration),
      onFeedbackRecorded: async () => {},
      onError: async () => {},
    },
  });
  ends.push(() => {
    stream.stop();
    database.close();
    rmSync(folder, { recursive: true });
  });
  await eventually(() => expect(stream.state().state).toBe('live'));
  return {
    store,
    stream,
    numbers: () =>
      store
        .latest(1000)
        .map(({ signal }) => signal.seq)
        .sort((a, b) => a - b),
  };
};
const openDesk = async (): Promise<SmallDesk> => {
  const desk = await startSmallDesk();
  ends.push(() => desk.close());
  return desk;
};

test('a new client hears what comes from now on, and acknowledged numbers never come again', async () => {
  const desk = await openDesk();
  desk.publish(signalOf(1));
  const { numbers, store } = await listenTo(desk);
  desk.publish(signalOf(2));
  await eventually(() => expect(numbers()).toEqual([2]));
  expect(store.cursor()).toMatchObject({ last_seq: 2 });
});

test('a signal that was lost on its way is asked for again before anything after it is taken', async () => {
  const desk = await openDesk();
  const { numbers } = await listenTo(desk);
  desk.publish(signalOf(1));
  desk.losing.add(2);
  desk.publish(signalOf(2));
  desk.publish(signalOf(3));
  await eventually(() => expect(numbers()).toEqual([1, 2, 3]));
});

test('a heartbeat tells of a lost signal, and covers numbers that did not concern the client', async () => {
  const desk = await openDesk();
  const { numbers, store } = await listenTo(desk);
  const beat = { type: 'heartbeat', server_time: '2026-03-24T14:30:30.000Z', components: {} };
  desk.send(JSON.stringify({ ...beat, after: 0, seq: 5 }));
  await eventually(() => expect(store.cursor()).toMatchObject({ last_seq: 5 }));
  desk.log.push(signalOf(6));
  desk.send(JSON.stringify({ ...beat, after: 6, seq: 6 }));
  await eventually(() => expect(numbers()).toEqual([6]));
});

test('after a cut, what came meanwhile comes once and in order', async () => {
  const desk = await openDesk();
  const { numbers, stream } = await listenTo(desk);
  desk.publish(signalOf(1));
  await eventually(() => expect(numbers()).toEqual([1]));
  desk.cut();
  await eventually(() => expect(stream.state().state).not.toBe('live'));
  for (const seq of [2, 3, 4]) desk.log.push(signalOf(seq));
  await eventually(() => expect(numbers()).toEqual([1, 2, 3, 4]));
});

test('a kind of signal that this client does not know is passed over, and its number is no hole', async () => {
  const desk = await openDesk();
  const { numbers } = await listenTo(desk);
  desk.send(JSON.stringify({ type: 'signal', after: 0, signal: { seq: 1, kind: 'song' } }));
  desk.send(JSON.stringify({ type: 'signal', after: 1, signal: signalOf(2) }));
  await eventually(() => expect(numbers()).toEqual([2]));
  expect(desk.received.filter(({ type }) => type === 'auth')).toHaveLength(1);
});

test('a goodbye brings it back when it is asked to, and not at all where it is final', async () => {
  const desk = await openDesk();
  const { stream } = await listenTo(desk);
  const goodbye = { type: 'goodbye', resume_after_seq: null, reconnect_after_ms: 1 } as const;
  desk.send({ ...goodbye, reason: 'deploy', message: 'a new version' });
  await eventually(() => {
    expect(desk.received.filter(({ type }) => type === 'auth')).toHaveLength(2);
    expect(stream.state().state).toBe('live');
  });
  desk.send({ ...goodbye, reason: 'revoked', message: 'the key was revoked' });
  await eventually(() =>
    expect(stream.state()).toEqual({ state: 'refused', reason: 'the key was revoked' }),
  );
});

test("a desk's new log is begun from where the desk goes on", async () => {
  const desk = await openDesk();
  const { numbers, store } = await listenTo(desk);
  desk.publish(signalOf(1));
  await eventually(() => expect(numbers()).toEqual([1]));
  desk.log_id = 'another';
  desk.log.length = 0;
  desk.cut();
  await eventually(() => expect(store.cursor()).toMatchObject({ log_id: 'another', last_seq: 0 }));
});

test('plain http to another machine is refused', () => {
  expect(() =>
    openSignalStream({
      address: 'http://desk.example',
      pin: null,
      key: 'a key',
      log,
      handlers: {} as never,
    }),
  ).toThrow('http is for this machine alone');
});
