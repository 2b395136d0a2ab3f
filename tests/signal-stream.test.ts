import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@catalyst/testkit';
import { createAskSignals } from './ask-signals.ts';
import { startSignalDesk, type SignalDesk } from './signal-desk.ts';
import { openStream } from './signal-socket.ts';
import { describeBadSpeech } from './signal-stream/bad-speech.ts';
import { itFollowsItsClients } from './signal-stream/clients-change.ts';
import type { OpenedDesk } from './signal-stream/opened-desk.ts';

let desk: SignalDesk;
let ann: { client_id: string; key: string };
/** Hears and says nothing from the first test to the last. */
let silent: ReturnType<typeof openStream>;
let pings = 0;
const opened: ReturnType<typeof openStream>[] = [];
const open = async (key?: string, options: object = {}) => {
  const stream = openStream(desk.copies[0]!.url, options);
  opened.push(stream);
  await stream.opened();
  if (key !== undefined) stream.say({ type: 'auth', key });
  return stream;
};
const rest = createAskSignals(() => desk);
const shared = { open, rest } as OpenedDesk;

beforeAll(async () => {
  desk = await startSignalDesk();
  await desk.write(20);
  ann = await desk.newClient('ann');
  Object.assign(shared, { desk, ann });
  const quiet = await desk.newClient('quiet');
  silent = openStream(desk.copies[0]!.url);
  await silent.opened();
  silent.socket.on('ping', () => (pings += 1));
  silent.say({ type: 'auth', key: quiet.key });
  await silent.next('welcome');
  silent.say({ type: 'subscribe', after_seq: 0, filters: { symbols: ['ZZZ'] } });
  await silent.next('backfill');
}, 60_000);
afterEach(() => {
  for (const { socket } of opened.splice(0)) socket.terminate();
});
afterAll(() => desk?.close());
describe('the stream', () => {
  it('welcomes, sends what was missed, and says where live begins', async () => {
    const stream = await open(ann.key);
    expect(await stream.next('welcome')).toMatchObject({
      client_id: ann.client_id,
      name: 'ann',
      scope: 'trade',
      seq: 20,
      limits: { messages_per_second: 8 },
    });
    stream.say({ type: 'subscribe', filters: {}, after_seq: 5 });
    expect(await stream.next('backfill')).toEqual({ type: 'backfill', seq: 20, sent: 15 });
    const rows = stream.of('signal');
    expect(rows.map(({ signal }) => signal)).toEqual((await desk.log()).slice(5));
    expect(rows.map(({ after }) => after)).toEqual(rows.map((_, index) => index + 5));
    await desk.write(3);
    await eventually(() => expect(stream.of('signal')).toHaveLength(18));
    expect(stream.of('signal').map(({ signal }) => signal.seq)).toEqual(
      Array.from({ length: 18 }, (_, index) => index + 6),
    );
  });
  it('takes the key as a header, and a token that came of it', async () => {
    const { body } = await rest('token', ann.key, { method: 'POST' });
    const { token } = body as { token: string };
    for (const headers of [{ 'x-api-key': ann.key }, { authorization: `Bearer ${token}` }]) {
      const stream = await open(undefined, { headers });
      expect(await stream.next('welcome')).toMatchObject({ client_id: ann.client_id });
    }
    const forged = `${token.split('.').slice(0, 2).join('.')}.${'A'.repeat(43)}`;
    const stream = await open(forged);
    expect(await stream.next('error')).toMatchObject({ code: 'WRONG_KEY' });
    expect(await stream.closed).toBe(4002);
  });
  it('filters, changes filters from one row to the next, and covers what it held back', async () => {
    const stream = await open(ann.key);
    await stream.next('welcome');
    stream.say({ type: 'subscribe', filters: { min_confidence: 0.7 }, after_seq: 0 });
    const { seq, sent } = await stream.next('backfill');
    const rows = stream.of('signal').map(({ signal }) => signal);
    expect(rows).toHaveLength(sent);
    expect(rows.every((row) => !('confidence' in row) || row.confidence >= 0.7)).toBe(true);
    expect(seq).toBe((await desk.log()).length);
    stream.say({ type: 'update_filters', filters: { symbols: ['zzz'] } });
    expect(await stream.next('filters_updated')).toMatchObject({ filters: { symbols: ['ZZZ'] } });
    await desk.write(2);
    stream.say({ type: 'update_filters', filters: {} });
    await stream.next('filters_updated', 2);
    await desk.write(1);
    // what was written before it may still come, or was held back
    const last = (await desk.log()).length;
    await eventually(() => expect(stream.of('signal').at(-1)!.signal.seq).toBe(last));
  });
  it('takes acks up to what it sent, and feedback once, about a signal that there is', async () => {
    const stream = await open(ann.key);
    await stream.next('welcome');
    stream.say({ type: 'subscribe', after_seq: 0 });
    const { seq } = await stream.next('backfill');
    stream.say({ type: 'ack', seq });
    expect(await stream.next('ack_recorded')).toEqual({ type: 'ack_recorded', seq });
    stream.say({ type: 'ack', seq: seq + 1 });
    expect(await stream.next('error')).toMatchObject({ code: 'SEQ_AHEAD' });
    const { signal_id } = stream
      .of('signal')
      .find(({ signal }) => signal.kind === 'signal')!.signal;
    const told = { signal_id, outcome: 'entered', entry_price: '50.05', delay_ms: 120 };
    stream.say({ type: 'feedback', ...told });
    await stream.next('feedback_recorded');
    const again = await rest('feedback', ann.key, { method: 'POST', body: JSON.stringify(told) });
    expect(again.body).toMatchObject({ is_new: false });
    stream.say({ type: 'feedback', signal_id: ann.client_id, outcome: 'entered' });
    expect(await stream.next('error', 2)).toMatchObject({ code: 'UNKNOWN_SIGNAL' });
    await eventually(async () => {
      const { clients } = await desk.desk.listSignalClients();
      expect(clients.find(({ name }) => name === 'ann')).toMatchObject({
        last_acked_seq: seq,
        last_delivered_seq: seq,
        lag: 0,
        health: 'healthy',
        feedback: { entered: 1 },
        told_entries: 1,
        delay_ms: 120,
      });
    });
  });
  it.each([
    ['nothing', undefined, 'auth_timeout', 4001],
    ['a key that nobody has', 'x'.repeat(43), 'auth_refused', 4002],
  ])(
    'ends after %s instead of a key',
    async (_, key, reason, code) => {
      const stream = await open(key);
      expect(await stream.next('goodbye')).toMatchObject({ reason, resume_after_seq: null });
      expect(await stream.closed).toBe(code);
    },
    15_000,
  );
  it('gives a key one session: the newer', async () => {
    const first = await open(ann.key);
    await first.next('welcome');
    const second = await open(ann.key);
    await second.next('welcome');
    expect(await first.next('goodbye')).toMatchObject({ reason: 'replaced' });
    expect(await first.closed).toBe(4005);
    const flag = {
      is_enabled: true,
      percentage: 0,
      allow_list: ['ann'],
      by: 'op',
      reason: 'two laptops',
    };
    await desk.desk.setFlag({ params: { flag: 'multiple_sessions' }, body: flag });
    await second.next('config_updated');
    const third = await open(ann.key);
    await third.next('welcome');
    expect(second.of('goodbye')).toEqual([]);
    await desk.desk.setFlag({
      params: { flag: 'multiple_sessions' },
      body: { ...flag, is_enabled: false },
    });
    await second.next('config_updated', 2);
  });
  it('is told goodbye by a copy that is updated, also before it has shown its key', async () => {
    const copy = await desk.startCopy();
    const streams = [{}, { headers: { 'x-api-key': ann.key } }].map((options) =>
      openStream(copy.url, options),
    );
    await streams[0]!.opened();
    await streams[1]!.next('welcome');
    await copy.close();
    for (const stream of streams) {
      expect(await stream.closed).toBe(1012);
      expect(stream.of('goodbye')).toMatchObject([
        { reason: 'deploy', resume_after_seq: null, reconnect_after_ms: expect.any(Number) },
      ]);
    }
  });

  itFollowsItsClients(shared);
});

describeBadSpeech(shared);

it('the log is read again without a gap, and states that were not kept with it are told', async () => {
  const log = await desk.log();
  expect(await desk.desk.replaySignals({ query: {} })).toMatchObject({
    from_seq: 1,
    to_seq: log.length,
    rows: log.length,
    gaps: [],
    // this test writes rows of the log without the desk's flow, which keeps their states
    differences: expect.arrayContaining([
      expect.objectContaining({ kept: 'nothing', replayed: expect.stringContaining('announced') }),
    ]),
  });
});

it('who hears nothing for half a minute is told how far the log is, with one question whether it is there', async () => {
  const { seq, after, components } = await eventually(() => {
    const [beat] = silent.of('heartbeat');
    if (!beat) throw new Error('no heartbeat yet');
    return beat;
  }, 45_000);
  expect(after).toBe(20);
  expect(seq).toBeGreaterThanOrEqual(after);
  expect(components).toMatchObject({ orchestration: 'healthy', log: 'healthy' });
  await eventually(() => expect(pings).toBe(silent.of('heartbeat').length));
  silent.socket.terminate();
}, 60_000);
