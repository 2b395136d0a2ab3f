import type { ExitReason } from '@catalyst/domain';
import type { DecisionRow } from '../store/decision-store.ts';

/** Why something is sold, and a name that makes asking twice harmless. */
export interface ExitCause {
  reason: ExitReason;
  by: string;
  request_id: string;
}

/** The one part of a client that orders: the order life on the client's own book. */
export interface Hand {
  enter(decision: DecisionRow): Promise<void>;
  /** Sells what is held of it and takes back what is not filled. */
  close(positionId: string, cause: ExitCause): Promise<void>;
  /** The same of everything that nobody closes yet. */
  closeAll(reason: ExitReason): Promise<void>;
  /** False while the book differs from the broker. */
  isReconciled(): boolean;
}
