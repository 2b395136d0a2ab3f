import type { ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { Agent } from 'node:http';
import { post } from './post.ts';
import { headersOf, perSecond, secondsSince, startProgram } from './processes.ts';

const CLOSE = '2026-03-24T20:00:00Z';

/** Resident memory now and at its peak, in megabytes; Linux only, null elsewhere. */
const memoryOf = async (child: ChildProcess): Promise<{ now: number; peak: number } | null> => {
  if (process.platform !== 'linux') return null;
  const status = await readFile(`/proc/${child.pid!}/status`, 'utf8');
  const kilobytes = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1]);
  return {
    now: Math.round(kilobytes('VmRSS') / 1024),
    peak: Math.round(kilobytes('VmHWM') / 1024),
  };
};

/**
 * The simulator as a process of its own on a folder of the day: how long it takes to start, its
 * memory once loaded and after a day with open orders.
 */
export const runProcess = async (
  folder: string,
  symbols: string[],
  { orders, connections }: { orders: number; connections: number },
) => {
  const startedAt = performance.now();
  const { facts, child, stop } = await startProgram(folder);
  try {
    const seconds = secondsSince(startedAt);
    const loaded = await memoryOf(child);
    const headers = headersOf(facts.accounts[0]!);
    await perSecond({
      url: `${facts.url}/v2/orders`,
      headers,
      connections,
      count: orders,
      name: 'day',
      symbols,
    });
    const stepped = performance.now();
    const { status, text } = await post(
      new Agent(),
      `${facts.url}/sim/step`,
      { to: CLOSE },
      headers,
    );
    if (status !== 200) throw new Error(`the step was answered ${status}: ${text}`);
    return { start: seconds, loaded, step: secondsSince(stepped), after: await memoryOf(child) };
  } finally {
    await stop();
  }
};
