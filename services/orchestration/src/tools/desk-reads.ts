import {
  cycle,
  cycleProgress,
  dayPlan,
  limitProposal,
  marketStanding,
  MOST_WATCHES,
  watch,
  type CycleProgress,
} from '@catalyst/contracts';
import { AppError } from '@catalyst/service-kit';
import { z } from 'zod';
import { URI } from '../domain/affected-resources.ts';
import {
  alertLines,
  cycleLines,
  limitProposalLines,
  planLine,
  proposalLines,
} from '../domain/desk-words.ts';
import { moreLines, pageOf } from './paging.ts';
import {
  timelineLine,
  timelineQuotes,
  timelineRow,
  toTimelineRow,
} from '../domain/timeline-rows.ts';
import type { Services } from '../services.ts';
import { fixedView, templateView } from './resource-view.ts';
import { shownAlert, shownProposal, toShownAlert, toShownProposal } from './shown-rows.ts';
import { cursorInput, defineTool, READS } from './tool.ts';
import { watchLine } from './watch-tools.ts';

/** The latest cycle; a desk that was set up on a weekend has none yet. */
const findProgress = async (workflow: Services['workflow']): Promise<CycleProgress | null> => {
  try {
    return await workflow.showCurrentCycle();
  } catch (error) {
    if (error instanceof AppError && error.code === 'NOT_FOUND') return null;
    throw error;
  }
};

/** How the day goes, what it still brings, what happened and what waits for a person. */
export const createDeskReads = ({ workflow }: Pick<Services, 'workflow'>) => [
  defineTool({
    name: 'get_cycle_status',
    title: "Show the day's state",
    description:
      "The session's state and mode, what is due next and for the rest of the day (the plan), candidates, the day's profit so far; whether the exchange is open and when it opens next (the market clock).",
    scope: 'read',
    input: z.strictObject({}),
    output: z.object({
      cycle: cycle.nullable(),
      ...cycleProgress.omit({ cycle: true, as_of: true }).partial().shape,
      market: marketStanding.omit({ as_of: true, last_session_scan: true }),
      plan: dayPlan.pick({ trade_date: true, jobs: true }),
    }),
    annotations: READS,
    resources: [
      fixedView(URI.cycle, {
        name: 'current-trading-cycle',
        title: 'Current trading cycle',
        description:
          'State of the latest day, what is due next, candidates, positions and profit; and whether the exchange is open, and when next.',
      }),
      fixedView(URI.plan, {
        name: 'plan-of-the-day',
        title: 'Plan of the day',
        description: 'What the schedule still brings, by time.',
      }),
    ],
    run: async () => {
      const [progress, market, plan] = await Promise.all([
        findProgress(workflow),
        workflow.showMarket(),
        workflow.showPlan(),
      ]);
      return {
        text: [...cycleLines(progress, market), planLine(plan)].join('\n'),
        data: { ...(progress ?? { cycle: null }), market, plan },
      };
    },
  }),
  defineTool({
    name: 'get_timeline',
    title: 'Show what happened',
    description:
      'What happened in the session, newest first: changes of state, decisions with their reasons (why no trades before eleven?), alerts, jobs that failed. kind: only those; job: every run.',
    scope: 'read',
    input: z.strictObject({
      kind: timelineRow.shape.kind.optional(),
      limit: z.int().min(1).max(50).default(12),
      cursor: cursorInput,
      cycle_id: z.uuid().optional().describe('The current session when left out'),
    }),
    output: z.object({
      entries: z.array(timelineRow),
      total: z.int(),
      next: z.string().nullable(),
    }),
    annotations: READS,
    resources: [
      templateView(
        URI.timeline('{cycle_id}'),
        {
          name: 'trading-cycle-timeline',
          title: 'Timeline of a cycle',
          description: 'The latest transitions, jobs, decisions and alerts, newest first.',
        },
        z.uuid(),
      ),
    ],
    run: async ({ kind, limit, cursor, cycle_id }) => {
      const id = cycle_id ?? (await workflow.showStanding()).cycle?.cycle_id;
      const { entries } = id
        ? await workflow.showTimeline({ params: { cycle_id: id } })
        : { entries: [] };
      const wanted = entries
        .filter((entry) =>
          kind ? entry.kind === kind : entry.kind !== 'job' || entry.details.state !== 'done',
        )
        .toReversed()
        .map(toTimelineRow);
      const list = ['timeline', kind, id?.slice(0, 8)].filter(Boolean).join(' ');
      const page = pageOf(wanted, { list, limit, cursor });
      return {
        text: [
          ...(page.total === 0
            ? [kind === undefined ? 'Nothing happened yet.' : `No ${kind} yet.`]
            : page.shown.map(timelineLine)),
          ...moreLines(page),
        ].join('\n'),
        data: { entries: page.shown, total: page.total, next: page.next },
        quotes: timelineQuotes(page.shown),
      };
    },
  }),
  defineTool({
    name: 'get_alerts',
    title: 'Show alerts, proposals and watches',
    description:
      "What went wrong and nobody has acknowledged yet, and what waits for a yes: the session's proposed trades with their proposal_id (approve_proposal, reject_proposal) and looser limits, which are the operator's to confirm; and the watches that wait, with their watch_id.",
    scope: 'read',
    input: z.strictObject({
      state: z.enum(['unacknowledged', 'all']).default('unacknowledged'),
      limit: z.int().min(1).max(50).default(10),
      cursor: cursorInput,
    }),
    output: z.object({
      alerts: z.array(shownAlert),
      next: z.string().nullable(),
      proposals: z.array(shownProposal),
      limit_proposals: z.array(limitProposal),
      watches: z.array(watch),
    }),
    annotations: READS,
    resources: [
      fixedView(URI.alerts, {
        name: 'active-alerts',
        title: 'Active alerts',
        description:
          "Alerts that nobody has acknowledged, and the session's proposals that wait: approve_proposal executes one.",
      }),
    ],
    run: async ({ state, limit, cursor }) => {
      const [{ alerts, next }, { proposals }, { limit_proposals }, { watches }] = await Promise.all(
        [
          workflow.listAlerts({ query: { state, limit, ...(cursor && { after: cursor }) } }),
          workflow.listProposals({ query: { state: 'waiting', origin: 'cycle' } }),
          workflow.listLimitProposals(),
          workflow.listWatches({ query: { state: 'waiting' } }),
        ],
      );
      // each waiting proposal is among the alerts too
      const raised = alerts.filter(({ code }) => code !== 'PROPOSAL_WAITING').map(toShownAlert);
      return {
        text: [
          ...alertLines(raised),
          ...(next ? [`There are more: cursor ${next}.`] : []),
          ...proposalLines(proposals),
          ...limitProposalLines(limit_proposals),
          ...watches.slice(0, MOST_WATCHES).map(watchLine),
        ].join('\n'),
        data: {
          alerts: raised,
          next,
          proposals: proposals.map(toShownProposal),
          limit_proposals,
          watches: watches.slice(0, MOST_WATCHES),
        },
        quotes: raised.flatMap(({ code, quoted }) => (quoted ? [`${code}: ${quoted}`] : [])),
      };
    },
  }),
];
