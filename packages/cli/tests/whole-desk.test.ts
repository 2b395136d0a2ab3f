import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { workflowApi } from '@catalyst/contracts';
import {
  compileCache,
  ensureSchemaTemplate,
  identifyProcess,
  readRunFile,
  sharedPostgres,
  sharedRedis,
  type RunFile,
} from '@catalyst/platform';
import { createClient } from '@catalyst/service-kit';
import { eventually } from '@catalyst/testkit';
import { runCatalyst, temporaryFolder } from './run-catalyst.ts';

const main = new URL('../src/main.ts', import.meta.url).pathname;
const folder = temporaryFolder();
let homes = 0;
const newHome = (): string => join(folder.path, `home-${(homes += 1)}`);
afterAll(folder.remove);

/** Runs the command in a process of its own and presses Ctrl-C once it has said this. */
const pressAfter = (
  said: RegExp,
  args: string[],
  home: string,
): Promise<{ code: number | null; stderr: string }> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [main, ...args], {
      env: {
        ...compileCache(),
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        CATALYST_HOME: home,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    let pressed = false;
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
      if (!pressed && said.test(stderr)) pressed = child.kill('SIGINT');
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stderr }));
  });
const isAlive = ({ supervisor }: RunFile): boolean => identifyProcess(supervisor.pid) !== null;
const statusOf = async (home: string): Promise<number | null> =>
  (await runCatalyst(['status'], { home })).code;

describe('Ctrl-C', () => {
  it('in up ends what was begun, and says that nothing is left', async () => {
    const home = newHome();
    const { code, stderr } = await pressAfter(/starting 9 services/, ['up', '--embedded'], home);
    expect(code).toBe(130);
    expect(stderr).toContain('stopped; nothing is left running');
    expect(readRunFile(home)).toBeUndefined();
    expect(existsSync(join(home, 'run.json'))).toBe(false);
    const { code: down, stdout } = await runCatalyst(['down'], { home });
    expect([down, stdout]).toEqual([0, 'nothing is running\n']);
  });

  it('in advance leaves the day going on, and says to which time', async () => {
    const home = newHome();
    const { url: DATABASE_URL } = await sharedPostgres();
    await ensureSchemaTemplate(DATABASE_URL);
    const { url: REDIS_URL } = await sharedRedis();
    const env = { DATABASE_URL, REDIS_URL };
    expect((await runCatalyst(['up', '--embedded'], { home, env })).code).toBe(0);
    const run = readRunFile(home)!;
    const workflow = createClient(workflowApi, {
      service: 'workflow',
      base_url: run.urls!.workflow,
      api_key: run.cli_key!,
    });
    const asOf = async () => (await workflow.showCurrentCycle()).as_of;
    try {
      expect((await runCatalyst(['cycle', 'start'], { home })).code).toBe(0);
      const reason = ['--reason', 'a day to look at each trade'];
      const mode = await runCatalyst(['cycle', 'mode', 'supervised', ...reason], { home });
      expect(mode.stdout).toMatch(/^the session of 2026-03-24 is supervised$/m);
      const before = await asOf();
      const pressed = new Promise<{ code: number | null; stderr: string }>((resolve) => {
        const child = spawn(process.execPath, [main, 'cycle', 'advance', '--to', '08:20'], {
          env: { ...compileCache(), PATH: process.env.PATH, CATALYST_HOME: home },
          stdio: ['ignore', 'ignore', 'pipe'],
        });
        let stderr = '';
        child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
        child.once('close', (code) => resolve({ code, stderr }));
        // as soon as the day has left the minute that it stood at
        void eventually(async () => expect((await asOf()) > before).toBe(true), 30_000).finally(
          () => child.kill('SIGINT'),
        );
      });
      const { code, stderr } = await pressed;
      expect(code).toBe(130);
      expect(stderr).toMatch(/the day goes on to 08:20 New York by itself; .*cycle status/);
      expect(isAlive(run)).toBe(true);
      await eventually(async () => expect(await asOf()).toBe('2026-03-24T12:20:00.000Z'));
      const { stdout } = await runCatalyst(['cycle', 'status', '--json'], { home });
      expect((JSON.parse(stdout) as { as_of: string }).as_of).toBe('2026-03-24T12:20:00.000Z');
      expect(await statusOf(home)).toBe(0);
    } finally {
      await runCatalyst(['down'], { home });
    }
    expect(isAlive(run)).toBe(false);
  });
});
