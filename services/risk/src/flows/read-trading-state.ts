import type { Queryable } from '@catalyst/service-kit';
import type { HaltFile } from '../adapters/halt-file.ts';
import type { StateRow, Store } from '../store.ts';

export type TradingStateReader = (db?: Queryable) => Promise<StateRow>;

/** The halt file rules over the database; a desk that nobody armed is halted. */
export const createReadTradingState =
  (store: Store, haltFile: HaltFile): TradingStateReader =>
  async (db) => {
    const reason = haltFile.read();
    if (reason !== null) return { state: 'halted', reason };
    return (await store.readState(db)) ?? { state: 'halted', reason: 'never armed' };
  };
