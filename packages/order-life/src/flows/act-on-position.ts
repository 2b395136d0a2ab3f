import { compare, isEnded } from '@catalyst/domain';
import type { OrderRow, PositionRow } from '../book-rows.ts';
import type { NextAct } from '../domain/next-act.ts';
import type { CancelOrders } from './cancel-orders.ts';
import type { LifeDeps } from './life-deps.ts';
import { WAS_ON_ITS_WAY, type Safety } from './protect-position.ts';
import type { Resumed, SendEntry } from './send-entry.ts';
import type { Mended } from './tell-naked.ts';

/** Why the desk sells by itself what nobody asked it to. */
const SALES = {
  fraction: {
    reason: 'end_of_day',
    cause: 'its stop ends with the day',
    done: 'parts of a share sold before the close',
  },
  passed: {
    reason: 'stop',
    cause: 'the price has passed its stop-limit',
    done: 'sold: the price has passed its stop-limit and the stop behind it',
  },
} as const;

/** Does for a position what its state asks for; says what was done, null where nothing was. */
export const createActOnPosition =
  (
    { book, settings }: Pick<LifeDeps, 'book' | 'settings'>,
    sending: SendEntry,
    { cancelOrders }: CancelOrders,
    safety: Safety,
  ) =>
  async (
    next: NextAct,
    position: PositionRow,
    orders: readonly OrderRow[],
  ): Promise<Mended | null> => {
    const { position_id, symbol } = position;
    const mended = (action: string | null, is_refused = false): Mended | null =>
      action === null ? null : { symbol, action, is_refused };
    const entries = orders.filter(({ role, status }) => role === 'entry' && !isEnded(status));
    switch (next.act) {
      case 'resume_entry': {
        const done: Resumed[] = [];
        for (const entry of entries.filter(({ status }) => status === 'intended'))
          done.push(await sending.resume(entry));
        return mended(
          done.map(({ action }) => action).join('; '),
          done.every(({ is_refused }) => is_refused),
        );
      }
      case 'end_entry': {
        const cause = {
          partly_filled: 'partly filled',
          too_old: 'not filled in time',
          stopped: 'the desk is stopped',
        };
        // an owner's order that waits is the owner's, whatever becomes of ours
        const ending = entries.filter((one) => next.why === 'partly_filled' || !one.is_adopted);
        await cancelOrders(ending, { cause: cause[next.why] });
        const now = (await book.readPosition(position_id))!;
        const { qty } = now;
        if (compare(qty, 0) === 0)
          return mended(
            next.why === 'stopped'
              ? 'entry canceled: the desk is stopped'
              : `entry canceled: not filled within ${settings.entry_lifetime_minutes} minutes`,
          );
        // parts that were filled whole have their own stops
        const done = (await safety.isNaked(now)) ? await safety.protect(position_id) : 'protected';
        return mended(`partly filled entry ended at ${qty}; ${done}`);
      }
      case 'protect': {
        const done = await safety.protect(position_id);
        // told as what sent it: an alert of this would stand in its place
        return done === WAS_ON_ITS_WAY ? null : mended(done);
      }
      case 'close':
        return mended(
          (await safety.close(position_id, { cause: 'exit taken up again' })) ??
            'exit taken up again',
        );
      case 'sell': {
        const { reason, cause, done } = SALES[next.why];
        await safety.intendExits([position_id], {
          reason,
          by: 'trading',
          request_id: `${next.why}-${orders.length}`,
        });
        return mended((await safety.close(position_id, { cause })) ?? done);
      }
      default:
        return null;
    }
  };
export type ActOnPosition = ReturnType<typeof createActOnPosition>;
