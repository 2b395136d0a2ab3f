import type { TradingState } from '@catalyst/contracts';
import type { Queryable, Transaction } from '@catalyst/service-kit';
import {
  nameActor,
  NEVER_ARMED,
  type Act,
  type Actor,
  type Standing as TradingStanding,
} from '../domain/trading-acts.ts';

export interface StateRow extends Actor {
  state: TradingState;
  reason: string;
  act: Act;
  set_at: string;
}
export const readStateRow = ({ state, reason, act, set_at, ...by }: StateRow): TradingStanding => ({
  state,
  reason,
  act,
  set_by: nameActor(by),
  set_at,
});
export interface StateChange {
  act: Act;
  state: TradingState;
  reason: string;
  actor: string;
  on_behalf_of?: string;
  at: string;
}

/** The columns of a change of the trading state, as of a table `t`. */
export const STATE =
  't.state, t.reason, t.act, t.changed_by AS actor, t.on_behalf_of, t.changed_at AS set_at';

/** Who may enter, since when and by whose word. */
export const tradingState = {
  readState: async (db: Queryable): Promise<TradingStanding> => {
    const [row] = await db.query<StateRow>(
      `SELECT ${STATE} FROM trading_state_changes t ORDER BY seq DESC LIMIT 1`,
    );
    return row === undefined ? NEVER_ARMED : readStateRow(row);
  },

  /** Whether a person has ever let the desk trade. */
  wasArmed: async (db: Queryable): Promise<boolean> =>
    (await db.query("SELECT 1 FROM trading_state_changes WHERE act = 'arm' LIMIT 1")).length > 0,

  addState: (
    tx: Transaction,
    { act, state, reason, actor, on_behalf_of = undefined, at }: StateChange,
  ): void =>
    tx.beforeCommit(async () => {
      await tx.query(
        `INSERT INTO trading_state_changes (seq, act, state, changed_by, on_behalf_of, reason,
           changed_at) VALUES (next_seq('trading_state'), $1, $2, $3, $4, $5, $6)`,
        [act, state, actor, on_behalf_of ?? null, reason, at],
      );
      // an approval from before a stop is void, also when the stop is lifted within its life
      if (state !== 'active')
        await tx.query(
          `UPDATE risk_approvals a SET expires_at = greatest($1, a.approved_at + interval '1 ms')
           WHERE a.expires_at > $1
             AND NOT EXISTS (SELECT 1 FROM v_orders o WHERE o.approval_id = a.approval_id)`,
          [at],
        );
    }),
};
