import { mayPass } from './run-job.ts';

/**
 * Does one step after the other, each though another failed. The failure that ends the job is
 * thrown at the end: one that cannot pass by itself before one that may. What else failed is told.
 */
export const createEachOnItsOwn = (tell: (error: unknown) => void) => {
  const failures: unknown[] = [];
  return {
    try: async <T>(step: () => Promise<T>): Promise<T | null> => {
      try {
        return await step();
      } catch (error) {
        failures.push(error);
        return null;
      }
    },
    end: (): void => {
      if (failures.length === 0) return;
      const gravest = failures.find((error) => !mayPass(error)) ?? failures[0];
      for (const error of failures) if (error !== gravest) tell(error);
      throw gravest;
    },
  };
};
export type EachOnItsOwn = ReturnType<typeof createEachOnItsOwn>;
