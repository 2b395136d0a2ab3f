import type { Order, Proposal, workflowApi } from '@catalyst/contracts';
import { stableId } from '@catalyst/domain';
import { AppError } from '@catalyst/service-kit';
import { AT, CYCLE_ID, position } from './desk-rows.ts';
import type { Answers } from './stand-in.ts';

type EntryFate = Pick<Order, 'status'> & Partial<Pick<Order, 'filled_avg_price' | 'reason'>>;
interface Entry {
  proposal: Proposal;
  fate: EntryFate;
}
const positionIdOf = ({ proposal_id }: Proposal) => stableId('position of', proposal_id);
const toPosition = ({ proposal }: Entry) => ({
  ...position,
  position_id: positionIdOf(proposal),
  symbol: proposal.symbol,
  status: 'opening',
  intent_id: proposal.verdict.intent_id,
});
const toOrder = ({ proposal, fate }: Entry) => ({
  client_order_id: `entry-${proposal.symbol}`,
  broker_order_id: null,
  cycle_id: CYCLE_ID,
  position_id: positionIdOf(proposal),
  symbol: proposal.symbol,
  side: 'buy',
  role: 'entry',
  type: 'limit',
  order_class: 'bracket',
  time_in_force: 'day',
  qty: proposal.qty ?? '90',
  filled_qty: fate.status === 'filled' ? (proposal.qty ?? '90') : '0',
  filled_avg_price: null,
  limit_price: '45.20',
  stop_price: null,
  reason: null,
  created_at: AT,
  updated_at: AT,
  ...fate,
});

/** Trades from their preview to what the broker made of their entry. */
export const createTradesBehind = () => {
  const proposals = new Map<string, Proposal>();
  /** Trades that were sent: what must stay one. */
  const sent: string[] = [];
  /** The entry of each trade that was sent, as the broker tells it. */
  const entries: Entry[] = [];
  let fate: EntryFate = { status: 'filled', filled_avg_price: '45.12' };
  return {
    answers: {
      previewTrade: ({ body }) => {
        const { symbol, side, qty, request_id } = body as {
          symbol: string;
          side: string;
          qty: string | null;
          request_id: string;
        };
        const proposal_id = stableId('proposal', request_id);
        const isTooLarge = Number(qty) > 1000;
        const proposal = {
          proposal_id,
          cycle_id: CYCLE_ID,
          origin: 'person',
          symbol,
          direction: side === 'buy' ? 'long' : 'short',
          qty,
          entry_price: '45.10',
          stop_price: '44.00',
          target_price: '47.30',
          verdict: isTooLarge
            ? {
                verdict: 'refused',
                intent_id: proposal_id,
                code: 'POSITION_SIZE_LIMIT',
                message: 'the position would be 45 % of equity.',
                limit: '20 %',
                value: '45 %',
                max_qty: '443',
              }
            : {
                verdict: 'approved',
                approval_id: stableId('approval', request_id),
                intent_id: proposal_id,
                qty: qty ?? '90',
                risk_usd: '110',
                notional_usd: '4510',
                expires_at: AT,
                sizing: {},
              },
          summary: `Buy ${symbol}.`,
          state: isTooLarge ? 'refused' : 'waiting',
          outcome: null,
          created_at: AT,
          expires_at: '2026-03-10T14:05:00.000Z',
        } as Proposal;
        proposals.set(proposal_id, proposal);
        return proposal;
      },
      executeProposal: ({ params }) => {
        const proposal = proposals.get(params.proposal_id!);
        if (!proposal)
          throw new AppError('NOT_FOUND', `there is no proposal ${params.proposal_id}`);
        if (proposal.state === 'waiting') {
          sent.push(proposal.symbol);
          entries.push({ proposal, fate });
        }
        const isRefused = fate.status === 'refused';
        proposals.set(proposal.proposal_id, {
          ...proposal,
          state: isRefused ? 'refused' : 'executed',
          outcome: isRefused ? `ENTRY_REFUSED: ${fate.reason}` : 'submitted',
        });
        return proposals.get(proposal.proposal_id);
      },
      listProposals: ({ query }) => ({
        proposals: [...proposals.values()].filter(
          (proposal) =>
            (query.state === 'all' || proposal.state === 'waiting') &&
            (query.origin !== 'cycle' || proposal.origin === 'cycle'),
        ),
      }),
      rejectProposal: ({ params }) => {
        const proposal = proposals.get(params.proposal_id!)!;
        proposals.set(proposal.proposal_id, { ...proposal, state: 'rejected' });
        return proposals.get(proposal.proposal_id);
      },
    } satisfies Answers<typeof workflowApi>,
    positions: () => entries.map(toPosition),
    orders: () => entries.map(toOrder),
    controls: {
      sent,
      /** Makes what the session proposes of a preview of a person. */
      proposeAsSession: (proposal_id: string) => {
        proposals.set(proposal_id, { ...proposals.get(proposal_id)!, origin: 'cycle' });
      },
      /** What becomes of entries from now on; a second fate is what it is a little later. */
      setFate: (next: EntryFate) => {
        fate = next;
      },
      /** What becomes of those that were sent already. */
      changeFate: (next: EntryFate) => {
        for (const entry of entries) entry.fate = next;
      },
    },
  };
};
