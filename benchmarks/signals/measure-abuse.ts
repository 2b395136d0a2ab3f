import type { ClientsOrder, Timings } from './clients.ts';
import { createSend, round } from './measure-server.ts';
import { startOurs } from './our-server.ts';
import { next, openFilesFor, own, startProgram } from './processes.ts';

/** Connections of those who misuse the stream, at the most. */
const ABUSERS = 2000;

const ROUNDS = 4;

const medianOf = (values: readonly number[]): number =>
  [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)]!;
const ratioOf = (abused: number, calm: number): number => Math.round((abused / calm) * 100) / 100;

/**
 * What clients that behave notice of others that do not: signals without abusers and with them, in
 * turns, so that what else the machine does is on both sides; of each side the median of the turns.
 */
export const measureAbuse = async (clients: number, signals: number) => {
  const files = openFilesFor(clients + ABUSERS);
  const server = await startOurs(files);
  const program = startProgram(own('clients.ts'), files);
  program.send({ url: server.url, clients, speech: 'catalyst' } satisfies ClientsOrder);
  await next(program);
  const send = createSend(server, program, clients);
  await send(5);
  const turns: { calm: Timings[]; abused: Timings[] } = { calm: [], abused: [] };
  const abuse = { connections: 0, ended: 0 };
  const each = Math.ceil(signals / ROUNDS);
  for (let turn = 0; turn < ROUNDS; turn += 1) {
    turns.calm.push(await send(each));
    // the lowest priority: the machine's two processors are the server's and its clients' first
    const abusers = startProgram(own('abusers.ts'), files, { nice: 19 });
    abusers.send({ url: server.url });
    await next(abusers);
    turns.abused.push(await send(each));
    abusers.send({});
    const told = await next<typeof abuse>(abusers);
    abuse.connections += told.connections;
    abuse.ended += told.ended;
    abusers.kill('SIGKILL');
  }
  program.kill('SIGKILL');
  await server.close();
  const phases = Object.entries(turns).map(([name, timings]) => ({
    name,
    p50_ms: round(medianOf(timings.map(({ p50_ms }) => p50_ms))),
    p99_ms: round(medianOf(timings.map(({ p99_ms }) => p99_ms))),
    lost: clients * each * ROUNDS - timings.reduce((sum, { received }) => sum + received, 0),
    out_of_order: timings.reduce((sum, { out_of_order }) => sum + out_of_order, 0),
  }));
  const [calm, abused] = phases as [(typeof phases)[number], (typeof phases)[number]];
  return {
    clients,
    phases,
    p50_ratio: ratioOf(abused.p50_ms, calm.p50_ms),
    p99_ratio: ratioOf(abused.p99_ms, calm.p99_ms),
    abuse,
  };
};
