import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { serviceNames, type ServiceName } from '@catalyst/contracts';
import { Redis } from 'ioredis';
import type { DrillDesk } from './drill-desk.ts';

/** What is done to the desk while it is held in the middle of an act. */
export interface Blow {
  name: string;
  says: string;
  /** True where trading itself loses what it was doing. */
  hits_trading: boolean;
  /** Strikes; what it resolves with mends it, once the held act has gone on. */
  strike(desk: DrillDesk): Promise<(() => Promise<void>) | void>;
}

const kill = (...victims: ServiceName[]): Blow => ({
  name: `kill_${victims.length === serviceNames.length ? 'all' : victims.join('_and_')}`,
  says: `kill -9 of ${victims.length === serviceNames.length ? 'all nine services' : victims.join(' and ')}`,
  hits_trading: victims.includes('trading'),
  strike: async ({ desk }) => {
    await Promise.all(victims.map((victim) => desk.fleet.kill(victim, 'SIGKILL')));
  },
});

const stopFor = (victim: ServiceName, seconds: number): Blow => ({
  name: `stop_${victim}_${seconds}s`,
  says: `${victim} stands still for ${seconds} s (SIGSTOP)`,
  hits_trading: victim === 'trading',
  strike: async (desk) => {
    const pid = desk.pidOf(victim);
    if (pid === null) throw new Error(`${victim} does not run`);
    process.kill(pid, 'SIGSTOP');
    return async () => {
      await pause(seconds * 1000);
      process.kill(pid, 'SIGCONT');
    };
  },
});

const cutFor = (direction: 'requests' | 'answers', seconds: number): Blow => ({
  name: `cut_${direction}_${seconds}s`,
  says: `for ${seconds} s nothing goes ${direction === 'requests' ? 'to' : 'back from'} the broker`,
  hits_trading: true,
  strike: async ({ broker }) => {
    const { mend } = broker.cut(direction);
    return async () => {
      await pause(seconds * 1000);
      mend();
    };
  },
});

/** Until the account is read anew after a clock was set back. */
const TRUSTED_AFTER_MS = 120_000;

const clockOff = (victim: ServiceName, off_ms: number): Blow => ({
  name: `clock_of_${victim}_${off_ms > 0 ? 'ahead' : 'back'}_${Math.abs(off_ms) / 1000}s`,
  says: `the clock of ${victim} goes ${Math.abs(off_ms) / 1000} s ${off_ms > 0 ? 'ahead' : 'back'}, and right again 5 s later`,
  hits_trading: false,
  strike: async (desk) => {
    await desk.setClockWrong(victim, off_ms);
    return async () => {
      await pause(5000);
      await desk.setClockWrong(victim, 0);
      // what was written meanwhile is from the future, and nothing is entered until it no longer is
      if (off_ms > 0) await desk.pass(off_ms + TRUSTED_AFTER_MS);
    };
  },
});

/** The process that a backend of PostgreSQL is a child of. */
const parentOf = (pid: number): number =>
  Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')[1]);

const killPostgres: Blow = {
  name: 'kill_postgres',
  says: 'PostgreSQL stops at once (SIGQUIT)',
  hits_trading: true,
  strike: async ({ database }) => {
    const [row] = await database.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    process.kill(parentOf(row!.pid), 'SIGQUIT');
  },
};

const killRedis: Blow = {
  name: 'kill_redis',
  says: 'kill -9 of Redis',
  hits_trading: false,
  strike: async ({ desk }) => {
    const redis = new Redis(desk.redis_url, { lazyConnect: true, retryStrategy: () => null });
    redis.on('error', () => undefined); // it dies by our own hand
    await redis.connect();
    const info = await redis.info('server');
    redis.disconnect();
    process.kill(Number(/process_id:(\d+)/.exec(info)![1]), 'SIGKILL');
  },
};

const readOnly: Blow = {
  name: 'read_only_database_5s',
  says: 'for 5 s the database takes no writes',
  hits_trading: true,
  strike: async ({ database, desk }) => {
    const name = new URL(desk.database_url).pathname.slice(1);
    const set = async (value: 'on' | 'off'): Promise<void> => {
      // our own sessions must be able to end it
      await database.query(
        `SET default_transaction_read_only = off; ALTER DATABASE "${name}" SET default_transaction_read_only = ${value}`,
      );
      await database.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND application_name <> 'catalyst-drill'`,
      );
    };
    await set('on');
    return async () => {
      await pause(5000);
      await set('off');
    };
  },
};

/** All that can be done, by name. */
export const blows = {
  killEach: serviceNames.map((service) => kill(service)),
  pairs: [
    kill('trading', 'workflow'),
    kill('trading', 'risk'),
    kill('risk', 'workflow'),
    kill('trading', 'technical'),
  ],
  allPairs: serviceNames.flatMap((one, index) =>
    serviceNames.slice(index + 1).map((other) => kill(one, other)),
  ),
  all: kill(...serviceNames),
  parts: [killPostgres, killRedis, readOnly],
  stops: [stopFor('trading', 5), stopFor('workflow', 5)],
  long_stops: [stopFor('trading', 60)],
  clocks: [
    clockOff('trading', 300_000),
    clockOff('trading', -10_000),
    clockOff('workflow', 300_000),
    clockOff('risk', -10_000),
  ],
  cuts: [cutFor('requests', 5), cutFor('answers', 5)],
};
