import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { serviceNames } from '@catalyst/contracts';
import type { RunningDesk } from '@catalyst/platform';
import type { Database } from '@catalyst/service-kit';

export interface Fault {
  name: string;
  /** So long it lasts; 0 where the desk mends it by itself. */
  lasts_s: number;
  strike(): Promise<(() => Promise<void>) | void>;
}

/** The process that a backend of PostgreSQL is a child of. */
const parentOf = (pid: number): number =>
  Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')[1]);

const killPostgres = async (database: Database): Promise<void> => {
  const [row] = await database.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  process.kill(parentOf(row!.pid), 'SIGKILL');
};

const killRedis = async (home: string): Promise<void> => {
  const record = readFileSync(join(home, 'parts', 'redis', 'redis.json'), 'utf8');
  process.kill((JSON.parse(record) as { pid: number }).pid, 'SIGKILL');
};

const atBroker = async (url: string, faults: object[]): Promise<() => Promise<void>> => {
  const answer = await fetch(`${url}/sim/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ faults }),
  });
  if (!answer.ok) throw new Error(`the simulator refused the faults: ${await answer.text()}`);
  return async () => void (await fetch(`${url}/sim/faults`, { method: 'DELETE' }));
};

/** Writes until the file system takes no more. */
const fill = (path: string): void => {
  const file = openSync(path, 'w');
  const block = Buffer.alloc(1 << 20);
  try {
    for (;;) writeSync(file, block);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    closeSync(file);
  }
};

const MINUTE_S = 60;
const error503 = { kind: 'status', status: 503 };

/** What is done to a running desk, each row of the table of docs/operations.md. */
export const listFaults = (
  desk: RunningDesk,
  database: Database,
  home: string,
  has_disk_of_its_own: boolean,
): Fault[] => {
  const broker = (...faults: object[]) => atBroker(desk.simulator!.url, faults);
  return [
    { name: 'PostgreSQL killed', lasts_s: 0, strike: () => killPostgres(database) },
    { name: 'Redis killed', lasts_s: 0, strike: () => killRedis(home) },
    ...serviceNames.map((service) => ({
      name: `${service} killed (kill -9)`,
      lasts_s: 0,
      strike: async () => void (await desk.fleet.kill(service, 'SIGKILL')),
    })),
    {
      name: 'the broker answers 503 for a minute',
      lasts_s: MINUTE_S,
      strike: () =>
        broker(
          ...['account', 'positions', 'orders', 'clock'].flatMap((path) => [
            { where: { rest: `* /v2/${path}` }, what: error503 },
            { where: { rest: `* /v2/${path}/**` }, what: error503 },
          ]),
        ),
    },
    {
      name: "the broker's stream of updates is silent for a minute",
      lasts_s: MINUTE_S,
      strike: () => broker({ where: { stream: 'trade_updates' }, what: { kind: 'silence' } }),
    },
    {
      name: 'market data answers 503 for two minutes',
      lasts_s: 2 * MINUTE_S,
      strike: () => broker({ where: { rest: '* /v2/stocks/**' }, what: error503 }),
    },
    ...(has_disk_of_its_own
      ? [
          {
            name: 'the disk is full for a minute',
            lasts_s: MINUTE_S,
            strike: async () => {
              const path = join(home, 'filler');
              fill(path);
              return async () => rmSync(path);
            },
          },
        ]
      : []),
  ];
};
