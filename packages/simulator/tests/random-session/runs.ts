/**
 * How many random runs a property gets. SIMULATOR_RUNS asks for another number, and then the first
 * plan that fails is shown as it is, since making so many smaller takes long.
 */
export const runs = (usual: number): { numRuns: number; endOnFailure: boolean } => {
  const asked = process.env.SIMULATOR_RUNS;
  return asked === undefined
    ? { numRuns: usual, endOnFailure: false }
    : { numRuns: Number(asked), endOnFailure: true };
};
