import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  generateDay,
  startSimulator,
  writeDay,
  type Day,
  type Simulator,
  type SimulatorFacts,
} from '@catalyst/simulator';
import WebSocket from 'ws';
import { farOrder } from './far-order.ts';
import { ordersOverHttp } from './orders-over-http.ts';
import { headersOf, medianRate, perSecond, type Rate, startProgram } from './processes.ts';

/**
 * The simulator alone: a day stepped through, orders per second in the exchange itself and over
 * HTTP, many streams fed at once, resident memory. Beside the orders over HTTP, in turn with them,
 * what an empty route answers to the same client on this machine (node:http alone, and express), so
 * that the ratios mean something elsewhere. Client, server and empty routes are processes of their
 * own.
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
/** Open orders with which the exchange is measured a second time. */
const OPEN_ORDERS = 1_000;
const AIMS = { step_s: 5, orders_per_second: 2000, memory_mb: 300 };

const { values } = parseArgs({
  options: {
    orders: { type: 'string', default: '1000' },
    json: { type: 'boolean', default: false },
  },
});
const orderCount = Number(values.orders);
const secondsSince = (startedAt: number): number => (performance.now() - startedAt) / 1000;

type Facts = Pick<SimulatorFacts, 'url' | 'accounts' | 'stream_url'>;

const post = async (
  agent: Agent,
  url: string,
  body: unknown,
  headers: Record<string, string>,
): Promise<{ status: number; text: string }> => {
  const sent = request(url, { method: 'POST', agent, headers });
  sent.end(JSON.stringify(body));
  const [response] = (await once(sent, 'response')) as [
    NodeJS.ReadableStream & { statusCode: number },
  ];
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return { status: response.statusCode, text };
};

/**
 * Orders per second of the exchange and its ledger in this process, without HTTP; each is canceled
 * at once, so that as many stay open as there were: `open`.
 */
const exchangePerSecond = async (
  day: Day,
  symbols: readonly string[],
  wanted: number,
): Promise<{ open: number; rate: Rate }> => {
  const { simulation, exchange, close } = await startSimulator({
    day,
    at: '09:30',
    cash: '100000000',
  });
  try {
    const account = simulation.accounts[0]!;
    const place = (name: string, index: number): string => {
      const outcome = exchange.submit(
        account,
        farOrder(symbols[index % symbols.length]!, `${name}-${index}`),
      );
      if (!outcome.ok) throw new Error(outcome.refusal.body.message);
      return outcome.value.id;
    };
    for (let index = 0; index < wanted; index += 1) place('open', index);
    const run = (name: string): Rate => {
      let spent = 0;
      let processor = 0;
      for (let index = 0; index < orderCount; index += 1) {
        const startedAt = performance.now();
        const before = process.threadCpuUsage();
        const id = place(name, index);
        const { user, system } = process.threadCpuUsage(before);
        spent += performance.now() - startedAt;
        processor += user + system;
        exchange.cancel(account, id);
      }
      return {
        per_second: (orderCount / spent) * 1_000,
        per_processor_second: (orderCount / processor) * 1_000_000,
      };
    };
    run('warm');
    return {
      rate: medianRate(Array.from({ length: ROUNDS }, (_, round) => run(`round-${round}`))),
      open: account.alive.size,
    };
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
      const { status, text } = await post(
        agent,
        `${simulator.url}/v2/orders`,
        farOrder(day.securities[index]!.symbol, `live-${index}`),
        headersOf(simulator.accounts[0]!),
      );
      if (status !== 200) throw new Error(`the live order was answered ${status}: ${text}`);
    }
    agent.destroy();
    const open = Date.parse(OPEN);
    const startedAt = performance.now();
    for (let minute = 1; minute <= MINUTES; minute += 1)
      simulator.simulation.stepTo(open + minute * 60_000);
    return secondsSince(startedAt);
  } finally {
    await simulator.close();
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

/**
 * A stream for each of many accounts, each with a market order that fills in the one step: seconds
 * until the last has heard of its fill.
 */
const feedStreams = async (day: Day): Promise<{ received: number; seconds: number }> => {
  const simulator: Simulator = await startSimulator({ day, at: '09:30', accounts: STREAMS });
  const sockets: WebSocket[] = [];
  const agent = new Agent({ keepAlive: true });
  try {
    for (const account of simulator.accounts) sockets.push(await openStream(simulator, account));
    const symbol = day.securities.find(
      (security) =>
        security.tradable &&
        (day.minute_bars.get(security.symbol) ?? []).some(({ minute }) => minute === 570),
    )!.symbol;
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
      const { status, text } = await post(
        agent,
        `${simulator.url}/v2/orders`,
        { symbol, qty: '1', side: 'buy', type: 'market', time_in_force: 'day' },
        headersOf(account),
      );
      if (status !== 200) throw new Error(`the order of a stream was answered ${status}: ${text}`);
    }
    let received = 0;
    for (const fill of filled) void fill.then(() => (received += 1));
    const startedAt = performance.now();
    await post(
      agent,
      `${simulator.url}/sim/step`,
      { to: '2026-03-24T13:31:00Z' },
      { 'content-type': 'application/json' },
    );
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([
      Promise.all(filled),
      new Promise((resolve) => (timer = setTimeout(resolve, 10_000))),
    ]);
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
  const kilobytes = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1]);
  return {
    now: Math.round(kilobytes('VmRSS') / 1024),
    peak: Math.round(kilobytes('VmHWM') / 1024),
  };
};

