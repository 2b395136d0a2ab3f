import { isOurOrderReason } from '@catalyst/contracts';

/** An order's reason where it is ours, behind its status; nothing where it is somebody else's. */
export const ownReason = (reason: string | null): string =>
  reason !== null && isOurOrderReason(reason) ? ` (${reason})` : '';

/** Whether an order's reason is somebody else's, and belongs among the quotes. */
export const isQuoted = (reason: string | null): reason is string =>
  reason !== null && !isOurOrderReason(reason);
