import { Option, type Command } from 'commander';
import type { SessionMode } from '@catalyst/contracts';
import { InterruptedError, watchStopSignals } from '../stop-signals.ts';
import { addVerb, terminalOf } from '../verb.ts';
import { session_modes } from './cycle.ts';

type Options = { day?: string; mode: SessionMode; json?: boolean };

/** `catalyst demo`: a recorded trading day through the whole desk, on this machine alone. */
export const addDemo = (program: Command): void => {
  addVerb(
    program,
    'demo',
    'replay a recorded trading day through all nine services, on this machine alone',
  )
    .option(
      '--day <name or folder>',
      'the recorded day; otherwise the one that ships with the project',
    )
    .addOption(
      new Option(
        '--mode <mode>',
        'autonomous trades by itself, supervised proposes and waits for a person',
      )
        .choices(session_modes)
        .default('autonomous'),
    )
    .action(async (options: Options) => {
      const { signal, release } = watchStopSignals();
      try {
        const { runDemo } = await import('../demo/run-demo.ts');
        await runDemo({
          day: options.day,
          session_mode: options.mode,
          terminal: terminalOf(options),
          signal,
        });
      } catch (error) {
        if (!signal.aborted) throw error;
        const reason: unknown = signal.reason;
        process.stderr.write('catalyst: stopped; nothing is left running\n');
        process.exit(reason instanceof InterruptedError ? reason.exit_code : 1);
      } finally {
        release();
      }
    });
};
