import {
  alert,
  isOurAlert,
  outsideText,
  proposal,
  type Alert,
  type Proposal,
} from '@catalyst/contracts';
import { decimalString } from '@catalyst/domain';
import { z } from 'zod';

/** An alert with its message where that is ours, and as a quotation where it may quote somebody. */
export const shownAlert = alert
  .omit({ acknowledged_by: true, sent_at: true, message: true })
  .extend({ message: z.string().optional(), quoted: outsideText.optional() });
export const toShownAlert = ({ message, ...rest }: Alert): z.input<typeof shownAlert> => ({
  ...rest,
  ...(isOurAlert(rest.code) ? { message } : { quoted: message }),
});

/** A proposal with what it costs and risks, without the checks that say so. */
export const shownProposal = proposal.omit({ verdict: true, cycle_id: true, origin: true }).extend({
  notional_usd: decimalString.nullable(),
  risk_usd: decimalString.nullable(),
});

export const toShownProposal = (given: Proposal): z.input<typeof shownProposal> => {
  const { verdict } = given;
  const sized = verdict.verdict === 'approved' ? verdict : null;
  return {
    ...given,
    qty: given.qty ?? sized?.qty ?? null,
    notional_usd: sized?.notional_usd ?? null,
    risk_usd: sized?.risk_usd ?? null,
  };
};
