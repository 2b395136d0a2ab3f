import { setTimeout as pause } from 'node:timers/promises';
import { createBackOff } from './back-off.ts';
import { withPartLock, type PartAddress, type PartKind, type RunningPart } from './open-part.ts';
import type { ProcessEvent } from './process-event.ts';

const poll_ms = 500;

export type WatchOptions = {
  /** Starts the part again whenever it ends by itself, and is told of it. */
  on_event?: (event: ProcessEvent) => void;
};

/**
 * The same part, started again whenever it ends by itself, for as long as it takes, until `stop`.
 * `kind` must start it at the address that its users know.
 */
export const watchPart = (
  folder: string,
  kind: PartKind,
  first: RunningPart,
  on_event: (event: ProcessEvent) => void,
): RunningPart => {
  const stopping = new AbortController();
  const { signal } = stopping;
  const tell = (event: ProcessEvent['event'], pid: number | null, detail: string): void =>
    on_event({ service: kind.name, event, pid, detail });

  const startAgain = async (): Promise<PartAddress | null> => {
    try {
      return await withPartLock(folder, async () => (await kind.find()) ?? (await kind.start()));
    } catch (error) {
      tell('start_failed', null, (error as Error).message);
      return null;
    }
  };
  const watch = async (): Promise<void> => {
    const back_off = createBackOff();
    let part: PartAddress | null = first;
    let started_at = performance.now();
    for (;;) {
      if (part !== null) {
        await pause(poll_ms, undefined, { signal });
        if (await kind.isRunning(part)) continue;
        tell('exited', part.pid, 'ended by itself');
      }
      await pause(back_off.after(performance.now() - started_at), undefined, { signal });
      started_at = performance.now();
      part = await startAgain();
      if (part !== null) tell('ready', part.pid, `port ${part.port}`);
    }
  };
  const watching = watch().catch((error: unknown) => {
    if (!signal.aborted) tell('given_up', null, (error as Error).message);
  });
  return {
    ...first,
    stop: async () => {
      stopping.abort();
      await watching;
      await first.stop();
    },
  };
};
