/**
 * Asks one question for all who come while the last one is under way. Each is answered by a question
 * that began after it came, and who comes alone waits for nobody.
 * @param ask answers each of those who are given, in their order
 */
export const createAskTogether = <G, A>(ask: (given: readonly G[]) => Promise<readonly A[]>) => {
  let waiting: { given: G; told: PromiseWithResolvers<A> }[] = [];
  let isUnderWay = false;

  const askAll = async (): Promise<void> => {
    isUnderWay = true;
    while (waiting.length > 0) {
      const together = waiting;
      waiting = [];
      try {
        const answers = await ask(together.map(({ given }) => given));
        together.forEach(({ told }, index) => told.resolve(answers[index]!));
      } catch (error) {
        for (const { told } of together) told.reject(error);
      }
    }
    isUnderWay = false;
  };
  return (given: G): Promise<A> => {
    const told = Promise.withResolvers<A>();
    waiting.push({ given, told });
    if (!isUnderWay) void askAll();
    return told.promise;
  };
};
