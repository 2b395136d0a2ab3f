import {
  ceilToTick,
  Exact,
  floorToTick,
  stopMove,
  toDecimalString,
  type DecimalString,
  type Direction,
} from '@catalyst/domain';

/** An exit nearer to the price than this part of it would be a sale, which the desk has a row for. */
const LEAST_DISTANCE = '0.002';

export interface OwnExits {
  direction: Direction;
  /** Of the stock, as the client last saw it; null where it did not. */
  last_price: DecimalString | null;
  /** Of the live exits; null where there is none of that side. */
  stop_price: DecimalString | null;
  target_price: DecimalString | null;
}

/** Where the desk's exits stand now. */
export interface DeskLevels {
  stop_price: DecimalString | null;
  target_price: DecimalString | null;
}

/** `wait` may become a move once the price is known or has moved; `refuse` stays one. */
export type ExitStep =
  { act: 'move'; to: DecimalString } | { act: 'stay' } | { act: 'wait' | 'refuse'; why: string };

const opposite: Readonly<Record<Direction, Direction>> = { long: 'short', short: 'long' };

/**
 * What the desk's exits make of the own ones: each moves towards the price or not at all, and never
 * so near to it that it would sell at once.
 */
export const exitsToFollow = (
  { direction, last_price, ...own }: OwnExits,
  desk: DeskLevels,
): { stop: ExitStep; target: ExitStep } => {
  const onTick = direction === 'long' ? ceilToTick : floorToTick;
  const stepOf = (
    name: 'stop' | 'target',
    from: DecimalString | null,
    wanted: DecimalString | null,
  ): ExitStep => {
    if (wanted === null || from === null) return { act: 'stay' };
    if (last_price === null) return { act: 'wait', why: 'its price is not known' };
    const to = onTick(wanted);
    // a target is a stop on the other side
    const side = name === 'stop' ? direction : opposite[direction];
    const nearest = new Exact(last_price).times(
      side === 'long' ? new Exact(1).minus(LEAST_DISTANCE) : new Exact(1).plus(LEAST_DISTANCE),
    );
    const move = stopMove(side, from, to, toDecimalString(nearest));
    if (move === 'nearer') return { act: 'move', to };
    if (move === 'same') return { act: 'stay' };
    return move === 'farther'
      ? { act: 'refuse', why: `the own at ${from} is nearer to the price than the desk's at ${to}` }
      : { act: 'wait', why: `at ${to} it would sell at once: the price is ${last_price}` };
  };
  return {
    stop: stepOf('stop', own.stop_price, desk.stop_price),
    target: stepOf('target', own.target_price, desk.target_price),
  };
};
