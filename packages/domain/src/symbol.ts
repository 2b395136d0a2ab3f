import { z } from 'zod';

/**
 * A ticker as US exchanges and Alpaca write it: 1 to 5 capital letters, with an optional share
 * class (BRK.B).
 */
export const symbol = z
  .string()
  .regex(/^[A-Z]{1,5}(\.[A-Z]{1,2})?$/, 'expected a ticker such as AAPL or BRK.B');
export type Symbol = z.infer<typeof symbol>;
