import { alert, proposal, type Proposal } from '@catalyst/contracts';
import { decimalString } from '@catalyst/domain';
import type { z } from 'zod';

export const shownAlert = alert.omit({ acknowledged_by: true, sent_at: true });

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
