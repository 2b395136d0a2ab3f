import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { serviceNames } from '@catalyst/contracts';
import { processMemory } from '@catalyst/platform';
import { messageOf } from '@catalyst/service-kit';
import { addFaults, brokerFaults, cancelAtBroker, endFaults } from './broker-faults.ts';
import { SMALL } from './drill-day.ts';
import { startDrillDesk, type DrillDesk } from './drill-desk.ts';
import { judge, readBook, type Outage } from './judge.ts';
import { eventsLeft } from './queues.ts';
import { createRandom, type Random } from './random.ts';
import { untilFlat, untilReady, untilSettled } from './settle.ts';

/** What one window of a soak came to. */
export interface WindowResult {
  seed: number;
  acts: Record<string, number>;
  /** Acts that the desk refused or could not answer, with its words. */
  unanswered: string[];
  /** Orders that the broker took. */
  orders: number;
  lost: number;
  doubled: number;
  naked: number;
  limit_breaches: number;
  /** Resident memory of all services, at the end over the beginning. */
  memory_ratio: number;
  faults: string[];
}

/** A window that cannot be judged has not passed; the next one is still run. */
const brokenOff = (seed: number, error: unknown): WindowResult => ({
  seed,
  acts: {},
  unanswered: [],
  ...{ orders: 0, lost: 0, doubled: 0, naked: 0, limit_breaches: 0, memory_ratio: 1 },
  faults: [`the window broke off: ${messageOf(error)}`],
});

export interface SoakOptions {
  seed: number;
  windows: number;
  minutes: number;
  /** Ends the soak within its window, which then is no result; those before are. */
  signal?: AbortSignal;
  on_window?: (result: WindowResult, done: number) => void;
}

const MOST_HELD = 4;
const MINUTE_MS = 60_000;
/** A little more than shares may be without a stop. */
const FOUND_WITHIN_MS = 2500;
/** A service that is whole may grow; one that leaks grows with every act. */
const MEMORY_MAY_GROW = 1.6;

interface Window {
  desk: DrillDesk;
  random: Random;
  outages: Outage[];
  /** Acts that are still under way; what they answer is nobody's proof. */
  underWay: Set<Promise<unknown>>;
}

const heldSymbols = async ({ desk }: Window): Promise<string[]> =>
  (await readBook(desk.database)).held
    .filter(({ status }) => status === 'open')
    .map(({ symbol }) => symbol);

/** Begins an act and does not wait for it. */
const begin = ({ underWay }: Window, act: Promise<unknown>): void => {
  const ended = act.catch(() => undefined).finally(() => underWay.delete(ended));
  underWay.add(ended);
};

const enter = async (window: Window): Promise<void> => {
  if ((await heldSymbols(window)).length >= MOST_HELD) return;
  const { proposal_id } = await window.desk.propose(SMALL);
  begin(window, window.desk.execute(proposal_id));
};
const leave = async (window: Window): Promise<void> => {
  const held = await heldSymbols(window);
  if (held.length > 0) begin(window, window.desk.leave(window.random.pick(held)));
};
const killOne = async ({ desk, random, outages }: Window): Promise<void> => {
  await pause(random.between(0, 300)); // in the middle of whatever was begun before
  const outage = { from: desk.now(), to: Infinity };
  outages.push(outage);
  await desk.desk.fleet.kill(random.pick(serviceNames), 'SIGKILL');
  outage.to = await untilReady(desk);
};
const breakBroker = async ({ desk, random }: Window): Promise<void> => {
  const { faults } = random.pick(brokerFaults.filter(({ half }) => half !== 'held'));
  await addFaults(desk, faults, '*');
};
const cancelStop = async (window: Window): Promise<void> => {
  const held = await heldSymbols(window);
  if (held.length === 0) return;
  await cancelAtBroker(window.desk, window.random.pick(held), ({ type }) => type === 'stop');
  // where the stream tells nothing the desk finds it by looking, which a jump would leave no time for
  await pause(FOUND_WITHIN_MS);
};
const haltAndResume = async ({ desk }: Window): Promise<void> => {
  await desk.halt();
  await desk.pass(MINUTE_MS);
  await desk.resume();
};
const flattenAndResume = async ({ desk }: Window): Promise<void> => {
  await desk.flatten();
  await desk.pass(MINUTE_MS);
  await desk.resume();
};

