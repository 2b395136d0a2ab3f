import { runSoak, type WindowResult } from '@catalyst/drill';
import { PlatformError } from '@catalyst/platform';
import type { Terminal } from '../terminal.ts';
import { typed } from '../typed.ts';

const describeWindow = ({
  seed,
  acts,
  unanswered,
  orders,
  memory_ratio,
  faults,
}: WindowResult): string =>
  `seed ${seed}: ${Object.values(acts).reduce((sum, times) => sum + times, 0)} acts (${unanswered.length} not answered), ${orders} orders, memory ${memory_ratio} times the beginning's; ${
    faults.length === 0 ? 'passed' : `FAILED: ${faults.join('; ')}`
  }`;

const sum = (results: readonly WindowResult[], of: 'lost' | 'doubled' | 'naked' | 'orders') =>
  results.reduce((total, result) => total + result[of], 0);

/** Runs the soak, tells it window by window and what it came to, also where it is stopped; throws where a window failed. */
export const soak = async ({
  windows,
  minutes,
  seed,
  terminal,
  signal,
}: {
  windows: number;
  minutes: number;
  seed: number;
  terminal: Terminal;
  signal: AbortSignal;
}): Promise<void> => {
  terminal.note(
    'desks of its own at the simulated exchange, fictional money; no other desk is touched',
  );
  const results = await runSoak({
    windows,
    minutes,
    seed,
    signal,
    on_window: (result, done) => terminal.note(`${done}/${windows} ${describeWindow(result)}`),
  });
  const failed = results.filter(({ faults }) => faults.length > 0);
  const counts = {
    asked: windows,
    windows: results.length,
    passed: results.length - failed.length,
    orders: sum(results, 'orders'),
    lost: sum(results, 'lost'),
    doubled: sum(results, 'doubled'),
    naked_over_limit: sum(results, 'naked'),
  };
  terminal.result(
    { ...counts, failures: failed.map(({ seed: of, faults }) => ({ seed: of, faults })) },
    () =>
      [
        `${counts.passed} of ${counts.windows} windows passed${results.length < windows ? `, stopped before the other ${windows - results.length}` : ''}; ${counts.orders} orders, lost ${counts.lost}, doubled ${counts.doubled}, naked too long ${counts.naked_over_limit}`,
        ...failed.map(
          (result) => `the same again: ${typed(`soak --days 1 --seed ${result.seed}`)}`,
        ),
      ].join('\n'),
  );
  signal.throwIfAborted();
  if (failed.length > 0)
    throw new PlatformError(`${failed.length} of ${results.length} windows failed`, {
      exit_code: 1,
    });
};
