import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { BUNDLED_DAY, startReplay } from '@catalyst/testkit';
import { processorSeconds } from './processor-time.ts';
import { describeProfile, profileOf, readSamples, sumOf } from './profile.ts';

/**
 * The bundled day through the whole fleet: seconds, requests, events, peak memory. Beside it, in
 * the same run, what the same number of empty requests on this machine takes, so that the ratio
 * means something elsewhere.
 */
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
    /** Also tells where the time of the median run went. */
    profile: { type: 'boolean', default: false },
  },
});

const emptyRequestSeconds = async (count: number): Promise<number> => {
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () =>
      response.setHeader('content-type', 'application/json').end('{"status":"ok"}'),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const post = async () =>
    (
      await fetch(url, {
        method: 'POST',
        body: '{}',
        headers: { 'content-type': 'application/json' },
      })
    ).json();
  for (let index = 0; index < 200; index += 1) await post();
  const startedAt = performance.now();
  for (let index = 0; index < count; index += 1) await post();
  const seconds = (performance.now() - startedAt) / 1000;
  server.close();
  server.closeAllConnections();
  return seconds;
};

const median = (values: readonly number[]): number =>
  values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)]!;

/** Empty requests of one reading; the result is scaled to as many as the fleet answered. */
const COUNT = 2000;

const runDay = async () => {
  // before, after and after again: one reading is at the mercy of whatever else the machine does
  const emptyBefore = await emptyRequestSeconds(COUNT);
  const startedAt = performance.now();
  const replay = await startReplay({ day_dir: BUNDLED_DAY, as_processes: true });
  try {
    const { fleet, simulator } = replay.desk;
    const pids = [simulator!.pid, ...fleet.processes().flatMap(({ pid }) => pid ?? [])];
    const readyAt = performance.now();
    const takenBefore = processorSeconds(pids);
    const report = await replay.finish();
    const endedAt = performance.now();
    const taken = processorSeconds(pids);
    const pages = await Promise.all(
      Object.values(fleet.urls).map(async (url) => (await fetch(`${url}/metrics`)).text()),
    );
    const samples = readSamples(pages.join('\n'));
    const memory = fleet
      .processes()
      .reduce((sum, process) => sum + (process.peak_memory_bytes ?? 0), 0);
    const requests = sumOf(samples, 'catalyst_http_request_seconds_count');
    return {
      start_s: (readyAt - startedAt) / 1000,
      day_s: (endedAt - readyAt) / 1000,
      /** Of the services and the exchange in the day; says more than time on a busy machine. */
      processor_s: taken === null || takenBefore === null ? null : taken - takenBefore,
      requests,
      broker_requests: sumOf(samples, 'catalyst_outside_call_seconds_count', {
        target: 'alpaca',
      }),
      events: sumOf(samples, 'catalyst_events_total', { direction: 'published' }),
      statements: sumOf(samples, 'catalyst_query_seconds_count'),
      fleet_peak_memory_mb: Math.round(memory / 1_048_576),
      empty_requests_s:
        (requests / COUNT) *
        median([emptyBefore, await emptyRequestSeconds(COUNT), await emptyRequestSeconds(COUNT)]),
      trades: report.trades.length,
      trades_digest: report.trades_digest,
      profile: profileOf(samples),
    };
  } finally {
    await replay.stop();
  }
};

const runs = [];
for (let index = 0; index < Number(values.runs); index += 1) runs.push(await runDay());
const middle = runs.toSorted((left, right) => left.day_s - right.day_s)[
  Math.floor(runs.length / 2)
]!;
const { profile, ...figures } = middle;
const result = {
  benchmark: 'trading-day',
  runs: runs.length,
  ...figures,
  ratio_to_empty_requests: middle.day_s / middle.empty_requests_s,
  same_digest: new Set(runs.map((run) => run.trades_digest)).size === 1,
};
if (values.json)
  process.stdout.write(`${JSON.stringify(values.profile ? { ...result, profile } : result)}\n`);
else {
  for (const [name, value] of Object.entries(result))
    process.stdout.write(
      `${name.padEnd(24)} ${typeof value === 'number' && !Number.isInteger(value) ? value.toFixed(2) : String(value)}\n`,
    );
  if (values.profile) process.stdout.write(`\n${describeProfile(profile)}`);
}
if (!result.same_digest) process.exitCode = 1;
