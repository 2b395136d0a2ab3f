import type { DecimalString, ExitReason } from '@catalyst/domain';
import type { OrderLife } from '@catalyst/order-life';
import type { DecisionRow } from '../store/decision-store.ts';

/** Who asks, and a name that makes asking twice harmless. */
interface Asker {
  by: string;
  request_id: string;
}
/** Why something is sold. */
export interface ExitCause extends Asker {
  reason: ExitReason;
}

/** The one part of a client that orders: the order life on the client's own book. */
export interface Hand {
  enter(decision: DecisionRow): Promise<void>;
  /** Sells what is held of it and takes back what is not filled. */
  close(positionId: string, cause: ExitCause): Promise<void>;
  /** The same of everything that nobody closes yet. */
  closeAll(reason: ExitReason): Promise<void>;
  /** Moves the stop of what is held towards the price, by replacement. */
  moveStop(positionId: string, to: DecimalString, asked: Asker): Promise<void>;
  /** The same with its target; says why where it stays. */
  moveTarget(positionId: string, to: DecimalString, asked: Asker): Promise<string | null>;
  /** False while the book differs from the broker. */
  isReconciled(): boolean;
}

/** A hand whose acts are one after the other, each in its turn. */
export const createHand = (life: OrderLife): Hand => ({
  enter: async ({ approval_id, intent }) => {
    await life.submitOrder({ approval_id: approval_id!, intent: intent! });
  },
  close: async (positionId, cause) => {
    await life.inLine(() => life.closing.closePosition(positionId, cause));
  },
  moveStop: async (positionId, stop_price, asked) => {
    await life.inLine(() =>
      life.steering.moveStop(positionId, { ...asked, stop_price, loosen: false }),
    );
  },
  moveTarget: async (positionId, to, asked) => {
    const outcome = await life.inLine(() => life.moveTarget(positionId, to, { ...asked }));
    if (outcome === 'moved' || outcome === 'same') return null;
    return outcome === 'none' ? 'it has none that can be moved' : `the broker said ${outcome}`;
  },
  closeAll: (reason) => life.inLine(() => life.closing.closeAllThatIsNot(reason)),
  isReconciled: life.isReconciled,
});
