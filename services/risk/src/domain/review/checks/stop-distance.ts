import type { OrderIntent } from '@catalyst/contracts';
import { Exact } from '@catalyst/domain';

/** The stop's distance as a share of the entry. */
export const stopDistance = ({ entry_price, stop_price }: OrderIntent): number =>
  new Exact(entry_price).minus(stop_price).abs().div(entry_price).toNumber();
