import { describe, expect, it } from '@jest/globals';
import { createAskTogether } from './ask-together.ts';

describe('who asks', () => {
  it('alone is asked for at once; who comes meanwhile, together and after they came', async () => {
    const questions: { given: readonly string[]; told: PromiseWithResolvers<string[]> }[] = [];
    const ask = createAskTogether((given: readonly string[]) => {
      const told = Promise.withResolvers<string[]>();
      questions.push({ given, told });
      return told.promise;
    });
    const first = ask('a');
    const others = [ask('b'), ask('c')];
    expect(questions.map(({ given }) => given)).toEqual([['a']]);
    questions[0]!.told.resolve(['A']);
    expect(await first).toBe('A');
    expect(questions.map(({ given }) => given)).toEqual([['a'], ['b', 'c']]);
    questions[1]!.told.resolve(['B', 'C']);
    expect(await Promise.all(others)).toEqual(['B', 'C']);
    void ask('d');
    expect(questions.at(-1)!.given).toEqual(['d']);
  });
  it('is refused with those who were asked for together, and with nobody else', async () => {
    const ask = createAskTogether(async (given: readonly number[]) => {
      if (given.includes(2)) throw new Error(`not ${given.join()}`);
      return given;
    });
    const told = await Promise.allSettled([ask(1), ask(2), ask(3)]);
    expect(told.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect(await ask(4)).toBe(4);
  });
});
