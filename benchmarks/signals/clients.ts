/** Many clients in one process: they connect, subscribe where they are asked to, and time each signal. */
import { randomBytes } from 'node:crypto';
import { WebSocket } from 'ws';

interface Order {
  url: string;
  clients: number;
  subscribe: boolean;
  signals: number;
}

const AT_ONCE = 50;
/** Milliseconds since the epoch, with parts of them; the same clock for all processes of a machine. */
const now = (): number => performance.timeOrigin + performance.now();

const run = async ({ url, clients, subscribe, signals }: Order): Promise<void> => {
  const delays: number[] = [];
  let outOfOrder = 0;
  let received = 0;
  const sockets: WebSocket[] = [];
  let isDone = (): void => {};
  const done = new Promise<void>((resolve) => (isDone = resolve));

  const open = (): Promise<void> =>
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
      if (!subscribe) socket.on('open', resolve);
      socket.on('message', (data: Buffer) => {
        const text = data.toString();
        if (text.startsWith('{"type":"welcome"'))
          return socket.send('{"type":"subscribe","filters":{}}');
        if (text.startsWith('{"type":"backfill"')) return resolve();
        const sent = /"reason":"sent ([\d.]+) as (\d+)"/.exec(text);
        if (!sent) return undefined;
        delays.push(now() - Number(sent[1]));
        if (Number(sent[2]) <= last) outOfOrder += 1;
        last = Number(sent[2]);
        received += 1;
        if (received === clients * signals) isDone();
        return undefined;
      });
    });
  for (let n = 0; n < clients; n += AT_ONCE)
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, clients - n) }, open));
  process.send!({ connected: sockets.length });
  const late = setTimeout(isDone, 120_000);
  await done;
  clearTimeout(late);
  delays.sort((left, right) => left - right);
  const at = (share: number): number =>
    delays[Math.max(0, Math.ceil(delays.length * share) - 1)] ?? NaN;
  process.send!({ p50_ms: at(0.5), p99_ms: at(0.99), received, out_of_order: outOfOrder });
  for (const socket of sockets) socket.terminate();
};
process.on('message', (order: Order) => void run(order));
process.on('disconnect', () => process.exit(0));