/**
 * The simulator as a process of its own on a folder of the day: how long it takes to start, its
 * memory once loaded and after a day with open orders.
 */
const runProcess = async (folder: string, symbols: string[]) => {
  const startedAt = performance.now();
  const { facts, child, stop } = await startProgram(folder);
  try {
    const seconds = secondsSince(startedAt);
    const loaded = await memoryOf(child);
    const headers = headersOf(facts.accounts[0]!);
    await perSecond({
      url: `${facts.url}/v2/orders`,
      headers,
      connections: CONNECTIONS,
      count: DAY_ORDERS,
      name: 'day',
      symbols,
    });
    const stepped = performance.now();
    const { status, text } = await post(
      new Agent(),
      `${facts.url}/sim/step`,
      { to: CLOSE },
      headers,
    );
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
  const symbols = day.securities
    .filter((security) => security.tradable)
    .map(({ symbol }) => symbol);
  const alone = await runProcess(folder, symbols);
  const http = await ordersOverHttp(folder, symbols, {
    count: orderCount,
    connections: CONNECTIONS,
    rounds: ROUNDS,
  });
  const none = await exchangePerSecond(day, symbols, 0);
  const many = await exchangePerSecond(day, symbols, OPEN_ORDERS);
  const streams = await feedStreams(day);
  const [upTo, further] = [
    `http_orders_0_to_${orderCount}_open`,
    `http_orders_${orderCount}_to_${2 * orderCount}_open`,
  ];
  const result = {
    benchmark: 'simulator',
    symbols: day.securities.length,
    step_s: await stepDay(day, 0),
    [`step_with_${LIVE_ORDERS}_orders_s`]: await stepDay(day, LIVE_ORDERS),
    step_aim_s: AIMS.step_s,
    orders_per_second_aim: AIMS.orders_per_second,
    [`exchange_orders_per_second_${none.open}_open`]: Math.round(none.rate.per_second),
    [`exchange_orders_per_second_${many.open}_open`]: Math.round(many.rate.per_second),
    [`exchange_orders_per_processor_second_${none.open}_open`]: Math.round(
      none.rate.per_processor_second,
    ),
    [`exchange_orders_per_processor_second_${many.open}_open`]: Math.round(
      many.rate.per_processor_second,
    ),
    bare_http_route_per_second: Math.round(http.bare.per_second),
    empty_express_route_per_second: Math.round(http.express.per_second),
    [`${upTo}_per_second`]: Math.round(http.first.per_second),
    [`${further}_per_second`]: Math.round(http.second.per_second),
    ratio_bare_to_orders: http.bare.per_second / http.first.per_second,
    ratio_express_to_orders: http.express.per_second / http.first.per_second,
    [`ratio_express_to_orders_from_${orderCount}_open`]:
      http.express.per_second / http.second.per_second,
    bare_http_route_per_processor_second: Math.round(http.bare.per_processor_second),
    empty_express_route_per_processor_second: Math.round(http.express.per_processor_second),
    [`${upTo}_per_processor_second`]: Math.round(http.first.per_processor_second),
    [`${further}_per_processor_second`]: Math.round(http.second.per_processor_second),
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
  else
    for (const [name, value] of Object.entries(result))
      process.stdout.write(
        `${name.padEnd(40)} ${typeof value === 'number' && !Number.isInteger(value) ? value.toFixed(2) : String(value)}\n`,
      );
  if (streams.received !== STREAMS) process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
