import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { formatLine } from '@catalyst/domain';
import { createTimekeeper, PlatformError, type Timekeeper } from '../src/index.ts';
import { spawnProgram } from '../src/processes/spawn-program.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { until } from './until.ts';

const START = Date.parse('2026-03-24T13:59:00.000Z');
const HOUR_MS = 3_600_000;
const entry = new URL('./programs/line-follower.ts', import.meta.url).pathname;
const folder = temporaryFolder();
afterAll(folder.remove);
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** A program that the timekeeper takes in; answers how late each of its wakes was, on the line. */
const follow = (timekeeper: Timekeeper, name: string, ...args: string[]) => {
  const child = spawnProgram({
    entry,
    args,
    env: { CLOCK_LINE: formatLine(timekeeper.line()) },
    log_path: join(folder.path, `${name}.log`),
    pipe_stdout: true,
    cwd: '/',
  });
  children.push(child);
  timekeeper.join(name, child);
  const late: number[] = [];
  child.stdout!.on('data', (text: Buffer) =>
    late.push(...text.toString().trim().split('\n').map(Number)),
  );
  return { child, late };
};

describe('the time of a rehearsal', () => {
  it('jumps over idle hours and over no wake of anybody', async () => {
    const timekeeper = createTimekeeper(START);
    const [first, second] = ['first', 'second'].map((name) => follow(timekeeper, name));
    await timekeeper.runTo(START + 5 * HOUR_MS);
    expect(timekeeper.jumps()).toBeGreaterThanOrEqual(5);
    for (const { late } of [first!, second!]) {
      await until(() => late.length === 5);
      // one that was jumped over would be late by most of an hour
      for (const ms of late) expect(ms).toBeLessThan(HOUR_MS / 2);
    }
  }, 60_000);

  it('jumps over nothing that lies unread before a program to which its machine gives no time', async () => {
    const timekeeper = createTimekeeper(START);
    const path = join(folder.path, 'socket');
    const { child, late } = follow(timekeeper, 'first', 'listens', path);
    await timekeeper.runTo(START + HOUR_MS / 4);
    const connection = connect(path);
    await once(connection, 'connect');
    const jumps = timekeeper.jumps();
    child.kill('SIGSTOP');
    connection.write('news');
    const end = timekeeper.runTo(START + HOUR_MS / 2);
    await pause(300);
    expect(timekeeper.jumps()).toBe(jumps);
    child.kill('SIGCONT');
    await end;
    connection.destroy();
    // the wake of 10:00, and what was written
    await until(() => late.length === 2);
    expect(late[1]! - (START + HOUR_MS / 4)).toBeLessThan(HOUR_MS / 8);
  }, 60_000);

  it('waits for a program that has ended until another has come in its place', async () => {
    const timekeeper = createTimekeeper(START);
    const { child } = follow(timekeeper, 'first');
    await timekeeper.runTo(START + HOUR_MS / 2);
    const jumps = timekeeper.jumps();
    child.kill('SIGKILL');
    await once(child, 'exit');
    const end = timekeeper.runTo(START + 2 * HOUR_MS);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(timekeeper.jumps()).toBe(jumps);
    follow(timekeeper, 'first');
    await end;
    expect(timekeeper.jumps()).toBeGreaterThan(jumps);
  }, 60_000);

  it('ends with the name of the program that hangs', async () => {
    const timekeeper = createTimekeeper(START, 500);
    follow(timekeeper, 'well');
    follow(timekeeper, 'stuck', 'hangs');
    await expect(timekeeper.runTo(START + 2 * HOUR_MS)).rejects.toThrow(PlatformError);
    await expect(timekeeper.runTo(START + 2 * HOUR_MS)).rejects.toThrow(/stuck has worked for/);
  }, 60_000);
});
