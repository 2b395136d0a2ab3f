import { calendarDay } from '@catalyst/domain';
import { z } from 'zod';
import { wireInstant, wireText } from './primitives.ts';

export const wireClock = z.object({
  timestamp: wireInstant,
  is_open: z.boolean(),
  next_open: wireInstant,
  next_close: wireInstant,
});
export type BrokerClock = z.output<typeof wireClock>;

export const wireCalendarDay = calendarDay;

export const wireAsset = z.object({
  symbol: z.string().min(1),
  name: wireText,
  exchange: z.string(),
  status: z.enum(['active', 'inactive']),
  tradable: z.boolean(),
  marginable: z.boolean(),
  shortable: z.boolean(),
  easy_to_borrow: z.boolean(),
  fractionable: z.boolean(),
});
export type BrokerAsset = z.output<typeof wireAsset>;
