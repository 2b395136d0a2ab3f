import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLineWriter } from '../src/log-lines.ts';

const log = new URL('../src/log.ts', import.meta.url).href;
const program = `
  const { createLog } = await import(${JSON.stringify(log)});
  const log = createLog('risk', 'info');
  for (let line = 0; line < 100; line += 1) {
    log.info('a_line', { line, text: 'x'.repeat(200) });
    await new Promise(setImmediate);
  }
  process.stderr.write('went on');`;

/** Runs the program with its output going where the shell says. */
const run = (redirect: string): string =>
  spawnSync(
    'sh',
    [
      '-c',
      `${redirect.replace('PROGRAM', '"$0" --disable-warning=ExperimentalWarning --input-type=module -e "$1"')}`,
      process.execPath,
      program,
    ],
    { encoding: 'utf8', env: { PATH: process.env.PATH } },
  ).stderr;

describe('a log that cannot be written', () => {
  it('does not end the process, on a full device and beyond the size that a file may have', () => {
    const folder = mkdtempSync(join(tmpdir(), 'catalyst-log-'));
    try {
      expect(run('PROGRAM > /dev/full')).toBe('went on');
      expect(run(`ulimit -f 8; PROGRAM >> ${folder}/log`)).toBe('went on');
      const { size } = statSync(join(folder, 'log'));
      expect(size).toBeGreaterThan(0);
      expect(size).toBeLessThan(100 * 200);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('tells how many lines were lost before the first that is not', async () => {
    const written: string[] = [];
    let isFull = false;
    // like standard output, which takes writes again after one that failed
    const disk = Object.assign(new EventEmitter(), {
      write: (text: string, done: (error?: Error) => void) => {
        if (!isFull) written.push(text);
        done(isFull ? new Error('ENOSPC') : undefined);
      },
    }) as unknown as NodeJS.WritableStream;
    const write = createLineWriter(disk, (dropped) => `lost ${dropped}`);
    const tell = async (line: string): Promise<void> => {
      write(line);
      await new Promise(setImmediate);
    };
    await tell('one');
    isFull = true;
    for (const line of ['two', 'three', 'four']) await tell(line);
    isFull = false;
    await tell('five');
    await tell('six');
    expect(written.join('')).toBe('one\n\nlost 3\nfive\nsix\n');
  });
});
