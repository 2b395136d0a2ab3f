import { setTimeout as pause } from 'node:timers/promises';
import { instant, type Instant } from '@catalyst/domain';
import { AppError } from '@catalyst/service-kit';
import { z } from 'zod';

/** Where the simulated exchange stands; `seq` counts the trade updates that it has sent. */
const standing = z.object({ now: instant, seq: z.int().min(0) });
export type SimulatorStanding = z.infer<typeof standing>;

export interface Simulator {
  /** Moves the exchange's clock to an instant; where it is already there or later, nothing happens. */
  stepTo(to: Instant): Promise<SimulatorStanding>;
  status(): Promise<SimulatorStanding>;
}

interface Options {
  base_url: string;
  timeout_ms?: number;
  /** How long it is waited for while it cannot be reached. */
  retry_for_ms?: number;
}

/** The control side of the simulated exchange; a step names its instant, so it is safe to repeat. */
export const createSimulator = ({ base_url, timeout_ms = 20_000, retry_for_ms = 30_000 }: Options): Simulator => {
  const ask = async (method: 'GET' | 'POST', path: string, body?: object): Promise<SimulatorStanding> => {
    const giveUpAt = performance.now() + retry_for_ms;
    for (let wait = 20; ; wait = Math.min(wait * 2, 1000)) {
      try {
        const response = await fetch(new URL(path, base_url), {
          method, signal: AbortSignal.timeout(timeout_ms),
          ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
        });
        const text = await response.text();
        if (response.ok) return standing.parse(JSON.parse(text));
        throw new AppError('INTERNAL', `the simulator answered ${method} ${path} with ${response.status}: ${text.slice(0, 200)}`);
      } catch (error) {
        if (error instanceof AppError) throw error;
        if (error instanceof z.ZodError || error instanceof SyntaxError) throw new AppError('INTERNAL', `the simulator answered ${method} ${path} with something else than { now, seq }`, {}, error);
        if (performance.now() + wait > giveUpAt) throw new AppError('SERVICE_UNAVAILABLE', `the simulator cannot be reached (${method} ${path})`, {}, error);
        await pause(wait);
      }
    }
  };
  return {
    stepTo: (to) => ask('POST', '/sim/step', { to }),
    status: () => ask('GET', '/sim/status'),
  };
};
