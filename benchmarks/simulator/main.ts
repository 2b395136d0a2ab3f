import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { Agent, createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { generateDay, startSimulator, writeDay, type Day, type Simulator, type SimulatorFacts } from '@catalyst/simulator';
import express from 'express';
import WebSocket from 'ws';

/**
 * The simulator alone: a day stepped through, orders per second over HTTP, many streams fed at once, resident memory.
 * Beside the orders, in the same run, what an empty express route answers on this machine, so that the ratio means something elsewhere.
 */
const SYMBOLS = 500;
const TRADE_DATE = '2026-03-24';
const OPEN = '2026-03-24T13:30:00Z';
const CLOSE = '2026-03-24T20:00:00Z';
const MINUTES = 390;
const LIVE_ORDERS = 20;
const STREAMS = 100;
const CONNECTIONS = 20;
const LONGEST_S = 10;
const AIMS = { step_s: 5, orders_per_second: 2000, memory_mb: 300 };

const { values } = parseArgs({ options: { orders: { type: 'string', default: '500' }, json: { type: 'boolean', default: false } } });
const orderCount = Number(values.orders);
const program = fileURLToPath(new URL('../../packages/simulator/src/main.ts', import.meta.url));
const secondsSince = (startedAt: number): number => (performance.now() - startedAt) / 1000;

type Facts = Pick<SimulatorFacts, 'url' | 'accounts' | 'stream_url'>;
const headersOf = ({ key_id: key, secret_key: secret }: Facts['accounts'][number]) => ({ 'APCA-API-KEY-ID': key, 'APCA-API-SECRET-KEY': secret, 'content-type': 'application/json' });

const post = async (agent: Agent, url: string, body: unknown, headers: Record<string, string>): Promise<{ status: number; text: string }> => {
  const sent = request(url, { method: 'POST', agent, headers });
  sent.end(JSON.stringify(body));
  const [response] = (await once(sent, 'response')) as [NodeJS.ReadableStream & { statusCode: number }];
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return { status: response.statusCode, text };
};

/** `count` requests, or as many as ten seconds take, over a few connections that stay open; an answer other than 200 ends the run. */
const perSecond = async (count: number, url: string, bodyOf: (index: number) => unknown, headers: Record<string, string>): Promise<{ sent: number; rate: number }> => {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const startedAt = performance.now();
  let next = 0;
  const client = async (): Promise<void> => {
    while (next < count && secondsSince(startedAt) < LONGEST_S) {
      const { status, text } = await post(agent, url, bodyOf(next++), headers);
      if (status !== 200) throw new Error(`${url} answered ${status}: ${text}`);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, client));
  const seconds = secondsSince(startedAt);
  agent.destroy();
  return { sent: next, rate: next / seconds };
};

const farOrder = (symbol: string, id: string) => ({ symbol, qty: '1', side: 'buy', type: 'limit', limit_price: '1.00', time_in_force: 'day', client_order_id: id });

/** Every minute of the session stepped one by one in this process, without HTTP. */
const stepDay = async (day: Day, orders: number): Promise<number> => {
  const simulator = await startSimulator({ day, at: '09:30', cash: '10000000' });
  try {
    const agent = new Agent({ keepAlive: true });
    for (let index = 0; index < orders; index += 1) {
      const { status, text } = await post(agent, `${simulator.url}/v2/orders`, farOrder(day.securities[index]!.symbol, `live-${index}`), headersOf(simulator.accounts[0]!));
      if (status !== 200) throw new Error(`the live order was answered ${status}: ${text}`);
    }
    agent.destroy();
    const open = Date.parse(OPEN);
    const startedAt = performance.now();
    for (let minute = 1; minute <= MINUTES; minute += 1) simulator.simulation.stepTo(open + minute * 60_000);
    return secondsSince(startedAt);
  } finally {
    await simulator.close();
  }
};

const emptyRoutePerSecond = async (count: number): Promise<number> => {
  const app = express();
  app.post('/', express.json(), (_request, response) => void response.json({ status: 'ok' }));
  const server: Server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    await perSecond(500, url, () => ({}), { 'content-type': 'application/json' });
    return (await perSecond(count, url, (index) => farOrder('AAAA', `empty-${index}`), { 'content-type': 'application/json' })).rate;
  } finally {
    server.close();
    server.closeAllConnections();
  }
};

const openStream = async (facts: Facts, account: Facts['accounts'][number]): Promise<WebSocket> => {
  const socket = new WebSocket(facts.stream_url);
  await once(socket, 'open');
  const answer = async (message: unknown): Promise<void> => {
    const answered = once(socket, 'message');
    socket.send(JSON.stringify(message));
    await answered;
  };
  await answer({ action: 'auth', key: account.key_id, secret: account.secret_key });
  await answer({ action: 'listen', data: { streams: ['trade_updates'] } });
  return socket;
};

