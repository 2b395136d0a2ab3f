import { calendarDay } from '@catalyst/domain';
import { z } from 'zod';

/*
 * Alpaca's answers as far as a day needs them; fields that it adds are let through.
 */

export const recordingSchema = z.object({
  trade_date: z.iso.date(),
  feed: z.string().min(1),
  symbols: z.array(z.string()).min(1),
});

export const calendarSchema = z.array(calendarDay).min(1);

export const assetSchema = z.object({
  class: z.string(),
  exchange: z.string(),
  symbol: z.string().min(1),
  name: z.string().nullish(),
  tradable: z.boolean(),
  shortable: z.boolean(),
  /** Deprecated in favour of `borrow_status`; one of the two is there. */
  easy_to_borrow: z.boolean().nullish(),
  borrow_status: z.string().nullish(),
  marginable: z.boolean(),
  fractionable: z.boolean(),
});
export type RawAsset = z.infer<typeof assetSchema>;

const nextPage = { next_page_token: z.string().nullish() };

const barSchema = z.object({
  t: z.iso.datetime(),
  o: z.number(),
  h: z.number(),
  l: z.number(),
  c: z.number(),
  v: z.number(),
  n: z.int().min(0),
  vw: z.number(),
});
export type RawBar = z.infer<typeof barSchema>;
export const barsPageSchema = z.object({
  bars: z.record(z.string(), z.array(barSchema)),
  ...nextPage,
});

const articleSchema = z.object({
  id: z.int().positive(),
  headline: z.string(),
  author: z.string().nullish(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
  summary: z.string().nullish(),
  content: z.string().nullish(),
  url: z.string().nullish(),
  symbols: z.array(z.string()),
  source: z.string().nullish(),
});
export type RawArticle = z.infer<typeof articleSchema>;
export const newsPageSchema = z.object({ news: z.array(articleSchema), ...nextPage });

/** Kinds that a day cannot hold are counted, not read. */
const otherAction = z.looseObject({});
const splitSchema = z.object({
  symbol: z.string(),
  ex_date: z.iso.date(),
  new_rate: z.number().positive(),
  old_rate: z.number().positive(),
});
const dividendSchema = z.object({
  symbol: z.string(),
  ex_date: z.iso.date(),
  rate: z.number().min(0),
});
export const actionsPageSchema = z.object({
  corporate_actions: z
    .object({
      forward_splits: z.array(splitSchema).default([]),
      reverse_splits: z.array(splitSchema).default([]),
      cash_dividends: z.array(dividendSchema).default([]),
    })
    .catchall(z.array(otherAction)),
  ...nextPage,
});