const acts: readonly (readonly [
  number,
  { name: string; run: (window: Window) => Promise<void> },
])[] = [
  [35, { name: 'enter', run: enter }],
  [20, { name: 'leave', run: leave }],
  [15, { name: 'kill', run: killOne }],
  [20, { name: 'broker_fault', run: breakBroker }],
  [5, { name: 'stop_cancelled', run: cancelStop }],
  [3, { name: 'halt', run: haltAndResume }],
  [2, { name: 'flatten', run: flattenAndResume }],
];

const memory = ({ desk }: DrillDesk): number =>
  desk.fleet
    .processes()
    .reduce(
      (sum, { pid }) => sum + (pid === null ? 0 : (processMemory(pid)?.resident_bytes ?? 0)),
      0,
    );

/** Half an hour of a desk to which things happen at random, and what its ledger says of it. */
const runWindow = async (
  home: string,
  seed: number,
  options: SoakOptions,
): Promise<WindowResult> => {
  const random = createRandom(seed);
  const counts: Record<string, number> = {};
  const unanswered: string[] = [];
  const faults: string[] = [];
  const desk = await startDrillDesk({
    home,
    seed,
    ...(options.signal ? { signal: options.signal } : {}),
  });
  try {
    const window: Window = { desk, random, outages: [], underWay: new Set() };
    const ends_at = desk.now() + options.minutes * MINUTE_MS;
    const before = memory(desk);
    while (desk.now() < ends_at) {
      options.signal?.throwIfAborted();
      const { name, run } = random.weighted(acts);
      counts[name] = (counts[name] ?? 0) + 1;
      // a desk that cannot answer now is judged by what it did
      await run(window).catch((error: unknown) => unanswered.push(`${name}: ${messageOf(error)}`));
      await desk.pass(random.between(2, 90) * 1000);
    }
    await Promise.all(window.underWay);
    await endFaults(desk);
    const left = await untilSettled(desk);
    if (left.length > 0) faults.push(`not at rest at the end: ${left.join('; ')}`);
    const held = (await readBook(desk.database)).held.map(({ symbol }) => symbol);
    for (const symbol of held) await desk.leave(symbol);
    faults.push(...(await untilFlat(desk, held)));
    const ledger = await desk.ledger();
    const verdict = judge(ledger, 0, window.outages);
    faults.push(...Object.values(verdict).flat());
    faults.push(...(await eventsLeft(desk)));
    const memory_ratio = Math.round((memory(desk) / before) * 100) / 100;
    if (memory_ratio > MEMORY_MAY_GROW)
      faults.push(`the services hold ${memory_ratio} times the memory of the beginning`);
    return {
      seed,
      acts: counts,
      unanswered,
      orders: ledger.filter(({ kind }) => kind === 'order').length,
      lost: verdict.lost.length,
      doubled: verdict.doubled.length,
      naked: verdict.naked.length,
      limit_breaches: verdict.limits.length,
      memory_ratio,
      faults,
    };
  } finally {
    await desk.stop();
    // the server's data stay: a cluster for each window costs more than the window's database
    for (const of_window of ['day', 'runs'])
      rmSync(join(home, of_window), { recursive: true, force: true });
  }
};

/** Runs windows one after the other, each on a desk and a day of its own; fewer where it is stopped. */
export const runSoak = async (options: SoakOptions): Promise<WindowResult[]> => {
  const home = mkdtempSync(join(tmpdir(), 'catalyst-soak-'));
  const results: WindowResult[] = [];
  try {
    for (let window = 0; window < options.windows && !options.signal?.aborted; window += 1) {
      const seed = options.seed + window;
      const result = await runWindow(home, seed, options).catch((error: unknown) =>
        options.signal?.aborted ? null : brokenOff(seed, error),
      );
      if (result === null) break;
      results.push(result);
      options.on_window?.(result, results.length);
    }
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
  return results;
};
