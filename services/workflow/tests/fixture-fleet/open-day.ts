import type { SessionMode, workflowApi } from '@catalyst/contracts';
import { inContext, type Client } from '@catalyst/service-kit';
import { at } from './script.ts';

/** Opens the day's cycle and gives the conductor's reins. */
export const openDay = async (
  workflow: Client<typeof workflowApi>,
  session_mode: SessionMode = 'autonomous',
) => {
  const cycle = await workflow.startCycle({ body: { session_mode } });
  return {
    cycle,
    advanceTo: (clock: string) =>
      inContext({ cycle_id: cycle.cycle_id }, () =>
        workflow.advanceReplay({ body: { to: at(clock) } }),
      ),
  };
};
