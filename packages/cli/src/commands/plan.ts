import type { Command } from 'commander';
import { addVerb, terminalOf } from '../verb.ts';

/** `catalyst plan`: the rest of the day, with times. */
export const addPlan = (program: Command): void => {
  addVerb(program, 'plan', 'show what the rest of the day brings, with times').action(
    async (options: { json?: boolean }) => {
      const [{ reachDesk }, { describePlan }] = await Promise.all([
        import('../desk-connection.ts'),
        import('../describe-plan.ts'),
      ]);
      const plan = await reachDesk().clients.workflow.showPlan();
      terminalOf(options).result(plan, () => describePlan(plan));
    },
  );
};
