import { createServer } from 'node:net';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { serviceNames, type ServiceName } from '@catalyst/contracts';
import { formatLine } from '@catalyst/domain';
import { checkoutFolder } from '../checkout-folder.ts';
import { freePorts } from '../free-port.ts';
import { PlatformError } from '../platform-error.ts';
import type { Timekeeper } from '../rehearsal/timekeeper.ts';
import type { ProcessEvent } from '../processes/process-event.ts';
import { processMemory } from '../processes/process-memory.ts';
import { createServiceKeys, type ServiceKeys } from './service-keys.ts';
import { serviceEnvironment, type FleetAddresses } from './service-environment.ts';
import type { SimulatorAddress } from './start-simulator.ts';
import { superviseService, type ServiceRun, type SupervisedService } from './supervise-service.ts';

export type FleetOptions = FleetAddresses & {
  /** Only these; otherwise all nine. The addresses of the others lead nowhere. */
  services?: readonly ServiceName[];
  /** Fixed ports; the others get free ones. */
  ports?: Partial<Record<ServiceName, number>>;
  /** Keys of an earlier start; otherwise new ones. */
  keys?: ServiceKeys;
  logs_dir?: string;
  ready_timeout_ms?: number;
  on_event?: (event: ProcessEvent) => void;
  /** A rehearsal's time, which the services follow. */
  timekeeper?: Timekeeper;
  /**
   * The exchange that is still starting: the services load their modules beside it and are told its
   * addresses when it is there.
   */
  simulator_soon?: Promise<SimulatorAddress>;
  /** What runs each service; otherwise a process that is started again whenever it ends. */
  run?: (service: ServiceRun) => SupervisedService;
};

export type ServiceProcess = {
  service: ServiceName;
  url: string;
  pid: number | null;
  restarts: number;
  peak_memory_bytes: number | null;
};

export type RunningFleet = {
  urls: Record<ServiceName, string>;
  keys: ServiceKeys;
  logs_dir: string;
  processes: () => ServiceProcess[];
  /**
   * Ends one service as a crash would; the fleet starts it again. Resolves once the process is
   * gone.
   */
  kill: (service: ServiceName, signal: NodeJS.Signals) => Promise<void>;
  awaitReady: (service: ServiceName) => Promise<void>;
  /** Starts the same service once more, at an address of its own, as somebody might by mistake. */
  startCopy: (service: ServiceName) => Promise<SupervisedService>;
  stop: () => Promise<void>;
};

/**
 * Small heaps: nine services share one small machine. The young generation is what grows
 * needlessly: with 4 MB the nine take 75 MB less than with 8, for no more processor time.
 */
const node_flags = ['--max-old-space-size=256', '--max-semi-space-size=4'];
/** One arena for malloc instead of one for each thread, which keep what they once had (glibc). */
const memory_variables = { MALLOC_ARENA_MAX: '1' };

const isTaken = (port: number): Promise<boolean> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(true) : reject(error),
    );
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(false)));
  });

const choosePorts = async (
  fixed: Partial<Record<ServiceName, number>>,
): Promise<Record<ServiceName, number>> => {
  const taken: string[] = [];
  for (const [name, port] of Object.entries(fixed))
    if (await isTaken(port)) taken.push(`${port} (${name})`);
  if (taken.length > 0)
    throw new PlatformError(
      `these ports are taken by other programs: ${taken.join(', ')}; end those programs or leave the ports to be chosen`,
    );
  const free = await freePorts(serviceNames.length);
  return Object.fromEntries(
    serviceNames.map((name, index) => [name, fixed[name] ?? free[index]!]),
  ) as Record<ServiceName, number>;
};

/**
 * Starts the services as processes on the loopback address, all at once, waits until each is ready,
 * and starts again whichever ends by itself. PlatformError when one cannot become ready; then none
 * is left running.
 */
export const startFleet = async ({
  services: wanted = serviceNames,
  ports = {},
  keys = createServiceKeys(),
  logs_dir: given_logs_dir,
  ready_timeout_ms = 60_000,
  on_event = () => {},
  timekeeper,
  simulator_soon,
  run = superviseService,
  ...addresses
}: FleetOptions): Promise<RunningFleet> => {
  let { simulator } = addresses;
  const found = simulator_soon?.then((address) => void (simulator = address));
  found?.catch(() => undefined); // is awaited with the services
  const logs_dir = given_logs_dir ?? join(addresses.home, 'logs');
  mkdirSync(logs_dir, { recursive: true });
  const chosen = await choosePorts(ports);
  const urls = Object.fromEntries(
    serviceNames.map((name) => [name, `http://127.0.0.1:${chosen[name]}`]),
  ) as Record<ServiceName, string>;
  // only a process of its own can be told later
  if (run !== superviseService) await found;
  const isAwaited = (): boolean => found !== undefined && simulator === undefined;
  const environmentOf = (name: ServiceName, url: string): Record<string, string> =>
    serviceEnvironment(name, { ...addresses, ...(simulator && { simulator }) }, keys, {
      ...urls,
      [name]: url,
    });
  /** `as` is its name among the logs and for the timekeeper. */
  const supervise = (name: ServiceName, url: string, as: string): SupervisedService =>
    run({
      name,
      url,
      program: () => ({
        entry: join(checkoutFolder, 'services', name, 'src', 'main.ts'),
        env: {
          ...memory_variables,
          ...environmentOf(name, url),
          ...(isAwaited() ? { ENVIRONMENT_FOLLOWS: 'true' } : {}),
          ...(timekeeper ? { CLOCK_LINE: formatLine(timekeeper.line()) } : {}),
        },
        log_path: join(logs_dir, `${as}.log`),
        node_flags,
        cwd: checkoutFolder,
      }),
      on_process: (child) => {
        timekeeper?.join(as, child);
        if (!isAwaited()) return;
        const tell = () => child.connected && child.send({ environment: environmentOf(name, url) });
        void found?.then(tell, () => undefined); // without an exchange all is stopped
      },
      ready_timeout_ms,
      on_event,
    });
  const running = new Map<ServiceName, SupervisedService>(
    wanted.map((name) => [name, supervise(name, urls[name], name)]),
  );
  const copies = new Map<string, SupervisedService>();
  const find = (name: ServiceName): SupervisedService => {
    const service = running.get(name);
    if (service === undefined) throw new Error(`${name} is not part of this fleet`);
    return service;
  };
  const stop = async () => {
    for (const name of [...running.keys(), ...copies.keys()]) timekeeper?.leave(name);
    await Promise.all([...running.values(), ...copies.values()].map((service) => service.stop()));
  };
  try {
    await Promise.all([found, ...[...running.values()].map((service) => service.awaitReady())]);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    urls,
    keys,
    logs_dir,
    processes: () =>
      [...running.values()].map(({ name, url, pid, restarts }) => {
        const id = pid();
        return {
          service: name,
          url,
          pid: id,
          restarts: restarts(),
          peak_memory_bytes: id === null ? null : (processMemory(id)?.peak_bytes ?? null),
        };
      }),
    kill: (name, signal) => find(name).kill(signal),
    awaitReady: (name) => find(name).awaitReady(),
    startCopy: async (name) => {
      const [port] = await freePorts(1);
      const as = `${name}-copy-${copies.size + 1}`;
      const copy = supervise(name, `http://127.0.0.1:${port}`, as);
      copies.set(as, copy);
      const stopCopy = async (): Promise<void> => {
        timekeeper?.leave(as);
        await copy.stop();
      };
      return { ...copy, stop: stopCopy };
    },
    stop,
  };
};
