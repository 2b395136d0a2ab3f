import type { StandingPosition } from '@catalyst/contracts';
import { standingOf } from '@catalyst/domain';
import { toPosition, type OrderLife, type PositionRow } from '@catalyst/order-life';
import { AppError, type Clock, type Database } from '@catalyst/service-kit';
import { listOrdersOf } from '../store/orders.ts';
import { listPositions, readPosition } from '../store/positions.ts';

interface Deps {
  database: Database;
  clock: Clock;
  nakedOf: OrderLife['nakedOf'];
}

/** Positions as they stand: what is live at the broker, what is at risk, and what is naked. */
export const createShowPositions = ({ database, clock, nakedOf }: Deps) => {
  const withStanding = async (rows: readonly PositionRow[]): Promise<StandingPosition[]> => {
    const open = rows.filter(({ status }) => status !== 'closed');
    const orders =
      open.length === 0
        ? []
        : await listOrdersOf(
            database,
            open.map(({ position_id }) => position_id),
          );
    return rows.map((row) => {
      const found = row.status === 'closed' ? undefined : nakedOf(row.position_id);
      return {
        ...toPosition(row),
        ...standingOf(
          row,
          orders.filter(({ position_id }) => position_id === row.position_id),
          clock.latest(),
        ),
        naked: found === undefined ? null : { since: found.since, why: found.why },
      };
    });
  };
  return {
    list: async (query: Parameters<typeof listPositions>[1]): Promise<StandingPosition[]> =>
      withStanding(await listPositions(database, query)),
    /** @throws AppError NOT_FOUND */
    one: async (positionId: string): Promise<StandingPosition> => {
      const row = await readPosition(database, positionId);
      if (!row)
        throw new AppError('NOT_FOUND', `there is no position ${positionId}`, {
          position_id: positionId,
        });
      return (await withStanding([row]))[0]!;
    },
  };
};
export type ShowPositions = ReturnType<typeof createShowPositions>;
