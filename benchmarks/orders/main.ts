import { type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { formatLine } from '@catalyst/domain';
import { compileCache } from '@catalyst/platform';
import { startSimulator, type Day } from '@catalyst/simulator';
import { createTestDatabase } from '@catalyst/testkit';
import { approveIn, arm } from '../../services/trading/tests/approved-intents.ts';
import { startFaultyBroker } from '../../services/trading/tests/faulty-broker.ts';
import { cancelsOrder, placesOrder } from '../../services/trading/tests/passings.ts';
import { dayWith } from '../../services/trading/tests/quiet-day.ts';
import { tradingProcess } from '../../services/trading/tests/trading-process.ts';

/**
 * The trading service as a process of its own: from a decision to the order on the wire, its intent
 * committed on the way; how long shares are without their stop when they are sold, from the first
 * cancel at the broker to the exit; and from a kill -9 with twenty orders open to reconciled and
 * ready. Beside them, in the same run, an empty request.
 */
const { values } = parseArgs({
  options: {
    orders: { type: 'string', default: '60' },
    exits: { type: 'string', default: '20' },
    restarts: { type: 'string', default: '4' },
    json: { type: 'boolean', default: false },
  },
});
const ORDERS = Number(values.orders);
const EXITS = Math.min(Number(values.exits), ORDERS);
const RESTARTS = Number(values.restarts);
const OPEN_ORDERS = 20; // entered first, far below the market; they warm up too

const symbolOf = (index: number): string =>
  `B${String.fromCharCode(65 + Math.floor(index / 676), 65 + (Math.floor(index / 26) % 26), 65 + (index % 26))}`;

/** A quiet day of so many symbols: each may be held once. */
const dayOf = (symbols: number): Day => {
  const day = dayWith();
  const names = Array.from({ length: symbols }, (_, index) => symbolOf(index));
  const [security] = day.securities;
  return {
    ...day,
    securities: names.map((symbol) => ({ ...security!, symbol, name: symbol })),
    minute_bars: new Map(names.map((symbol) => [symbol, day.minute_bars.get('ACME')!])),
    daily_bars: new Map(names.map((symbol) => [symbol, day.daily_bars.get('ACME')!])),
    volume_profile: new Map(names.map((symbol) => [symbol, day.volume_profile.get('ACME')!])),
  };
};

const sorted = (times: readonly number[]) => times.toSorted((left, right) => left - right);
const quantile = (times: readonly number[], share: number): number =>
  sorted(times)[Math.max(0, Math.ceil(times.length * share) - 1)]!;
const summary = (times: readonly number[]) => ({
  p50: Math.round(quantile(times, 0.5) * 100) / 100,
  p99: Math.round(quantile(times, 0.99) * 100) / 100,
});

const emptyRequests = async (times: number): Promise<number[]> => {
  const server = createServer((_request, response) => void response.end('{}'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const result: number[] = [];
  for (let index = 0; index < times; index += 1) {
    const begun = performance.now();
    await (await fetch(url)).text();
    result.push(performance.now() - begun);
  }
  server.close();
  return result;
};

const simulator = await startSimulator({
  day: dayOf(OPEN_ORDERS + ORDERS),
  at: '10:00',
  clock: 'real',
  rate_limit: null,
});
const broker = await startFaultyBroker(simulator.url);
const database = await createTestDatabase();
await arm(database.database);
const trading = await tradingProcess({
  database,
  simulator,
  broker_url: broker.url,
  env: {
    ...compileCache(),
    TRADING_MODE: 'paper',
    RUN_ID: 'rehearsal-bench',
    // the desk's time is the exchange's
    CLOCK_LINE: formatLine({
      w0: performance.timeOrigin + performance.now(),
      s0: simulator.simulation.now(),
      f: 1,
    }),
  },
});
let child: ChildProcess;
const run = (): void => void (child = trading.start());
const untilReady = async (): Promise<void> => {
  while (!(await trading.isReady())) await pause(5);
};
const client = trading.client(20_000);
const now = (): string => new Date(simulator.simulation.now()).toISOString();

let onWire = 0;
let firstCancel = 0;
broker.onPassing((passing) => {
  if (passing.phase === 'answer') return 'pass';
  if (placesOrder(passing)) onWire = performance.now();
  if (cancelsOrder(passing)) firstCancel ||= performance.now();
  return 'pass';
});
/** Leaves the desk's own budget of requests at the broker room: whoever asks waits for it too. */
const PER_MINUTE = 60;
const entered_at: number[] = [];
const untilNext = async (): Promise<void> => {
  const first = entered_at.at(-PER_MINUTE);
  if (first !== undefined) await pause(Math.max(0, first + 60_000 - performance.now()));
  entered_at.push(performance.now());
};
/** Milliseconds from the request to trading until the order stands before the broker. */
const enter = async (index: number, limit_price: string): Promise<number> => {
  await untilNext();
  const body = await approveIn(
    database.database,
    now(),
    { symbol: symbolOf(index), limit_price },
    { qty: '1' },
  );
  const begun = performance.now();
  await client.submitOrder({ body });
  return onWire - begun;
};
/** Milliseconds from the first cancel of its legs until the exit stands before the broker. */
const leave = async (position_id: string): Promise<number> => {
  firstCancel = onWire = 0;
  await client.closePosition({
    params: { position_id },
    body: { request_id: randomUUID(), by: 'bench', reason: 'manual' },
  });
  while (onWire === 0) await pause(1);
  return onWire - firstCancel;
};

try {
  run();
  await untilReady();
  for (let index = 0; index < OPEN_ORDERS; index += 1) await enter(index, '90');
  const before = await emptyRequests(ORDERS);
  const to_wire: number[] = [];
  for (let index = 0; index < ORDERS; index += 1)
    to_wire.push(await enter(OPEN_ORDERS + index, '100.5'));
  const { positions } = await client.listPositions({ query: { status: 'open' } });
  const held = positions.filter(({ is_protected, qty }) => is_protected && qty === '1');
  const without_stop: number[] = [];
  for (const { position_id } of held.slice(0, EXITS)) without_stop.push(await leave(position_id));
  const restarts: number[] = [];
  for (let round = 0; round < RESTARTS; round += 1) {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child!.kill('SIGKILL');
    await gone;
    const begun = performance.now();
    run();
    await untilReady();
    restarts.push((performance.now() - begun) / 1000);
  }
  const empty_request_ms = summary([...before, ...(await emptyRequests(ORDERS))]);
  const result = {
    orders: ORDERS,
    decision_to_wire_ms: summary(to_wire),
    empty_request_ms,
    against_empty_requests: Math.round(summary(to_wire).p50 / empty_request_ms.p50),
    exits: without_stop.length,
    without_stop_ms: summary(without_stop),
    restart_to_ready_s: summary(restarts),
    open_orders: OPEN_ORDERS,
  };
  console.log(
    values.json
      ? JSON.stringify(result)
      : [
          `decision to wire, the intent committed on the way: ${result.decision_to_wire_ms.p50} ms (99 of 100 within ${result.decision_to_wire_ms.p99} ms), ${result.against_empty_requests} times an empty request (${empty_request_ms.p50} ms); aim 10 and 30 ms`,
          `sold, from the first cancel of its legs to the exit on the wire: ${result.without_stop_ms.p50} ms (99 of 100 within ${result.without_stop_ms.p99} ms) without a stop; at most 2000`,
          `kill -9 with ${OPEN_ORDERS} orders open, to reconciled and ready: ${result.restart_to_ready_s.p50} s (at most ${result.restart_to_ready_s.p99} s of ${RESTARTS}); aim 2 and 5 s`,
        ].join('\n'),
  );
} finally {
  child!.kill('SIGTERM');
  await broker.close();
  await simulator.close();
  await database.drop();
}
process.exit(0);
