import { decimalString, direction, instant, quantity, symbol } from '@catalyst/domain';
import { z } from 'zod';
import { outsideUnless } from './outside-text.ts';
import { isOurOutcome } from './own-words.ts';
import { riskDecision } from './risk-decision.ts';

/** A trade waiting for a person: made by the cycle in supervised mode, or by a preview. */
export const proposal = z.object({
  proposal_id: z.uuid(),
  cycle_id: z.uuid(),
  origin: z.enum(['cycle', 'person']),
  symbol,
  direction,
  qty: quantity.nullable(),
  entry_price: decimalString,
  stop_price: decimalString,
  target_price: decimalString,
  verdict: riskDecision,
  /** What the trade would cost and could lose, in one sentence. */
  summary: z.string(),
  state: z.enum(['waiting', 'executed', 'expired', 'refused', 'rejected']),
  /**
   * What became of it: ours, but for the broker's words behind a code where that refused, and a
   * person's where he said no.
   */
  outcome: outsideUnless(isOurOutcome).nullable(),
  created_at: instant,
  expires_at: instant,
});
export type Proposal = z.infer<typeof proposal>;

/** What a limit of risk is set to. */
export const limitValue = z.union([z.number(), z.boolean()]);

/** A limit that somebody else than the operator wants to be looser. */
export const limitProposal = z.object({
  proposal_id: z.uuid(),
  name: z.string(),
  old_value: limitValue,
  new_value: limitValue,
  reason: z.string(),
  asked_by: z.string(),
  state: z.enum(['waiting', 'confirmed', 'rejected']),
  decided_by: z.string().nullable(),
  created_at: instant,
  expires_at: instant,
});
export type LimitProposal = z.infer<typeof limitProposal>;

export const limitChange = z.object({
  version: z.int(),
  name: z.string(),
  old_value: limitValue,
  /** The value that is asked for. */
  new_value: limitValue,
  /** Set where the change waits for the operator, and nothing is changed yet. */
  proposal_id: z.uuid().nullable().default(null),
});
