/**
 * One signal to many clients: from its row in Redis to its receipt, the server's processor time for
 * each delivery, and what a connection costs in memory; beside socket.io, a bare loop over `ws` and the
 * floor, a loop that writes the same bytes to bare TCP sockets, in the same run. Server, clients and
 * publisher are three processes. Says which aims are reached, and what the floor takes of them.
 *
 *   npm run bench -- signals [--clients 1000,5000,10000] [--signals 30] [--json] [--plot FILE.svg]
 *   npm run bench -- signals --abuse [--clients 200] [--signals 100] [--json]
 *
 * With --abuse our server alone: what its clients notice while others misuse it, in turns with and without.
 *
 * Ends with 1 where a delivery was lost or out of order.
 */
import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { drawPlot } from './draw-plot.ts';
import { measureAbuse } from './measure-abuse.ts';
import { contenders, measure, round, type Measured } from './measure-server.ts';
import { openFilesFor } from './processes.ts';

const { values } = parseArgs({
  options: {
    clients: { type: 'string', default: '1000' },
    signals: { type: 'string', default: '30' },
    json: { type: 'boolean', default: false },
    plot: { type: 'string' },
    profile: { type: 'string' },
    abuse: { type: 'boolean', default: false },
  },
});

const measureAll = async (): Promise<Measured[]> => {
  const results: Measured[] = [];
  for (const clients of values.clients.split(',').map(Number))
    for (const contender of contenders(values.profile))
      results.push(await measure(contender, clients, Number(values.signals)));
  return results;
};

/** What is aimed at, by number of clients: ms at half and at 99 of 100 of the deliveries. */
const AIMS: Readonly<Record<number, { p50_ms?: number; p99_ms: number }>> = {
  1000: { p50_ms: 8, p99_ms: 22 },
  5000: { p50_ms: 32, p99_ms: 75 },
  10_000: { p99_ms: 180 },
};
const MOST_CPU_US = 12;

/** Each aim: what our server took, and what the floor alone did. */
const sayAims = (clients: number, rows: readonly Measured[]): string => {
  const [floor, ours] = ['raw TCP loop', 'catalyst'].map((name) =>
    rows.find((row) => row.name === name)!,
  ) as [Measured, Measured];
  return Object.entries({ ...AIMS[clients], cpu_us_per_delivery: MOST_CPU_US })
    .map(([what, aim]) => {
      const name = what as 'p50_ms' | 'p99_ms' | 'cpu_us_per_delivery';
      const outcome = ours[name] <= aim ? 'reached' : 'missed';
      return `${name} ${aim}: ${outcome} with ${ours[name]} (the floor takes ${floor[name]})`;
    })
    .join('; ');
};

const sayAll = (results: readonly Measured[]): void => {
  for (const clients of new Set(results.map((row) => row.clients))) {
    const rows = results.filter((row) => row.clients === clients);
    const cpuOfBare = rows.find(({ name }) => name === 'bare ws loop')!.cpu_us_per_delivery;
    for (const { name, ...figures } of rows)
      process.stdout.write(
        `${String(clients).padStart(6)} clients  ${name.padEnd(13)} p50 ${figures.p50_ms} ms, p99 ${figures.p99_ms} ms, ${figures.cpu_us_per_delivery} us of processor a delivery (${(figures.cpu_us_per_delivery / cpuOfBare).toFixed(2)} x the bare loop), ${figures.memory_kb_per_client} kB a client, lost ${figures.lost}, out of order ${figures.out_of_order}\n`,
      );
    process.stdout.write(
      `${String(clients).padStart(6)} clients  aims: ${sayAims(clients, rows)}\n`,
    );
  }
};

try {
  for (const clients of values.clients.split(',').map(Number)) openFilesFor(clients);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exit(1);
}
if (values.abuse) {
  const told = await measureAbuse(Number(values.clients.split(',')[0]), Number(values.signals));
  if (values.json) process.stdout.write(`${JSON.stringify(told)}\n`);
  else {
    const { connections, ended } = told.abuse;
    for (const { name, p50_ms, p99_ms, lost, out_of_order } of told.phases)
      process.stdout.write(
        `${name.padEnd(7)} p50 ${p50_ms} ms, p99 ${p99_ms} ms, lost ${lost}, out of order ${out_of_order}\n`,
      );
    process.stdout.write(
      `with abuse p50 is ${told.p50_ratio} and p99 ${told.p99_ratio} times what it is without (${connections} abusive connections, ${ended} ended)\n`,
    );
  }
  process.exit(told.phases.some(({ lost, out_of_order }) => lost + out_of_order !== 0) ? 1 : 0);
}
const load_before = round(loadavg()[0]!);
const results = await measureAll();
const load = { before: load_before, after: round(loadavg()[0]!) };
if (values.plot) writeFileSync(values.plot, drawPlot(results));
if (values.json) process.stdout.write(`${JSON.stringify({ load, results })}\n`);
else {
  process.stdout.write(`load of the machine ${load.before} before, ${load.after} after\n`);
  sayAll(results);
}
process.exit(results.some(({ lost, out_of_order }) => lost !== 0 || out_of_order !== 0) ? 1 : 0);
