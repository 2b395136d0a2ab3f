import { afterAll, afterEach, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  connectDatabase,
  identifyProcess,
  startInBackground,
  stopBackground,
} from '@catalyst/platform';
import { eventually } from '@catalyst/testkit';
import { runCatalyst, temporaryFolder } from './run-catalyst.ts';

const folder = temporaryFolder();
const home = join(folder.path, 'home');
const day_dir = new URL('../../simulator/days/2026-03-24', import.meta.url).pathname;
afterEach(async () => void (await stopBackground(home)), 60_000);
afterAll(folder.remove);

const findings = async (): Promise<Record<string, { status: string; detail: string }>> => {
  const { stdout } = await runCatalyst(['doctor', '--json'], { home });
  const { checks } = JSON.parse(stdout) as {
    checks: { name: string; status: string; detail: string }[];
  };
  return Object.fromEntries(checks.map(({ name, ...finding }) => [name, finding]));
};

it('asks the running desk itself: its database, its Redis and each service, and sees it come back', async () => {
  const { run } = await startInBackground({
    home,
    mode: 'replay',
    day_dir,
    services: ['reporting'] as const,
  });
  const client = await connectDatabase(run.database_url!);
  const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
  await client.end();
  const before = await findings();
  expect(before.postgres).toMatchObject({
    status: 'ok',
    detail: "the desk's server answers and writes",
  });
  expect(before.redis).toMatchObject({
    status: 'ok',
    detail: "the desk's server answers and writes",
  });
  expect(before.desk!.detail).not.toContain('reporting');

  const [pid] = readFileSync(join(rows[0]!.data_directory, 'postmaster.pid'), 'utf8').split('\n');
  process.kill(run.supervisor.pid, 'SIGSTOP'); // or it would be back before anybody looked
  process.kill(Number(pid), 'SIGINT');
  await eventually(() => expect(identifyProcess(Number(pid))).toBeNull());
  const after = await findings();
  expect(after.postgres).toMatchObject({
    status: 'failed',
    detail: expect.stringContaining('does not let us in'),
  });
  expect(after.desk).toMatchObject({
    status: 'failed',
    detail: expect.stringContaining('reporting (unhealthy'),
  });
  const up = await runCatalyst(['up', '--embedded'], { home });
  expect(up).toMatchObject({ code: 3, stderr: expect.stringContaining('does not let us in') });

  process.kill(run.supervisor.pid, 'SIGCONT');
  await eventually(async () => {
    const { postgres, desk } = await findings();
    expect(postgres!.status).toBe('ok');
    expect(desk!.detail).not.toContain('reporting');
  }, 60_000);
}, 120_000);
