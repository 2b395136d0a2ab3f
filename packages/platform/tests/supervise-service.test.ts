import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, identifyProcess, type ProcessEvent } from '../src/index.ts';
import { superviseService, type SupervisedService } from '../src/fleet/supervise-service.ts';
import { startAndReadLine } from './first-line.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { until } from './until.ts';

const folder = temporaryFolder();
afterAll(folder.remove);
const entry = new URL('./programs/tiny-service.ts', import.meta.url).pathname;
let running: SupervisedService | undefined;
afterEach(async () => running?.stop());

const supervise = async (
  env: Record<string, string>,
  events: ProcessEvent[] = [],
  ready_timeout_ms = 60_000,
) => {
  const port = await freePort();
  running = superviseService({
    name: 'news',
    url: `http://127.0.0.1:${port}`,
    program: () => ({
      entry,
      env: { PORT: String(port), ...env },
      log_path: join(folder.path, 'news.log'),
      cwd: '/',
    }),
    ready_timeout_ms,
    on_event: (event) => events.push(event),
  });
  return running;
};

describe('a service under supervision', () => {
  it('is started again after it is killed with -9, and not after it is stopped', async () => {
    const events: ProcessEvent[] = [];
    const service = await supervise({}, events);
    await service.awaitReady();
    const first = service.pid();
    await service.kill('SIGKILL');
    await until(() => service.pid() !== null);
    await service.awaitReady();
    expect(service.pid()).not.toBe(first);
    expect(service.restarts()).toBe(1);
    await service.stop();
    expect(service.pid()).toBeNull();
    expect(events.map(({ event }) => event)).toEqual([
      'started',
      'ready',
      'exited',
      'started',
      'ready',
    ]);
  });

  it('is awaited from one that said it was ready to the next', async () => {
    const service = await supervise({ SAYS_READY: 'yes' });
    await service.awaitReady();
    const first = service.pid();
    await service.kill('SIGKILL');
    // nobody has started it again yet
    expect(service.pid()).toBeNull();
    await service.awaitReady();
    expect([service.restarts(), service.pid() === first]).toEqual([1, false]);
  });

  it('is given up at once when it refuses its configuration, with what it said', async () => {
    const service = await supervise({ FAULT: 'configuration' });
    await expect(service.awaitReady()).rejects.toMatchObject({
      exit_code: 78,
      message: expect.stringMatching(
        /news refuses to start \(exit code 78\):\nPORT must be a number/,
      ),
    });
    expect(service.restarts()).toBe(0);
  });

  it('leaves what Node compiled of it to its next start, where a folder for that is set', async () => {
    const compiled = join(folder.path, 'compiled');
    const { NODE_COMPILE_CACHE: usual } = process.env;
    process.env.NODE_COMPILE_CACHE = compiled;
    const service = await supervise({ FAULT: 'configuration' });
    if (usual === undefined) delete process.env.NODE_COMPILE_CACHE;
    else process.env.NODE_COMPILE_CACHE = usual;
    await expect(service.awaitReady()).rejects.toMatchObject({ exit_code: 78 });
    expect(readdirSync(compiled)).not.toEqual([]);
  });

  it('is tried again with longer waits when it crashes at its start, and told with its last words when that does not help', async () => {
    const service = await supervise({ FAULT: 'crash' }, [], 30_000);
    await expect(service.awaitReady()).rejects.toMatchObject({
      exit_code: 1,
      message: expect.stringMatching(
        /news ended 6 times before it was ready; the end of .*news\.log:\ncannot go on/,
      ),
    });
  });

  it('ends by itself when whoever started it is killed with -9', async () => {
    const { child, line } = await startAndReadLine(
      new URL('./programs/start-tiny-service.ts', import.meta.url),
      [join(folder.path, 'orphan.log'), String(await freePort())],
    );
    expect(identifyProcess(Number(line))).not.toBeNull();
    child.kill('SIGKILL');
    await until(() => identifyProcess(Number(line)) === null);
  });
});
