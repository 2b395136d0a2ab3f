import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { generateDay, writeDay } from '@catalyst/simulator';
import { exchangePerSecond, stepDay } from './exchange-alone.ts';
import { feedStreams } from './feed-streams.ts';
import { ordersOverHttp } from './orders-over-http.ts';
import { runProcess } from './own-process.ts';

/**
 * The simulator alone: a day stepped through, orders per second in the exchange itself and over
 * HTTP, many streams fed at once, resident memory. Beside the orders over HTTP, in turn with them,
 * what an empty route answers to the same client on this machine (node:http alone, and express), so
 * that the ratios mean something elsewhere. Client, server and empty routes are processes of their
 * own.
 */
const SYMBOLS = 500;
const TRADE_DATE = '2026-03-24';
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
const taken = { count: orderCount, rounds: ROUNDS };

const folder = await mkdtemp(join(tmpdir(), 'simulator-benchmark-'));
try {
  const day = generateDay({ trade_date: TRADE_DATE, seed: 7, symbols: SYMBOLS });
  await writeDay(day, folder);
  const symbols = day.securities
    .filter((security) => security.tradable)
    .map(({ symbol }) => symbol);
  const alone = await runProcess(folder, symbols, { orders: DAY_ORDERS, connections: CONNECTIONS });
  const http = await ordersOverHttp(folder, symbols, {
    ...taken,
    connections: CONNECTIONS,
  });
  const none = await exchangePerSecond(day, symbols, { open: 0, ...taken });
  const many = await exchangePerSecond(day, symbols, { open: OPEN_ORDERS, ...taken });
  const streams = await feedStreams(day, STREAMS);
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
