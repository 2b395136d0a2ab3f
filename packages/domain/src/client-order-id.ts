import { stableId } from './stable-id.ts';

const OWN = 'cat-own-';

/**
 * Names of the desk's own orders: made from what they are for, so that sending again after a crash
 * finds the first.
 */
/** `part` counts the brackets of one entry, from 1. */
export const entryOrderId = (intentId: string, part = 1): string =>
  `cat-${part === 1 ? stableId('entry', intentId) : stableId('entry', intentId, part)}`;
export const exitOrderId = (positionId: string, requestId: string): string =>
  `cat-${stableId('exit', positionId, requestId)}`;
/** `attempt` counts the protections that this position already had. */
export const protectionOrderId = (positionId: string, attempt: number): string =>
  `cat-${stableId('protect', positionId, attempt)}`;
/** Of the order for the day that takes the place of one that was refused. */
export const dayOrderId = (clientOrderId: string): string =>
  `cat-${stableId('day_order', clientOrderId)}`;
/** Of an exit that a person asks for by an order that waits. */
export const ownExitOrderId = (positionId: string, requestId: string): string =>
  `${OWN}${stableId('own_exit', positionId, requestId)}`;
export const isOwnExit = (clientOrderId: string): boolean => clientOrderId.startsWith(OWN);
export const positionIdFor = (intentId: string): string => stableId('position', intentId);
