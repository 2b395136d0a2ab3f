import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  identifyProcess,
  isSameProcess,
  startInBackground,
  stopBackground,
  type ProcessIdentity,
} from '@catalyst/platform';
import { readdirSync, readFileSync } from 'node:fs';
import type { Scene } from './scene.ts';

const GONE_WITHIN_MS = 10_000;
const LOOK_EVERY_MS = 100;
const SERVICES = ['technical', 'risk', 'trading', 'workflow'] as const;

/** Services whose environment names this folder as their home. */
const servicesOf = (home: string): ProcessIdentity[] =>
  readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const environment = readFileSync(`/proc/${name}/environ`, 'utf8').split('\0');
      const isOurs = environment.some(
        (line) => line.startsWith('CATALYST_HOME=') && line.includes(home),
      );
      const isService = /services\/\w+\/src\/main\.ts/.test(
        readFileSync(`/proc/${name}/cmdline`, 'utf8'),
      );
      const identity = isOurs && isService ? identifyProcess(Number(name)) : null;
      return identity === null ? [] : [identity];
    } catch {
      return []; // it has ended meanwhile, or is another user's
    }
  });

/** A desk of its own in the background: the drill's is started by the drill itself. */
export const killedSupervisor: Scene = {
  name: 'kill_supervisor',
  says: 'kill -9 of the process that keeps a desk running: no service lives on without it, and the next start is the only fleet',
  left_out: () =>
    process.platform === 'linux'
      ? null
      : 'processes are told apart by /proc, which this system has not',
  run: async ({ day_dir }) => {
    const faults: string[] = [];
    const home = mkdtempSync(join(tmpdir(), 'catalyst-drill-supervisor-'));
    const options = { home, mode: 'replay' as const, day_dir, services: SERVICES };
    let recovery_s: number;
    try {
      const { run } = await startInBackground(options);
      const before = servicesOf(home);
      if (before.length !== SERVICES.length)
        faults.push(`${before.length} services ran, ${SERVICES.length} were started`);
      const begun = performance.now();
      process.kill(run.supervisor.pid, 'SIGKILL');
      const living = () => [run.supervisor, ...before].filter(isSameProcess);
      while (living().length > 0 && performance.now() - begun < GONE_WITHIN_MS)
        await pause(LOOK_EVERY_MS);
      if (living().length > 0)
        faults.push(`${living().length} processes live on ${GONE_WITHIN_MS / 1000} s later`);
      const again = await startInBackground(options);
      if (again.was_running) faults.push('the next start took the dead desk for a living one');
      const after = servicesOf(home);
      if (after.length !== SERVICES.length)
        faults.push(
          `${after.length} services run after the next start, ${SERVICES.length} are one fleet`,
        );
      recovery_s = Math.round((performance.now() - begun) / 10) / 100;
    } finally {
      await stopBackground(home);
      rmSync(home, { recursive: true, force: true });
    }
    return {
      name: killedSupervisor.name,
      says: killedSupervisor.says,
      is_reached: true,
      recovery_s,
      ...{ lost: 0, doubled: 0, naked: 0, limit_breaches: 0, entries_while_stopped: 0 },
      faults,
    };
  },
};
