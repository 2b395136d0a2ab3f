import { chooseCases, runDrill, type CaseResult, type DrillResult } from '@catalyst/drill';
import { PlatformError } from '@catalyst/platform';
import type { Terminal } from '../terminal.ts';
import { typed } from '../typed.ts';

const seconds = (value: number | null): string => (value === null ? '–' : `${value.toFixed(1)} s`);

const describeCase = ({ name, recovery_s, faults }: CaseResult): string[] => [
  name,
  seconds(recovery_s),
  faults.length === 0 ? 'passed' : faults.join('; '),
];

const describeDrill = (result: DrillResult, { table }: Terminal): string =>
  [
    table(['case', 'whole again', 'verdict'], result.results.map(describeCase)),
    `${result.passed} of ${result.cases} cases passed${result.cases < result.asked ? `, stopped before the other ${result.asked - result.cases}` : ''}; lost ${result.lost}, doubled ${result.doubled}, naked too long ${result.naked_over_limit}, limits exceeded ${result.limit_breaches}`,
    `whole again after ${seconds(result.recovery_s.p50)} in half of the cases, ${seconds(result.recovery_s.p95)} in 95 of 100`,
    ...result.left_out.map(({ name, reason }) => `left out: ${name}, since ${reason}`),
    `memory: ${Object.entries(result.memory)
      .map(([service, { before_mb, after_mb }]) => `${service} ${before_mb} -> ${after_mb} MB`)
      .join(', ')}`,
    ...result.failures
      .filter(({ name }) => name === 'memory' || name === 'queues')
      .map(({ faults }) => `FAILED: ${faults.join('; ')}`),
    ...(result.failures.length === 0
      ? []
      : [`the same again: ${typed(`drill --seed ${result.seed}`)}`]),
  ].join('\n');

interface Which {
  is_quick: boolean;
  is_pairs: boolean;
  only: string | undefined;
}

/** Which cases there are; nothing is run. */
export const listDrill = ({ is_quick, is_pairs, only }: Which, terminal: Terminal): void => {
  const cases = chooseCases({ is_quick, is_pairs }, only);
  const left_out = cases.flatMap((one) =>
    one.kind === 'left_out' ? [{ name: one.name, reason: one.reason }] : [],
  );
  const names = cases.filter(({ kind }) => kind !== 'left_out').map(({ name }) => name);
  terminal.result({ cases: names, left_out }, () =>
    [
      ...names,
      ...left_out.map(({ name, reason }) => `left out: ${name}, since ${reason}`),
      `${names.length} cases`,
    ].join('\n'),
  );
};

/** Runs the drill, tells it case by case and what it came to, also where it is stopped; throws where a case failed. */
export const drill = async ({
  seed,
  is_quick,
  is_pairs,
  part,
  only,
  terminal,
  signal,
}: Which & {
  seed: number;
  part: { number: number; of: number };
  terminal: Terminal;
  signal: AbortSignal;
}): Promise<void> => {
  terminal.note(
    'a desk of its own at the simulated exchange, fictional money; no other desk is touched',
  );
  const result = await runDrill({
    seed,
    is_quick,
    is_pairs,
    part,
    only,
    signal,
    on_progress: (line) => terminal.note(`${line} …`),
    on_case: ({ name, recovery_s, faults }, done, of, took_s) =>
      terminal.note(
        `${done}/${of} ${name} (${took_s.toFixed(1)} s): ${faults.length === 0 ? `passed, whole again after ${seconds(recovery_s)}` : `FAILED: ${faults.join('; ')}`}`,
      ),
  });
  const { results, ...summary } = result;
  void results;
  terminal.result(summary, () => describeDrill(result, terminal));
  signal.throwIfAborted();
  if (result.failures.length > 0)
    throw new PlatformError(
      result.passed < result.cases
        ? `${result.cases - result.passed} of ${result.cases} cases failed`
        : 'services keep memory that they took, or events that they wrote',
      {
        exit_code: 1,
      },
    );
};
