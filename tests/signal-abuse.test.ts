import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@catalyst/testkit';
import { startSignalDesk, type SignalDesk } from './signal-desk.ts';
import { openStream, randomAddress } from './signal-socket.ts';

type Stream = ReturnType<typeof openStream>;
interface Client {
  client_id: string;
  key: string;
}

const STORM = 1000;
/** Of one address in five minutes. */
const FROM_ONE_ADDRESS = 300;

/** 12 MB in rows of 60 kB. */
const LONG_ROWS = 200;
const LONG = 60_000;

let desk: SignalDesk;
let healthy: Client;
let liar: Client;
let stream: Stream;
const open = (key: string, address = randomAddress()): Stream =>
  openStream(desk.copies[0]!.url, { headers: { 'x-api-key': key, 'x-real-ip': address } });
const seqs = (of: Stream): number[] => of.of('signal').map(({ signal }) => signal.seq);
const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);
const follow = async (key: string, after_seq: number): Promise<Stream> => {
  const opened = open(key);
  await opened.next('welcome');
  opened.say({ type: 'subscribe', filters: {}, after_seq });
  await opened.next('backfill');
  return opened;
};

/** Of the desk's process, in bytes. */
const memory = (): number =>
  Number(
    /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${desk.copies[0]!.pid!()}/status`, 'utf8'))![1],
  ) * 1024;
const metrics = async (): Promise<Record<string, number>> => {
  const text = await (await fetch(`${desk.copies[0]!.url}/metrics`)).text();
  return Object.fromEntries(
    [...text.matchAll(/^catalyst_(signal_\w+)\{[^}]*\} (\S+)$/gm)].map(([, name, value]) => [
      name,
      Number(value),
    ]),
  );
};

beforeAll(async () => {
  desk = await startSignalDesk({ as_processes: true });
  healthy = await desk.newClient('healthy');
  liar = await desk.newClient('liar');
  await desk.write(5);
  stream = await follow(healthy.key, 0);
}, 180_000);
afterAll(() => desk?.close());

/** Whatever others do, it hears each row once, in order, and nothing that is another's. */
const stillWell = async (): Promise<void> => {
  await desk.write(3);
  const { length } = await desk.log();
  await eventually(() => expect(seqs(stream)).toEqual(upTo(length)), 60_000);
  expect(stream.socket.readyState).toBe(stream.socket.OPEN);
  expect([...new Set(stream.frames.map(({ type }) => type))].sort()).toEqual(
    [
      'backfill',
      'signal',
      'subscribed',
      'welcome',
      ...(stream.of('heartbeat').length > 0 ? ['heartbeat'] : []),
    ].sort(),
  );
  expect(JSON.stringify(stream.frames)).not.toContain(liar.client_id);
};

/** By how much the desk's process is larger when a healthy client has heard of what was done. */
const grownBy = async (work: () => Promise<void>): Promise<number> => {
  const before = memory();
  await work();
  await stillWell();
  return memory() - before;
};

describe('whoever uses the stream well notices nothing', () => {
  it('of one who lies about its trades: they count for its own figures alone, and each once', async () => {
    const lying = await follow(liar.key, 0);
    const first = lying.of('signal').find(({ signal }) => signal.kind === 'signal')!.signal;
    const lie = { type: 'feedback', signal_id: first.signal_id, outcome: 'closed' };
    lying.say({ ...lie, entry_price: '0.01', exit_price: '99999', r_multiple: 999 });
    await lying.next('feedback_recorded');
    lying.say({ ...lie, entry_price: '1', exit_price: '2', r_multiple: -999 });
    await lying.next('feedback_recorded', 2);
    lying.say({ ...lie, r_multiple: 1e9 });
    expect(await lying.next('error')).toMatchObject({ code: 'INVALID_FRAME' });
    lying.say({ type: 'ack', seq: 10_000 });
    expect(await lying.next('error', 2)).toMatchObject({ code: 'SEQ_AHEAD' });
    const { clients } = await desk.desk.listSignalClients();
    expect(clients.find(({ name }) => name === 'healthy')).toMatchObject({ feedback: {} });
    expect(clients.find(({ name }) => name === 'liar')).toMatchObject({
      feedback: { closed: 1 },
      last_acked_seq: 0,
    });
    lying.socket.terminate();
    await stillWell();
  }, 120_000);

  it('of a thousand who come at once with one key: one of them is left', async () => {
    const many = Array.from({ length: STORM }, () => open(liar.key));
    await stillWell();
    await eventually(() => {
      const left = many.filter(({ socket }) => socket.readyState === socket.OPEN);
      const ends = many.map(({ frames }) => JSON.stringify(frames.at(-1))?.slice(0, 90));
      if (left.length === 0) throw new Error([...new Set(ends)].join());
      expect(left.map(({ frames }) => frames.map(({ type }) => type))).toEqual([['welcome']]);
    }, 120_000);
    for (const { socket } of many) socket.terminate();
    await stillWell();
  }, 240_000);

  it('of one address that comes too often: it is answered 429', async () => {
    const address = randomAddress();
    const many = Array.from({ length: FROM_ONE_ADDRESS + 20 }, () => open('x'.repeat(43), address));
    const answers = await Promise.all(
      many.map(
        ({ socket }) =>
          new Promise<number>((resolve) => {
            socket.once('open', () => resolve(101));
            socket.once('unexpected-response', (_request, response) =>
              resolve(response.statusCode ?? 0),
            );
          }),
      ),
    );
    for (const { socket } of many) socket.terminate();
    expect(answers.filter((status) => status === 429)).toHaveLength(20);
    await stillWell();
  }, 240_000);

  it('of broken WebSocket frames: who sends them is cut off', async () => {
    const broken = [
      Buffer.from([0x81, 0xfe, 0xff]),
      Buffer.from([0xff, 0x80, 0, 0, 0, 0]),
      Buffer.from('GET / HTTP/1.1\r\n\r\n'),
    ];
    for (const bytes of broken) {
      const one = open(liar.key);
      await one.next('welcome');
      (one.socket as unknown as { _socket: NodeJS.WritableStream })._socket.write(bytes);
      if (bytes[0] === 0x81) one.socket.terminate();
      expect(await one.closed).toBeGreaterThan(1000);
    }
    await stillWell();
  }, 120_000);

  it('of much that comes at once: who reads it late is sent it as it reads, and stays', async () => {
    stream.socket.pause();
    await desk.write(30, 'x'.repeat(400_000));
    await eventually(async () => expect((await metrics()).signal_unread_bytes).toBeGreaterThan(0));
    stream.socket.resume();
    await stillWell();
  }, 120_000);

  it('of those who never read: each is told and dropped, loses nothing, and is kept in no memory', async () => {
    // so many that what each would keep is more than the noise of a heap, which is 60 MB
    const names = Array.from({ length: 12 }, (_, n) => `sleeper-${n}`);
    const clients = await Promise.all(names.map((name) => desk.newClient(name)));
    const alone = await grownBy(() => desk.write(LONG_ROWS, 'x'.repeat(LONG)));
    const first = (await desk.log()).length;
    const sleepers = await Promise.all(clients.map(({ key }) => follow(key, first)));
    for (const { socket } of sleepers) socket.pause();
    // more than the system takes for each of them
    const beside = await grownBy(() => desk.write(LONG_ROWS, 'x'.repeat(LONG)));
    let most = 0;
    await eventually(async () => {
      const told = await metrics();
      most = Math.max(most, told.signal_unread_bytes!);
      expect(told.signal_slow_clients_total).toBe(names.length);
    }, 60_000);
    expect(most).toBeGreaterThan(names.length * 100_000);
    expect(most).toBeLessThan(names.length * 400_000);
    // what is unread of each reader would be as much again
    expect(beside).toBeLessThan(Math.max(0, alone) + (names.length - 1) * LONG_ROWS * LONG);
    const [told, ...left] = sleepers as [Stream, ...Stream[]];
    told.socket.resume();
    expect(await told.next('goodbye')).toMatchObject({
      reason: 'too_slow',
      resume_after_seq: seqs(told).at(-1),
    });
    expect(await told.closed).toBe(4006);
    const { length } = await desk.log();
    for (const [n, sleeper] of [told, ...left].entries()) {
      sleeper.socket.resume();
      await sleeper.closed;
      const again = await follow(clients[n]!.key, seqs(sleeper).at(-1) ?? first);
      await eventually(() =>
        expect([...seqs(sleeper), ...seqs(again)]).toEqual(upTo(length).slice(first)),
      );
      again.socket.terminate();
    }
  }, 240_000);
});
