import { setTimeout as pause } from 'node:timers/promises';
import { identifyProcess, isSameProcess } from './process-identity.ts';

type Step = { signal: NodeJS.Signals; wait_ms: number };

/** Sends a signal; a process that is gone already is no fault. */
export const signalProcess = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
};

/**
 * Ends a process, whoever its parent is: each step sends its signal and waits up to `wait_ms`
 * milliseconds for the process to be gone. Resolves to the last signal needed, null when it was
 * gone.
 */
export const stopProcess = async (pid: number, steps: Step[]): Promise<NodeJS.Signals | null> => {
  const identity = identifyProcess(pid);
  if (identity === null) return null;
  for (const { signal, wait_ms } of steps) {
    signalProcess(pid, signal);
    const deadline = performance.now() + wait_ms;
    while (performance.now() < deadline) {
      if (!isSameProcess(identity)) return signal;
      await pause(5);
    }
  }
  throw new Error(
    `process ${pid} did not end after ${steps.map((step) => step.signal).join(', ')}`,
  );
};
