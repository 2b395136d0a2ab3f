import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { generateDay, startSimulator, writeDay, type Day, type Simulator, type SimulatorFacts } from '@catalyst/simulator';
import WebSocket from 'ws';
import type { ClientTask } from './client/main.ts';
import { farOrder } from './far-order.ts';

/**
 * The simulator alone: a day stepped through, orders per second in the exchange itself and over HTTP, many streams fed at once, resident memory.
 * Beside the orders over HTTP, in turn with them, what an empty route answers to the same client on this machine (node:http alone, and express), so that the ratios
 * mean something elsewhere. Client, server and empty routes are processes of their own.
 */
const SYMBOLS = 500;
const TRADE_DATE = '2026-03-24';
const OPEN = '2026-03-24T13:30:00Z';
const CLOSE = '2026-03-24T20:00:00Z';
const MINUTES = 390;
const LIVE_ORDERS = 20;
/** Open through the whole day whose memory is measured. */
const DAY_ORDERS = 500;
const STREAMS = 100;
const CONNECTIONS = 20;
const ROUNDS = 3;
const WARM_UP = 500;
/** Open orders with which the exchange is measured a second time. */
const OPEN_ORDERS = 1_000;
const AIMS = { step_s: 5, orders_per_second: 2000, memory_mb: 300 };

const { values } = parseArgs({ options: { orders: { type: 'string', default: '1000' }, json: { type: 'boolean', default: false } } });
const orderCount = Number(values.orders);
const fileOf = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const program = fileOf('../../packages/simulator/src/main.ts');
const environment = { ...process.env, NODE_OPTIONS: '' };
const median = (numbers: readonly number[]): number => [...numbers].sort((left, right) => left - right)[Math.floor(numbers.length / 2)]!;
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

/** Starts a program of Node's that prints one line of JSON once it is ready. */
const start = async <T>(args: readonly string[]): Promise<{ facts: T; child: ChildProcess; stop(): Promise<void> }> => {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], env: environment });
  const ended = once(child, 'exit');
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
  };
  const failed = ended.then(([code]) => Promise.reject(new Error(`${args[0]} ended with ${String(code)}`)));
  const [line] = (await Promise.race([once(createInterface(child.stdout), 'line'), failed])) as [string];
  failed.catch(() => undefined);
  return { facts: JSON.parse(line) as T, child, stop };
};

/** Requests per second of a client of its own process. */
const perSecond = async (task: ClientTask): Promise<number> => {
  const { facts, stop } = await start<number>([fileOf('client/main.ts'), JSON.stringify(task)]);
  await stop();
  return facts;
};

/** Orders per second of the exchange and its ledger in this process, without HTTP; each is canceled at once, so that as many stay open as there were: `open`. */
const exchangePerSecond = async (day: Day, symbols: readonly string[], wanted: number): Promise<{ open: number; rate: number }> => {
  const { simulation, exchange, close } = await startSimulator({ day, at: '09:30', cash: '100000000' });
  try {
    const account = simulation.accounts[0]!;
    const place = (name: string, index: number): string => {
      const outcome = exchange.submit(account, farOrder(symbols[index % symbols.length]!, `${name}-${index}`));
      if (!outcome.ok) throw new Error(outcome.refusal.body.message);
      return outcome.value.id;
    };
    for (let index = 0; index < wanted; index += 1) place('open', index);
    const run = (name: string): number => {
      let spent = 0;
      for (let index = 0; index < orderCount; index += 1) {
        const startedAt = performance.now();
        const id = place(name, index);
        spent += performance.now() - startedAt;
        exchange.cancel(account, id);
      }
      return (orderCount / spent) * 1000;
    };
    run('warm');
    return { rate: median(Array.from({ length: ROUNDS }, (_, round) => run(`round-${round}`))), open: account.alive.size };
  } finally {
    await close();
  }
};

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

/**
 * Orders per second over HTTP while the open orders grow from none to the count and on to twice as many, in turn with the empty routes: the median of the rounds.
 * Between the rounds everything is canceled.
 */
