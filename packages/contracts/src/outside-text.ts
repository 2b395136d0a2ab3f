import { z } from 'zod';

const outside = z.registry<{ is_outside: true }>();

/**
 * Words that somebody outside wrote: headlines, company names, a broker's own sentences. Whoever
 * shows them to an agent fences them; a field that is not of this type never holds any.
 */
export const outsideText = z.string().register(outside, { is_outside: true });

/** Whether a schema stands for words from outside. */
export const isOutsideText = (schema: z.core.$ZodType): boolean => outside.has(schema);
