import { inNewYork, type Instant } from '@catalyst/domain';

/** New York's clock, to the second. */
export const clockOf = (at: Instant): string =>
  `${inNewYork(at).clock}:${new Date(at).toISOString().slice(17, 19)}`;

/** Columns of fixed widths; a negative one is to the right, 0 takes what is left. */
export const cells = (...parts: readonly (readonly [string, number])[]): string =>
  parts
    .map(([text, width]) => (width < 0 ? text.padStart(-width) : text.padEnd(width)))
    .join(' ')
    .trimEnd();

const CONTROL = /\p{Cc}/gu;
/** Text of the outside, which may hold what moves a terminal's cursor. */
export const plain = (text: string): string => text.replace(CONTROL, ' ').slice(0, 300);