const overHttp = async (folder: string, symbols: string[]): Promise<Record<'bare' | 'express' | 'first' | 'second', number>> => {
  const empty = await start<{ bare: string; express: string }>([fileOf('empty-routes/main.ts')]);
  const simulator = await start<SimulatorFacts>([program, '--json', '--day', folder, '--at', '09:30', '--cash', '100000000']);
  try {
    const headers = headersOf(simulator.facts.accounts[0]!);
    const ordersUrl = `${simulator.facts.url}/v2/orders`;
    const send = (url: string, name: string, count = orderCount) => perSecond({ url, headers, connections: CONNECTIONS, count, name, symbols });
    for (const url of [empty.facts.bare, empty.facts.express, ordersUrl]) await send(url, 'warm', WARM_UP);
    const rates = { bare: [] as number[], express: [] as number[], first: [] as number[], second: [] as number[] };
    for (let round = 0; round < ROUNDS; round += 1) {
      await (await fetch(ordersUrl, { method: 'DELETE', headers })).arrayBuffer();
      const left = (await (await fetch(ordersUrl, { headers })).json()) as unknown[];
      if (left.length !== 0) throw new Error(`${left.length} orders stayed open`);
      rates.bare.push(await send(empty.facts.bare, 'bare'));
      rates.express.push(await send(empty.facts.express, 'express'));
      rates.first.push(await send(ordersUrl, `first-${round}`));
      rates.second.push(await send(ordersUrl, `second-${round}`));
    }
    return { bare: median(rates.bare), express: median(rates.express), first: median(rates.first), second: median(rates.second) };
  } finally {
    await Promise.all([empty.stop(), simulator.stop()]);
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

/** The simulator as a process of its own on a folder of the day: how long it takes to start, its memory once loaded and after a day with open orders. */
const runProcess = async (folder: string, symbols: string[]) => {
  const startedAt = performance.now();
  const { facts, child, stop } = await start<SimulatorFacts>([program, '--json', '--day', folder, '--at', '09:30', '--cash', '100000000']);
  try {
    const seconds = secondsSince(startedAt);
    const loaded = await memoryOf(child);
    const headers = headersOf(facts.accounts[0]!);
    await perSecond({ url: `${facts.url}/v2/orders`, headers, connections: CONNECTIONS, count: DAY_ORDERS, name: 'day', symbols });
    const stepped = performance.now();
    const { status, text } = await post(new Agent(), `${facts.url}/sim/step`, { to: CLOSE }, headers);
    if (status !== 200) throw new Error(`the step was answered ${status}: ${text}`);
    return { start: seconds, loaded, step: secondsSince(stepped), after: await memoryOf(child) };
  } finally {
    await stop();
  }
};

const folder = await mkdtemp(join(tmpdir(), 'simulator-benchmark-'));
try {
  const day = generateDay({ trade_date: TRADE_DATE, seed: 7, symbols: SYMBOLS });
  await writeDay(day, folder);
  const symbols = day.securities.filter((security) => security.tradable).map(({ symbol }) => symbol);
  const alone = await runProcess(folder, symbols);
  const http = await overHttp(folder, symbols);
  const none = await exchangePerSecond(day, symbols, 0);
  const many = await exchangePerSecond(day, symbols, OPEN_ORDERS);
  const streams = await feedStreams(day);
  const result = {
    benchmark: 'simulator',
    symbols: day.securities.length,
    step_s: await stepDay(day, 0),
    [`step_with_${LIVE_ORDERS}_orders_s`]: await stepDay(day, LIVE_ORDERS),
    step_aim_s: AIMS.step_s,
    orders_per_second_aim: AIMS.orders_per_second,
    [`exchange_orders_per_second_${none.open}_open`]: Math.round(none.rate),
    [`exchange_orders_per_second_${many.open}_open`]: Math.round(many.rate),
    bare_http_route_per_second: Math.round(http.bare),
    empty_express_route_per_second: Math.round(http.express),
    [`http_orders_per_second_0_to_${orderCount}_open`]: Math.round(http.first),
    [`http_orders_per_second_${orderCount}_to_${2 * orderCount}_open`]: Math.round(http.second),
    ratio_bare_to_orders: http.bare / http.first,
    ratio_express_to_orders: http.express / http.first,
    [`ratio_express_to_orders_from_${orderCount}_open`]: http.express / http.second,
    [`step_over_http_with_${DAY_ORDERS}_orders_s`]: alone.step,
    streams: STREAMS,
    streams_that_heard_their_fill: streams.received,
    streams_s: streams.seconds,
    start_s: alone.start,
    memory_loaded_mb: alone.loaded?.now ?? null,
    memory_loaded_peak_mb: alone.loaded?.peak ?? null,
    memory_aim_mb: AIMS.memory_mb,
    [`memory_after_day_with_${DAY_ORDERS}_orders_mb`]: alone.after?.now ?? null,
  };
  if (values.json) process.stdout.write(`${JSON.stringify(result)}\n`);
  else for (const [name, value] of Object.entries(result)) process.stdout.write(`${name.padEnd(40)} ${typeof value === 'number' && !Number.isInteger(value) ? value.toFixed(2) : String(value)}\n`);
  if (streams.received !== STREAMS) process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
