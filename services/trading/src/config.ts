import { alpacaEnvironment, doorsEnvironment } from '@catalyst/service-kit';
import { z } from 'zod';

/** What trading reads from its environment beyond the broker's keys and addresses. */
export const tradingConfig = alpacaEnvironment.extend({
  ...doorsEnvironment.shape,
  /** Minutes that an entry may wait for its first fill before it is canceled. */
  ENTRY_LIFETIME_MINUTES: z.coerce.number().int().min(1).max(240).default(5),
  /**
   * How far from the price the stop of an adopted position is set, as a ratio: the desk knows no
   * plan for what it did not open.
   */
  ADOPTED_STOP_RATIO: z.coerce.number().gt(0).lt(0.5).default(0.05),
  /** Multiples of the initial risk after which the stop goes to the entry; without it, it stays. */
  STOP_TO_ENTRY_AT_R: z.coerce.number().min(0.25).max(10).optional(),
  /**
   * Mean true ranges of five minutes that the stop follows behind the best close since the entry;
   * without it, it does not.
   */
  STOP_TRAILS_BY_RANGES: z.coerce.number().min(0.5).max(50).optional(),
});
