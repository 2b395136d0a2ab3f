import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import {
  identifyProcess,
  readRunFile,
  startFleet,
  startInBackground,
  stopBackground,
  type RunFile,
} from '../src/index.ts';
import { readPostmaster } from '../src/postgres/postmaster-file.ts';
import { clusterFolder, serverUser } from '../src/postgres/server-user.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { until } from './until.ts';

const folder = temporaryFolder();
const home = join(folder.path, 'home');
const day_dir = new URL('../../simulator/days/2026-03-24', import.meta.url).pathname;
const options = {
  home,
  mode: 'replay' as const,
  day_dir,
  services: ['risk', 'technical'] as const,
};
afterEach(async () => void (await stopBackground(home)), 60_000);
afterAll(folder.remove);

const answers = async (run: RunFile, service: 'risk' | 'technical'): Promise<boolean> => {
  try {
    return (await fetch(`${run.urls![service]}/health/live`)).ok;
  } catch {
    return false;
  }
};

describe('a desk in the background', () => {
  it('is started once, found by a second start, and ended with all its parts', async () => {
    const { run, was_running } = await startInBackground(options);
    expect(was_running).toBe(false);
    expect(statSync(join(home, 'run.json')).mode & 0o777).toBe(0o600);
    expect(run.mcp_key).toMatch(/^[\w-]{43}$/);
    expect(await answers(run, 'risk')).toBe(true);
    const again = await startInBackground(options);
    expect(again).toEqual({ run, was_running: true });
    const postgres = readPostmaster(clusterFolder(join(home, 'parts', 'postgres'), serverUser()))!;
    expect(await stopBackground(home)).toMatchObject({ stopped: true, run_id: run.run_id });
    expect(await answers(run, 'risk')).toBe(false);
    expect(identifyProcess(postgres.pid)).toBeNull();
    expect(existsSync(join(home, 'run.json'))).toBe(false);
  }, 60_000);

  it('takes its services with it when its supervisor is killed with -9, and the next stop ends what is left', async () => {
    const { run } = await startInBackground(options);
    const postgres = readPostmaster(clusterFolder(join(home, 'parts', 'postgres'), serverUser()))!;
    process.kill(run.supervisor.pid, 'SIGKILL');
    await until(async () => !(await answers(run, 'risk')) && !(await answers(run, 'technical')));
    expect(readRunFile(home)).toBeUndefined();
    expect(await stopBackground(home)).toEqual({
      stopped: true,
      run_id: null,
      parts: ['postgres', 'redis'],
    });
    expect(identifyProcess(postgres.pid)).toBeNull();
    expect(await stopBackground(home)).toEqual({ stopped: false, run_id: null, parts: [] });
  }, 60_000);

  it('starts its PostgreSQL and its Redis again whenever one is killed, where its services find them', async () => {
    const { run } = await startInBackground(options);
    const isWell = async (): Promise<boolean> => {
      const answer = await fetch(`${run.urls!.risk}/health`);
      const { database, redis } = (await answer.json()) as { database: string; redis: string };
      return database === 'connected' && redis === 'connected';
    };
    const redis_record = join(home, 'parts', 'redis', 'redis.json');
    const processes = {
      postgres: () =>
        readPostmaster(clusterFolder(join(home, 'parts', 'postgres'), serverUser()))?.pid,
      redis: () =>
        existsSync(redis_record)
          ? (JSON.parse(readFileSync(redis_record, 'utf8')) as { pid: number }).pid
          : undefined,
    };
    for (const pidOf of Object.values(processes)) {
      const pid = pidOf()!;
      process.kill(pid, 'SIGKILL');
      await until(() => ![pid, undefined].includes(pidOf()));
      await until(isWell);
    }
    const told = readFileSync(join(home, 'logs', 'supervisor.log'), 'utf8')
      .split('\n')
      .filter((line) => line.includes('"service":"postgres"') || line.includes('"service":"redis"'))
      .map((line) => JSON.parse(line) as { event: string; service: string });
    expect(told.map(({ service, event }) => `${service} ${event}`)).toEqual([
      'postgres service_exited',
      'postgres service_ready',
      'redis service_exited',
      'redis service_ready',
    ]);
    expect(readRunFile(home)).toEqual(run);
  }, 90_000);

  it('refuses a home that nothing can be written to in one sentence, at once', async () => {
    const file = join(folder.path, 'no-folder');
    writeFileSync(file, '');
    await expect(startInBackground({ ...options, home: join(file, 'home') })).rejects.toMatchObject(
      { exit_code: 78, message: expect.stringMatching(/cannot be written/) },
    );
  });

  it('runs again after it was killed with -9, beside what that run left', async () => {
    const first = await startInBackground(options);
    process.kill(first.run.supervisor.pid, 'SIGKILL');
    await until(() => identifyProcess(first.run.supervisor.pid) === null); // the system ends it a moment later
    const second = await startInBackground(options);
    expect(second.was_running).toBe(false);
    expect(await answers(second.run, 'technical')).toBe(true);
  }, 60_000);

  it('refuses fixed ports that other programs have, all at once, before anything starts', async () => {
    const strangers = await Promise.all(
      [1, 2].map(
        () =>
          new Promise<ReturnType<typeof createServer>>((resolve) => {
            const server = createServer().listen(0, '127.0.0.1', () => resolve(server));
          }),
      ),
    );
    const [risk, news] = strangers.map((server) => (server.address() as AddressInfo).port) as [
      number,
      number,
    ];
    await expect(
      startFleet({
        mode: 'replay',
        run_id: 'r',
        database_url: 'postgres://x',
        redis_url: 'redis://y',
        home,
        services: ['risk'],
        ports: { risk, news },
      }),
    ).rejects.toMatchObject({
      exit_code: 78,
      message: `these ports are taken by other programs: ${risk} (risk), ${news} (news); end those programs or leave the ports to be chosen`,
    });
    for (const server of strangers) server.close();
  });
});
