import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf } from '@catalyst/service-kit';
import { chooseCases, isAskedFor, type Case } from './cases.ts';
import { startDrillDesk, type DrillDesk } from './drill-desk.ts';
import { fullDisk, mountSmallDisk } from './full-disk.ts';
import { compareMemory, memoryOf, whatHasGrown } from './memory-of-services.ts';
import { eventsLeft } from './queues.ts';
import { createRandom } from './random.ts';
import { runBlow, runBrokerFault, runHalt } from './run-case.ts';
import type { CaseResult } from './settle.ts';

/** What a drill came to; `catalyst drill --json` prints it. */
export type DrillResult = {
  seed: number;
  /** Chosen, and run: fewer where the drill was stopped. */
  asked: number;
  cases: number;
  passed: number;
  lost: number;
  doubled: number;
  naked_over_limit: number;
  limit_breaches: number;
  entries_while_stopped: number;
  recovery_s: { p50: number | null; p95: number | null };
  left_out: { name: string; reason: string }[];
  failures: { name: string; faults: string[] }[];
  /** Megabytes of each service in memory, before the first case and after the last. */
  memory: Record<string, { before_mb: number; after_mb: number }>;
  results: CaseResult[];
};

export interface DrillOptions {
  seed: number;
  is_quick: boolean;
  /** Each two services killed at each point, in place of all else. */
  is_pairs?: boolean;
  /** Only this part of so many, of the cases in the order of the seed: a long drill in goes. */
  part?: { number: number; of: number };
  /** Only cases whose name holds this, or one of these, separated by commas. */
  only: string | undefined;
  /** Ends the drill with the case that is running, which then is no result. */
  signal?: AbortSignal;
  on_progress?: (line: string) => void;
  /** `took_s` is what the case cost, by the wall. */
  on_case?: (result: CaseResult, done: number, of: number, took_s: number) => void;
}

const quantile = (sorted: readonly number[], share: number): number | null =>
  sorted.length === 0 ? null : sorted[Math.ceil(sorted.length * share) - 1]!;

/** How often a case is begun again that did not come to its moment. */
const TRIES = 2;

/** True where nothing else went wrong than that. */
const isUnmet = ({ is_reached, faults }: CaseResult): boolean => !is_reached && faults.length === 1;

const runOne = async (desk: DrillDesk, one: Exclude<Case, { kind: 'left_out' }>) => {
  try {
    if (one.kind === 'scene') return await one.scene.run(desk);
    if (one.kind === 'halt') return await runHalt(desk, one.halt);
    const run = () =>
      one.kind === 'blow' ? runBlow(desk, one.point, one.blow) : runBrokerFault(desk, one.fault);
    let result = await run();
    // the market had no trade for the order, or ended the position before: another stock may do
    for (let again = 0; again < TRIES && isUnmet(result); again += 1) result = await run();
    return result;
  } catch (error) {
    // a case that cannot be judged has not passed; the next one is still run
    return {
      name: one.name,
      says: '',
      is_reached: true,
      recovery_s: null,
      ...{ lost: 0, doubled: 0, naked: 0, limit_breaches: 0, entries_while_stopped: 0 },
      faults: [`the case broke off: ${messageOf(error)}`],
    };
  }
};

type Count = 'lost' | 'doubled' | 'naked' | 'limit_breaches' | 'entries_while_stopped';
const sum = (results: readonly CaseResult[], of: Count): number =>
  results.reduce((total, result) => total + result[of], 0);

/**
 * Breaks a desk of its own, case after case, and judges after each what happened to the money. The
 * desk is a rehearsal's: simulated exchange, fictional money, a home that is removed at the end.
 */
export const runDrill = async ({
  seed,
  is_quick,
  is_pairs = false,
  part = { number: 1, of: 1 },
  only,
  signal,
  on_progress,
  on_case = () => {},
}: DrillOptions): Promise<DrillResult> => {
  const wanted = chooseCases({ is_quick, is_pairs }, only);
  const home = mkdtempSync(join(tmpdir(), 'catalyst-drill-'));
  // a disk that is to be full is the desk's own
  const unmount = !is_quick && isAskedFor(fullDisk.name, only) ? mountSmallDisk(home) : null;
  const left_out = wanted.filter((one) => one.kind === 'left_out');
  // what follows what is part of a drill
  const shuffled = createRandom(seed).shuffled(wanted.filter((one) => one.kind !== 'left_out'));
  const cases = shuffled.filter((_, index) => index % part.of === part.number - 1);
  const results: CaseResult[] = [];
  let memory: DrillResult['memory'];
  let unpublished: string[];
  try {
    const desk = await startDrillDesk({
      home,
      seed,
      ...(signal ? { signal } : {}),
      ...(on_progress ? { on_progress } : {}),
    });
    try {
      const before = memoryOf(desk);
      for (const one of cases) {
        const begun = performance.now();
        const result = await runOne(desk, one);
        if (signal?.aborted) break;
        results.push(result);
        on_case(result, results.length, cases.length, (performance.now() - begun) / 1000);
      }
      memory = compareMemory(before, memoryOf(desk));
      unpublished = await eventsLeft(desk);
    } finally {
      await desk.stop();
    }
  } finally {
    unmount?.();
    rmSync(home, { recursive: true, force: true });
  }
  const failures: DrillResult['failures'] = results.filter(({ faults }) => faults.length > 0);
  const grown = whatHasGrown(memory);
  if (grown.length > 0) failures.push({ name: 'memory', faults: grown });
  if (unpublished.length > 0) failures.push({ name: 'queues', faults: unpublished });
  const recovery = results
    .flatMap(({ recovery_s }) => (recovery_s === null ? [] : [recovery_s]))
    .sort((left, right) => left - right);
  return {
    seed,
    asked: cases.length,
    cases: results.length,
    passed: results.filter(({ faults }) => faults.length === 0).length,
    lost: sum(results, 'lost'),
    doubled: sum(results, 'doubled'),
    naked_over_limit: sum(results, 'naked'),
    limit_breaches: sum(results, 'limit_breaches'),
    entries_while_stopped: sum(results, 'entries_while_stopped'),
    recovery_s: { p50: quantile(recovery, 0.5), p95: quantile(recovery, 0.95) },
    left_out: left_out.map(({ name, reason }) => ({ name, reason })),
    failures: failures.map(({ name, faults }) => ({ name, faults })),
    memory,
    results,
  };
};
