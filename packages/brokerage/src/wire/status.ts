import { z } from 'zod';
import { wireText } from './primitives.ts';

/** A trading status of the tape, in Alpaca's letters: what, why, and whose words they are. */
const wireStatus = z.object({
  T: z.literal('s'),
  S: z.string().min(1),
  sc: z.string(),
  sm: wireText,
  rm: wireText,
  z: z.string(),
});

/**
 * What a code of the tape says of trading; null where it says nothing about it. Tapes A and B have
 * the words of the CTA plan, tape C those of the UTP plan; quotes alone, before trades resume, are
 * no trading.
 */
const isHaltedBy = (tape: string, code: string): boolean | null => {
  const [halts, resumes] = tape === 'C' || tape === 'O' ? ['HPQ', 'T'] : ['2', '3'];
  if (code.length !== 1) return null;
  return halts.includes(code) ? true : resumes.includes(code) ? false : null;
};

/** A halt of a stock, or its end, as the exchange tells it. */
export interface MarketStatus {
  symbol: string;
  is_halted: boolean;
  /** Why, in the exchange's words. */
  reason: string;
}

/** Null for what is no status, or says nothing about trading. */
export const readStatus = (frame: unknown): MarketStatus | null => {
  const read = wireStatus.safeParse(frame);
  if (!read.success) return null;
  const { S: symbol, sc, sm, rm, z: tape } = read.data;
  const is_halted = isHaltedBy(tape, sc);
  return is_halted === null
    ? null
    : { symbol, is_halted, reason: [sm, rm].filter((text) => text !== '').join(': ') };
};
