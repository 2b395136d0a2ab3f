import { z } from 'zod';

/**
 * What a terminal, a log or a mail would obey instead of showing: controls, line ends, direction
 * marks, halves of a character.
 */
const unprintable = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u202a-\u202e\u2066-\u2069]/u;

const plainText = (min: number, max: number) =>
  z
    .string()
    .min(min)
    .max(max)
    .refine((text) => !unprintable.test(text), 'must be one line without control characters');

/** The name that a caller gives for whom it acts; who it is, its key says. */
export const givenName = plainText(1, 100);
/** The same as one service hands it on: the first caller's key before the given name. */
export const onBehalfOf = plainText(1, 130);
/** Why somebody acts, for the record. */
export const actReason = plainText(3, 500);
