import { z } from 'zod';
import { proposalLines } from '../domain/desk-words.ts';
import type { ConfirmTrade } from '../flows/confirm-trade.ts';
import type { Services } from '../services.ts';
import { ACTS, defineTool, READS, reasonInput } from './tool.ts';

export const createProposalTools = (
  { workflow }: Pick<Services, 'workflow'>,
  confirmTrade: ConfirmTrade,
) => [
  defineTool({
    name: 'list_proposals',
    title: 'List the proposals',
    description:
      'Trades that a supervised session proposes and that wait for a yes, newest first, each with its proposal_id, cost and risk.',
    input: z.strictObject({
      state: z.enum(['waiting', 'all']).default('waiting').describe('all: those that ended too'),
      include_previews: z.boolean().default(false).describe('Those of execute_trade too'),
      limit: z.int().min(1).max(100).default(20),
    }),
    annotations: READS,
    run: async ({ state, include_previews, limit }) => {
      const { proposals } = await workflow.listProposals({ query: { state } });
      const wanted = proposals.filter(({ origin }) => include_previews || origin === 'cycle');
      const shown = wanted.slice(0, limit);
      return {
        text: proposalLines(shown).join('\n'),
        data: { proposals: shown, total: wanted.length },
      };
    },
  }),
  defineTool({
    name: 'approve_proposal',
    title: 'Approve a proposed trade',
    description:
      'Executes a waiting proposal once, after a person said yes to it, and says what the broker answered.',
    input: z.strictObject({
      proposal_id: z.uuid(),
      kind: z.enum(['trade']).default('trade').describe('Nothing but a trade is approved here'),
    }),
    annotations: { ...ACTS, idempotentHint: true },
    run: ({ proposal_id }, { by }) => confirmTrade(proposal_id, by),
  }),
  defineTool({
    name: 'reject_proposal',
    title: 'Reject a proposed trade',
    description: 'Turns a waiting proposal down, so that nothing is sent for it.',
    input: z.strictObject({ proposal_id: z.uuid(), reason: reasonInput }),
    annotations: { ...ACTS, idempotentHint: true },
    run: async ({ proposal_id, reason }, { by }) => {
      const proposal = await workflow.rejectProposal({
        params: { proposal_id },
        body: { by, reason },
      });
      return {
        text: `The proposal for ${proposal.symbol} is ${proposal.state}; nothing was sent.`,
        data: { status: proposal.state, proposal },
      };
    },
  }),
];
