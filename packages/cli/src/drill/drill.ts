import { runDrill, type CaseResult, type DrillResult } from '@catalyst/drill';
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
    `${result.passed} of ${result.cases} cases passed; lost ${result.lost}, doubled ${result.doubled}, naked too long ${result.naked_over_limit}, limits exceeded ${result.limit_breaches}`,
    `whole again after ${seconds(result.recovery_s.p50)} in half of the cases, ${seconds(result.recovery_s.p95)} in 95 of 100`,
    ...result.left_out.map(({ name, reason }) => `left out: ${name}, since ${reason}`),
    ...(result.failures.length === 0
      ? []
      : [`the same again: ${typed(`drill --seed ${result.seed}`)}`]),
  ].join('\n');

/** Runs the drill and tells it case by case; throws where a case failed. */
export const drill = async ({
  seed,
  is_quick,
  only,
  terminal,
  signal,
}: {
  seed: number;
  is_quick: boolean;
  only: string | undefined;
  terminal: Terminal;
  signal: AbortSignal;
}): Promise<void> => {
  terminal.note(
    'a desk of its own at the simulated exchange, fictional money; no other desk is touched',
  );
  const result = await runDrill({
    seed,
    is_quick,
    only,
    signal,
    on_progress: (line) => terminal.note(`${line} …`),
    on_case: ({ name, recovery_s, faults }, done, of) =>
      terminal.note(
        `${done}/${of} ${name}: ${faults.length === 0 ? `passed, whole again after ${seconds(recovery_s)}` : `FAILED: ${faults.join('; ')}`}`,
      ),
  });
  const { results, ...summary } = result;
  void results;
  terminal.result(summary, () => describeDrill(result, terminal));
  if (result.failures.length > 0)
    throw new PlatformError(`${result.failures.length} of ${result.cases} cases failed`, {
      exit_code: 1,
    });
};
