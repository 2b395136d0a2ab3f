/** Many clients in one process: they connect, begin as their server wants it, and time each signal. */
import { randomBytes } from 'node:crypto';
import { WebSocket } from 'ws';

/** What a client says and hears before it is live; the same loop over `ws` for all of them. */
export type Speech = 'catalyst' | 'bare' | 'socket.io';
export interface ClientsOrder {
  url: string;
  clients: number;
  speech: Speech;
}
export interface Timings {
  p50_ms: number;
  p99_ms: number;
  received: number;
  out_of_order: number;
}

const AT_ONCE = 50;
const WAITS_MS = 120_000;
/** Milliseconds since the epoch, with parts of them; the same clock for all processes of a machine. */
const now = (): number => performance.timeOrigin + performance.now();

const live: Readonly<Record<Speech, (socket: WebSocket, text: string) => boolean>> = {
  catalyst: (socket, text) => {
    if (text.startsWith('{"type":"welcome"')) socket.send('{"type":"subscribe","filters":{}}');
    return text.startsWith('{"type":"backfill"');
  },
  bare: () => false,
  // engine.io's own words, which the client library would say
  'socket.io': (socket, text) => {
    if (text.startsWith('0')) socket.send('40');
    if (text === '2') socket.send('3');
    return text.startsWith('40');
  },
};

let delays: number[] = [];
let received = 0;
let out_of_order = 0;
let closed = 0;
let wanted = Number.POSITIVE_INFINITY;
let isAllThere = (): void => {};
const sockets: WebSocket[] = [];

const open = ({ url, speech }: ClientsOrder): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(url, {
      perMessageDeflate: false,
      headers: {
        'x-api-key': randomBytes(16).toString('hex'),
        'x-real-ip': `10.${[...randomBytes(3)].join('.')}`,
      },
    });
    let last = 0;
    sockets.push(socket);
    socket.on('error', reject);
    socket.on('close', () => {
      closed += 1;
    });
    if (speech === 'bare') socket.on('open', resolve);
    socket.on('message', (data: Buffer) => {
      const text = data.toString();
      if (live[speech](socket, text)) return resolve();
      const sent = /sent ([\d.]+) as (\d+)/.exec(text);
      if (!sent) return undefined;
      delays.push(now() - Number(sent[1]));
      if (Number(sent[2]) <= last) out_of_order += 1;
      last = Number(sent[2]);
      received += 1;
      if (received === wanted) isAllThere();
      return undefined;
    });
  });

/** Waits until so many signals are here at all, or had their time. */
const arrive = async (signals: number): Promise<void> => {
  wanted = signals * sockets.length;
  if (received >= wanted) return;
  const there = new Promise<void>((resolve) => (isAllThere = resolve));
  const late = setTimeout(() => isAllThere(), WAITS_MS);
  await there;
  clearTimeout(late);
};
/** What came since the last question. */
const tell = (): Timings => {
  delays.sort((left, right) => left - right);
  const at = (share: number): number =>
    delays[Math.max(0, Math.ceil(delays.length * share) - 1)] ?? Number.NaN;
  const told = { p50_ms: at(0.5), p99_ms: at(0.99), received, out_of_order };
  delays = [];
  received = 0;
  wanted = Number.POSITIVE_INFINITY;
  return told;
};

process.on('message', (order: ClientsOrder | { arrived: number } | { tell: true }) => {
  if ('tell' in order) return void process.send!({ ...tell(), closed });
  if ('arrived' in order)
    return void arrive(order.arrived).then(() =>
      process.send!({ isAll: received >= order.arrived * sockets.length }),
    );
  void (async () => {
    for (let n = 0; n < order.clients; n += AT_ONCE)
      await Promise.all(
        Array.from({ length: Math.min(AT_ONCE, order.clients - n) }, () => open(order)),
      );
    process.send!({ connected: sockets.length });
  })();
});
process.on('disconnect', () => process.exit(0));
