import type { ChildProcess } from 'node:child_process';
import type { ClientsOrder, Speech, Timings } from './clients.ts';
import { signalOf, startOurs, type MeasuredServer } from './our-server.ts';
import { cpuOf, memoryOf, next, openFilesFor, own, pause, startProgram } from './processes.ts';

/** A server that sends to all what it is told to send. */
const startOther = async (
  program: string,
  path: string,
  files: number,
): Promise<MeasuredServer> => {
  const server = startProgram(own(program), files);
  const { port } = await next<{ port: number }>(server);
  let order = 0;
  return {
    url: `ws://127.0.0.1:${port}${path}`,
    pid: server.pid!,
    publish: () => {
      order += 1;
      server.send(JSON.stringify({ type: 'signal', after: order - 1, signal: signalOf(order) }));
    },
    close: async () => void server.kill('SIGKILL'),
  };
};
type Contender = readonly [string, Speech, (files: number) => Promise<MeasuredServer>];
export const contenders = (profile_dir?: string): readonly Contender[] => [
  ['raw TCP loop', 'bare', (files) => startOther('raw-loop.ts', '', files)],
  ['bare ws loop', 'bare', (files) => startOther('bare-loop.ts', '', files)],
  [
    'socket.io',
    'socket.io',
    (files) => startOther('socket-io.ts', '/socket.io/?EIO=4&transport=websocket', files),
  ],
  ['catalyst', 'catalyst', (files) => startOurs(files, profile_dir)],
];

/** Signals that warm the paths and are not counted. */
const WARM = 5;
export const round = (value: number): number => Math.round(value * 10) / 10;

/**
 * Sends so many signals, apart and each once the one before is with all, so that each is one delivery to
 * all and not a queue however busy the machine is.
 */
export const createSend =
  (server: MeasuredServer, program: ChildProcess, clients: number) =>
  async (count: number): Promise<Timings> => {
    for (let sent = 1; sent <= count; sent += 1) {
      await server.publish();
      const arrived = next<{ isAll: boolean }>(program);
      program.send({ arrived: sent });
      const [{ isAll }] = await Promise.all([arrived, pause(Math.max(100, clients / 8))]);
      if (!isAll) break;
    }
    const told = next<Timings>(program);
    program.send({ tell: true });
    return told;
  };

export const measure = async (
  [name, speech, start]: Contender,
  clients: number,
  signals: number,
) => {
  const files = openFilesFor(clients);
  const server = await start(files);
  const program = startProgram(own('clients.ts'), files);
  const before = memoryOf(server.pid);
  program.send({ url: server.url, clients, speech } satisfies ClientsOrder);
  await next(program);
  const memory = (memoryOf(server.pid) - before) / clients;
  const send = createSend(server, program, clients);
  await send(WARM);
  const cpu = cpuOf(server.pid);
  const { p50_ms, p99_ms, received, out_of_order } = await send(signals);
  const used = cpuOf(server.pid) - cpu;
  program.kill('SIGKILL');
  await server.close();
  return {
    name,
    clients,
    p50_ms: round(p50_ms),
    p99_ms: round(p99_ms),
    cpu_us_per_delivery: round((used / received) * 1e6),
    memory_kb_per_client: round(memory / 1024),
    lost: clients * signals - received,
    out_of_order,
  };
};
export type Measured = Awaited<ReturnType<typeof measure>>;
