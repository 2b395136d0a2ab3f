import { errorCatalogue } from './errors.ts';
import { refusalCodes } from './risk-decision.ts';

/** What the desk itself writes as the reason of an order; all else there is the broker's, mostly. */
export const orderReasons = {
  adopted: 'placed outside of the desk',
  assumed: 'the broker holds other shares than its orders explain',
  missing: 'the broker does not have it',
  given_up: 'the broker did not take it in 3 tries',
  never_armed: 'trading is halted: the desk was never armed',
} as const;
const OWN_REASONS: ReadonlySet<string> = new Set(Object.values(orderReasons));
export const isOurOrderReason = (text: string): boolean => OWN_REASONS.has(text);

/** Outcomes whose reason is what the broker, or a vendor, said. */
export const TOLD_BY_OTHERS: ReadonlySet<string> = new Set([
  'ENTRY_REFUSED',
  ...Object.entries(errorCatalogue).flatMap(([code, { words }]) =>
    words === 'theirs' ? [code] : [],
  ),
]);

/** What became of a proposal that nobody refused: all that is written there without a code. */
export const proposalOutcomes = {
  sent: 'submitted',
  unanswered: 'nobody answered in time',
  replaced: 'newer previews took its place',
} as const;
const OWN_OUTCOMES: ReadonlySet<string> = new Set(Object.values(proposalOutcomes));
const CODES: ReadonlySet<string> = new Set([
  ...refusalCodes,
  ...Object.keys(errorCatalogue),
  ...TOLD_BY_OTHERS,
]);

/** A code of ours, with our own sentence behind it or none; a person's no and a broker's are not. */
export const isOurOutcome = (text: string): boolean => {
  if (OWN_OUTCOMES.has(text) || CODES.has(text)) return true;
  const colon = Math.max(0, text.indexOf(': '));
  const [code, why] = [text.slice(0, colon), text.slice(colon + 2)];
  return CODES.has(code) && (!TOLD_BY_OTHERS.has(code) || isOurOrderReason(why));
};
