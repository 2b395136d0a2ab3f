import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ClientHome } from '../src/home/client-home.ts';

const program = fileURLToPath(new URL('follower-process.ts', import.meta.url));

export interface Child {
  step(signal_seq: number | null): Promise<void>;
  /** Begins a step, of which nobody hears the end. */
  begin(signal_seq: number | null): void;
  kill(): Promise<void>;
}
const children = new Set<ChildProcess>();
export const killProcesses = (): void => {
  for (const child of children) child.kill('SIGKILL');
};

export const startProcess = async (home: ClientHome, url: string): Promise<Child> => {
  const child = spawn(process.execPath, [program, home.folder, url], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.add(child);
  const lines = createInterface({ input: child.stdout });
  const gone = once(child, 'exit').then(([code]) => {
    throw new Error(`the client ended with ${code}`);
  });
  gone.catch(() => undefined);
  const said = async (): Promise<void> => {
    await Promise.race([once(lines, 'line'), gone]);
  };
  await said();
  const begin = (signal_seq: number | null): void =>
    void child.stdin.write(`${JSON.stringify({ signal_seq })}\n`);
  return {
    begin,
    step: async (signal_seq) => {
      const done = said();
      begin(signal_seq);
      await done;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await gone.catch(() => undefined);
    },
  };
};
