import { z } from 'zod';

export const timeframes = ['1min', '5min', '15min', '1hour', '1day'] as const;
export const timeframe = z.enum(timeframes);
export type Timeframe = z.infer<typeof timeframe>;

/**
 * Length of an intraday bar in minutes; a daily bar ends with its session, not after 1,440 minutes.
 */
export const TIMEFRAME_MINUTES: Readonly<Record<Exclude<Timeframe, '1day'>, number>> = {
  '1min': 1,
  '5min': 5,
  '15min': 15,
  '1hour': 60,
};

/**
 * Prices in dollars, raw (not adjusted); volume in shares. `time_id` is the epoch minute of the
 * bar's START.
 */
export const bar = z.object({
  time_id: z.int(),
  open: z.number(),
  high: z.number(),
  low: z.number(),
  close: z.number(),
  volume: z.number(),
});
export type Bar = z.infer<typeof bar>;
