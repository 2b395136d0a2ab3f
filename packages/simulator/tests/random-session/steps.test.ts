import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { play } from './play.ts';
import { plan } from './random-plan.ts';
import { runs } from './runs.ts';

describe('whatever the bars, the halts, the rules and what three accounts ask for', () => {
  it('one big step tells the same story as many small ones, and so does the same day again', () => {
    fc.assert(
      fc.property(plan, fc.integer({ min: 2, max: 60 }), (planned, stride) => {
        const small = play(planned);
        const big = play(planned, stride);
        expect(big.updates.map(({ update }) => update)).toEqual(
          small.updates.map(({ update }) => update),
        );
        small.simulation.accounts.forEach((account, index) => {
          expect(big.simulation.accounts[index]!.equity_curve).toEqual(account.equity_curve);
          const own = small.updates
            .filter((one) => one.account === account)
            .map(({ update }) => update.seq);
          expect(own).toEqual(own.map((_, at) => at + 1));
        });
      }),
      runs(20),
    );
  });
});
