import { route } from '@catalyst/contracts';
import { instant, type Instant } from '@catalyst/domain';
import { createClient } from '@catalyst/service-kit';
import { z } from 'zod';

/** Where the simulated exchange stands; `seq` counts the trade updates that it has sent. */
const standing = z.object({ now: instant, seq: z.int().min(0) });
export type SimulatorStanding = z.infer<typeof standing>;

const simulatorApi = {
  step: route('POST', '/sim/step', {
    summary: 'Moves the clock to an instant; where it is already there or later, nothing happens.',
    body: z.strictObject({ to: instant }),
    response: standing,
    repeatable: true,
  }),
  status: route('GET', '/sim/status', { summary: 'Where it stands.', response: standing }),
};

export interface Simulator {
  /**
   * Moves the exchange's clock to an instant; where it is already there or later, nothing happens.
   */
  stepTo(to: Instant): Promise<SimulatorStanding>;
  status(): Promise<SimulatorStanding>;
}

/**
 * The control side of the simulated exchange, which has no keys; a step names its instant, so it is
 * safe to repeat.
 */
export const createSimulator = (base_url: string): Simulator => {
  const client = createClient(simulatorApi, {
    service: 'simulator',
    base_url,
    api_key: 'none',
    retry_for_ms: 30_000,
  });
  return {
    stepTo: (to) => client.step({ body: { to } }),
    status: () => client.status(),
  };
};
