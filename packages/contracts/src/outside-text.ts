import { z } from 'zod';

interface Origin {
  /** Tells our own words in a field that may hold somebody else's. */
  isOurs?: (text: string) => boolean;
}
const outside = z.registry<Origin>();

/**
 * Words that somebody outside wrote: headlines, company names, a broker's own sentences. Whoever
 * shows them to an agent fences them; a field that is not of this type never holds any.
 */
export const outsideText = z.string().register(outside, {});

/** Words from outside, unless they are what we write there ourselves: in doubt they are outside. */
export const outsideUnless = (isOurs: (text: string) => boolean) =>
  z.string().register(outside, { isOurs });

/** Whether a schema stands for words that are from outside, or may be. */
export const isOutsideText = (schema: z.core.$ZodType): boolean => outside.has(schema);

/** Whether a field of this schema may be ours as well. */
export const maybeOurs = (schema: z.core.$ZodType): boolean =>
  outside.get(schema)?.isOurs !== undefined;

/** Whether a text under a schema is from outside. */
export const isOutside = (schema: z.core.$ZodType, text: string): boolean =>
  outside.has(schema) && outside.get(schema)?.isOurs?.(text) !== true;
