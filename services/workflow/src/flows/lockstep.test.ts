import { describe, expect, it } from '@jest/globals';
import { createLockstep } from './lockstep.ts';

const START = '2026-03-10T13:30:00.000Z';

/** An exchange whose `seq` a test moves, and a consumer that tells up to where it was drained. */
const open = () => {
  const exchange = { seq: 0, asked: 0, drained: [] as number[] };
  const lockstep = createLockstep(
    {
      stepTo: async (to) => ({ now: to, seq: exchange.seq }),
      status: async () => {
        exchange.asked += 1;
        return { now: START, seq: exchange.seq };
      },
    },
    {
      drainStream: async (input) => {
        exchange.drained.push(input.body.to_seq);
        return { seq: input.body.to_seq };
      },
    },
    START,
  );
  return { exchange, lockstep };
};

describe('settling after a call that may have caused an order', () => {
  it('asks nothing of the exchange while the mark is the one of the last settling', async () => {
    const { exchange, lockstep } = open();
    await lockstep.settle('a:0');
    const asked = exchange.asked;
    await lockstep.settle('a:0');
    await lockstep.settle('a:0');
    expect(exchange.asked).toBe(asked);
  });

  it.each([
    ['an act', 'a:1'],
    ['a start of the service, whose acts nobody counted', 'b:0'],
    ['a call without a mark', undefined],
  ])('drains what the exchange told since, after %s', async (_what, mark) => {
    const { exchange, lockstep } = open();
    await lockstep.settle('a:0');
    exchange.seq = 3;
    await lockstep.settle(mark);
    expect(exchange.drained.at(-1)).toBe(3);
  });

  it('settles once more after a settling without a mark', async () => {
    const { exchange, lockstep } = open();
    await lockstep.settle('a:0');
    await lockstep.settle();
    exchange.seq = 5;
    await lockstep.settle('a:0');
    expect(exchange.drained.at(-1)).toBe(5);
  });
});
