/** What a neighbour answers on a route that the workflow under test has no use for. */
export const nobodyAsks = (): never => {
  throw new Error('nobody asks for it');
};