/** A stream for each of many accounts, each with a market order that fills in the one step: seconds until the last has heard of its fill. */
const feedStreams = async (day: Day): Promise<{ received: number; seconds: number }> => {
  const simulator: Simulator = await startSimulator({ day, at: '09:30', accounts: STREAMS });
  const sockets: WebSocket[] = [];
  const agent = new Agent({ keepAlive: true });
  try {
    for (const account of simulator.accounts) sockets.push(await openStream(simulator, account));
    const symbol = day.securities.find((security) => security.tradable && (day.minute_bars.get(security.symbol) ?? []).some(({ minute }) => minute === 570))!.symbol;
    const filled = sockets.map(
      (socket) =>
        new Promise<void>((resolve) => {
          socket.on('message', (data: Buffer) => {
            const { data: update } = JSON.parse(data.toString()) as { data: { event?: string } };
            if (update.event === 'fill') resolve();
          });
        }),
    );
    for (const account of simulator.accounts) {
      const { status, text } = await post(agent, `${simulator.url}/v2/orders`, { symbol, qty: '1', side: 'buy', type: 'market', time_in_force: 'day' }, headersOf(account));
      if (status !== 200) throw new Error(`the order of a stream was answered ${status}: ${text}`);
    }
    let received = 0;
    for (const fill of filled) void fill.then(() => (received += 1));
    const startedAt = performance.now();
    await post(agent, `${simulator.url}/sim/step`, { to: '2026-03-24T13:31:00Z' }, { 'content-type': 'application/json' });
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([Promise.all(filled), new Promise((resolve) => (timer = setTimeout(resolve, 10_000)))]);
    clearTimeout(timer);
    return { received, seconds: secondsSince(startedAt) };
  } finally {
    agent.destroy();
    for (const socket of sockets) socket.terminate();
    await simulator.close();
  }
};

/** Resident memory now and at its peak, in megabytes; Linux only, null elsewhere. */
const memoryOf = async (child: ChildProcess): Promise<{ now: number; peak: number } | null> => {
  if (process.platform !== 'linux') return null;
  const status = await readFile(`/proc/${child.pid!}/status`, 'utf8');
  const kilobytes = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1]);
  return { now: Math.round(kilobytes('VmRSS') / 1024), peak: Math.round(kilobytes('VmHWM') / 1024) };
};

/** The simulator as a process of its own on a folder of the day: its memory once loaded, orders per second, its memory after the day. */
const runProcess = async (folder: string, symbols: readonly string[]) => {
  const child = spawn(process.execPath, [program, '--json', '--day', folder, '--at', '09:30', '--cash', '100000000'], { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, NODE_OPTIONS: '' } });
  const ended = once(child, 'exit');
  try {
    const startedAt = performance.now();
    const [line] = (await Promise.race([once(createInterface(child.stdout), 'line'), ended.then(([code]) => Promise.reject(new Error(`the simulator ended with ${String(code)}`)))])) as [string];
    const start = secondsSince(startedAt);
    const loaded = await memoryOf(child);
    const facts = JSON.parse(line) as SimulatorFacts;
    const headers = headersOf(facts.accounts[0]!);
    const place = (name: string, count: number) => perSecond(count, `${facts.url}/v2/orders`, (index) => farOrder(symbols[index % symbols.length]!, `${name}-${index}`), headers);
    await place('warm', 50);
    const orders = await place('order', orderCount);
    const stepped = performance.now();
    const { status, text } = await post(new Agent(), `${facts.url}/sim/step`, { to: CLOSE }, headers);
    if (status !== 200) throw new Error(`the step was answered ${status}: ${text}`);
    return { start, loaded, orders, step_with_orders: secondsSince(stepped), after: await memoryOf(child) };
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
};

const folder = await mkdtemp(join(tmpdir(), 'simulator-benchmark-'));
try {
  const day = generateDay({ trade_date: TRADE_DATE, seed: 7, symbols: SYMBOLS });
  await writeDay(day, folder);
  const symbols = day.securities.filter((security) => security.tradable).map(({ symbol }) => symbol);
  const alone = await runProcess(folder, symbols);
  const empty = await emptyRoutePerSecond(orderCount);
  const streams = await feedStreams(day);
  const result = {
    benchmark: 'simulator',
    symbols: day.securities.length,
    step_s: await stepDay(day, 0),
    [`step_with_${LIVE_ORDERS}_orders_s`]: await stepDay(day, LIVE_ORDERS),
    step_aim_s: AIMS.step_s,
    orders: alone.orders.sent,
    orders_per_second: Math.round(alone.orders.rate),
    orders_per_second_aim: AIMS.orders_per_second,
    empty_route_per_second: Math.round(empty),
    ratio_to_empty_route: empty / alone.orders.rate,
    step_over_http_with_these_orders_s: alone.step_with_orders,
    streams: STREAMS,
    streams_that_heard_their_fill: streams.received,
    streams_s: streams.seconds,
    start_s: alone.start,
    memory_loaded_mb: alone.loaded?.now ?? null,
    memory_loaded_peak_mb: alone.loaded?.peak ?? null,
    memory_aim_mb: AIMS.memory_mb,
    memory_after_day_mb: alone.after?.now ?? null,
  };
  if (values.json) process.stdout.write(`${JSON.stringify(result)}\n`);
  else for (const [name, value] of Object.entries(result)) process.stdout.write(`${name.padEnd(40)} ${typeof value === 'number' && !Number.isInteger(value) ? value.toFixed(2) : String(value)}\n`);
  if (streams.received !== STREAMS) process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
