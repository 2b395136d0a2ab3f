import { Exact, type Direction } from '@catalyst/domain';

/** Whether a price lies farther than another in the direction of the trade's profit. */
export const isBeyond = (direction: Direction, price: string, reference: string): boolean => {
  const order = new Exact(price).comparedTo(reference);
  return direction === 'long' ? order > 0 : order < 0;
};
