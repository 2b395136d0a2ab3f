import type { OrderIntent, PositionSize, RiskParameters, SizeQuestion } from '@catalyst/contracts';
import { Exact, toDecimalString } from '@catalyst/domain';
import { AppError } from '@catalyst/service-kit';
import { boundSize, reportCap } from '../domain/review/bound-size.ts';
import { stakeOf } from '../domain/review/caps/risk-per-trade.ts';
import type { AccountFacts } from '../domain/review/risk-facts.ts';
import type { Store } from '../store/create-store.ts';
import type { GatherFacts } from './gather-facts.ts';

interface Deps {
  store: Store;
  parametersFor: (account: AccountFacts | null) => RiskParameters;
  gatherFacts: GatherFacts;
}

// a size is asked for without an order: it has no name, and no target
const NAMELESS = '00000000-0000-8000-8000-000000000000';

/**
 * How many shares a trade may be of now, with each number that it came from; nothing is reserved,
 * and whether the desk would enter at all is the review's to say.
 */
export const createSizePosition =
  ({ store, parametersFor, gatherFacts }: Deps) =>
  (asked: SizeQuestion): Promise<PositionSize> =>
    store.transaction(async (tx) => {
      const { entry_price, stop_price } = asked;
      if (!new Exact(entry_price).gt(0) || new Exact(entry_price).eq(stop_price))
        throw new AppError(
          'INVALID_REQUEST',
          `a size needs an entry above 0 and a stop that is another price, was ${entry_price} and ${stop_price}`,
        );
      const cycle_id = await store.latestCycle(tx);
      if (cycle_id === null)
        throw new AppError('NOT_FOUND', 'there is no trading day yet: a size belongs to one');
      const intent: OrderIntent = {
        ...asked,
        intent_id: NAMELESS,
        cycle_id,
        qty: null,
        target_price: entry_price,
      };
      const { facts } = await gatherFacts(tx, intent);
      const { account } = facts;
      if (account === null)
        throw new AppError(
          'NOT_FOUND',
          'the account has not been read from the broker yet: nothing can be sized',
        );
      const limits = parametersFor(account);
      const { bounds, tightest } = boundSize(intent, { ...facts, account }, limits);
      const stake = stakeOf(intent, facts, limits);
      return {
        symbol: asked.symbol,
        qty: toDecimalString(tightest.shares),
        stake_ratio: stake.ratio,
        method: stake.method,
        factors: stake.factors,
        caps: bounds.map((bound) => reportCap(bound, new Exact(1))),
        tightest: tightest.cap.name,
      };
    });
