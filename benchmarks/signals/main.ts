/**
 * One signal to many clients: from its row in Redis to its receipt, the server's processor time for
 * each delivery, and what a connection costs in memory; beside socket.io and a bare loop over `ws` in
 * the same run. Server, clients and publisher are three processes.
 *
 *   npm run bench -- signals [--clients 1000,5000,10000] [--signals 30] [--json] [--plot FILE.svg]
 *
 * Ends with 1 where a delivery was lost or out of order.
 */
import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { drawPlot } from './draw-plot.ts';
import { contenders, measure, round, type Measured } from './measure-server.ts';
import { openFilesFor } from './processes.ts';

const { values } = parseArgs({
  options: {
    clients: { type: 'string', default: '1000' },
    signals: { type: 'string', default: '30' },
    json: { type: 'boolean', default: false },
    plot: { type: 'string' },
    profile: { type: 'string' },
  },
});

const measureAll = async (): Promise<Measured[]> => {
  const results: Measured[] = [];
  for (const clients of values.clients.split(',').map(Number))
    for (const contender of contenders(values.profile))
      results.push(await measure(contender, clients, Number(values.signals)));
  return results;
};

const sayAll = (results: readonly Measured[]): void => {
  for (const { name, clients, ...figures } of results)
    process.stdout.write(
      `${String(clients).padStart(6)} clients  ${name.padEnd(13)} p50 ${figures.p50_ms} ms, p99 ${figures.p99_ms} ms, ${figures.cpu_us_per_delivery} us of processor a delivery, ${figures.memory_kb_per_client} kB a client, lost ${figures.lost}, out of order ${figures.out_of_order}\n`,
    );
};

try {
  for (const clients of values.clients.split(',').map(Number)) openFilesFor(clients);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exit(1);
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
