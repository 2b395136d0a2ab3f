import { isOurOutcome } from '@catalyst/contracts';
import { z } from 'zod';
import { URI } from '../domain/affected-resources.ts';
import { proposalLines } from '../domain/desk-words.ts';
import { moreLines, pageOf } from './paging.ts';
import { tradeOutput, type ConfirmTrade } from '../flows/confirm-trade.ts';
import type { Services } from '../services.ts';
import { fixedView } from './resource-view.ts';
import { shownProposal, toShownProposal } from './shown-rows.ts';
import { ACTS, cursorInput, defineTool, READS, reasonInput } from './tool.ts';

/** Trades that a supervised session proposes. */
export const createProposalTools = (
  { workflow }: Pick<Services, 'workflow'>,
  confirmTrade: ConfirmTrade,
) => [
  defineTool({
    name: 'list_proposals',
    is_extra: true,
    title: 'List the proposals',
    description:
      'Trades that a supervised session proposed, newest first, each with its proposal_id, cost and risk; waiting ones by default, or all with what became of them.',
    scope: 'read',
    input: z.strictObject({
      state: z.enum(['waiting', 'all']).default('waiting').describe('all: those that ended too'),
      limit: z.int().min(1).max(50).default(10),
      cursor: cursorInput,
    }),
    output: z.object({
      proposals: z.array(shownProposal),
      total: z.int(),
      next: z.string().nullable(),
    }),
    annotations: READS,
    resources: [
      fixedView(URI.proposals, {
        name: 'waiting-proposals',
        title: 'Proposals that wait',
        description: 'Trades that wait for a yes.',
      }),
    ],
    run: async ({ state, limit, cursor }) => {
      const { proposals } = await workflow.listProposals({ query: { state, origin: 'cycle' } });
      const page = pageOf(proposals, { list: `proposals ${state}`, limit, cursor });
      return {
        text: [...proposalLines(page.shown), ...moreLines(page)].join('\n'),
        data: {
          proposals: page.shown.map(toShownProposal),
          total: page.total,
          next: page.next,
        },
        quotes: page.shown.flatMap(({ symbol, outcome }) =>
          outcome === null || isOurOutcome(outcome) ? [] : [`${symbol}: ${outcome}`],
        ),
      };
    },
  }),
  defineTool({
    name: 'approve_proposal',
    title: 'Approve a proposed trade',
    description:
      'Says yes to a trade that the session proposed: it is sent once, however often this is called, and the answer says what the broker made of it. Ask the person first.',
    scope: 'trade',
    input: z.strictObject({
      proposal_id: z.uuid(),
      kind: z.enum(['trade']).default('trade').describe('Nothing but a trade is approved here'),
    }),
    output: tradeOutput,
    annotations: { ...ACTS, idempotentHint: true },
    run: ({ proposal_id }, caller) => confirmTrade(proposal_id, caller),
  }),
  defineTool({
    name: 'reject_proposal',
    title: 'Reject a proposed trade',
    description: 'Says no to a trade that the session proposed, so that nothing is sent for it.',
    scope: 'propose',
    input: z.strictObject({ proposal_id: z.uuid(), reason: reasonInput }),
    output: z.object({ status: z.string(), proposal: shownProposal }),
    annotations: { ...ACTS, idempotentHint: true, destructiveHint: false, openWorldHint: false },
    run: async ({ proposal_id, reason }, { by }) => {
      const proposal = await workflow.rejectProposal({
        params: { proposal_id },
        body: { by, reason },
      });
      return {
        text: `The proposal for ${proposal.symbol} is ${proposal.state}; nothing was sent.`,
        data: { status: proposal.state, proposal: toShownProposal(proposal) },
      };
    },
  }),
];
