import { symbol } from '@catalyst/domain';
import { AppError } from '@catalyst/service-kit';
import { z } from 'zod';
import { CANDIDATES, URI } from './domain/affected-resources.ts';
import { alertLines, cycleLines, positionLines, proposalLines } from './domain/desk-words.ts';
import { shownResult } from './domain/shown-numbers.ts';
import { newYork } from './domain/wording.ts';
import { createReadPerformance } from './flows/read-performance.ts';
import type { Services } from './services.ts';

/** What a resource reads, before outside words in it are marked. */
interface ResourceContent {
  data: Record<string, unknown>;
  /** The same in a few lines of our own, for the tool that answers with it. */
  lines?: string[];
  /** Lines from outside, shown between marks. */
  quotes?: string[];
  untrusted_fields?: string[];
}

export interface Resource {
  name: string;
  title: string;
  description: string;
  /** A URI, or a template with one {variable}. */
  uri: string;
  /** The tool that tells the same, since many clients show a model no resources. */
  tool: string;
  /** What the URI names, or null when it is none of this resource's. */
  match(uri: string): string | null;
  read(named: string): Promise<ResourceContent>;
}

const fixed = (uri: string) => ({ uri, match: (given: string) => (given === uri ? '' : null) });
const template = (uri: string, variable: z.ZodType<string>) => {
  const [before, after] = uri.split(/\{\w+\}/) as [string, string];
  return {
    uri,
    match: (given: string) => {
      if (
        !given.startsWith(before) ||
        !given.endsWith(after) ||
        given.length <= before.length + after.length
      )
        return null;
      const named = variable.safeParse(given.slice(before.length, given.length - after.length));
      return named.success ? named.data : null;
    },
  };
};

/** The latest cycle; a desk that was set up on a weekend has none yet. */
const findCycle = async (workflow: Services['workflow']) => {
  try {
    return await workflow.showCurrentCycle();
  } catch (error) {
    if (error instanceof AppError && error.code === 'NOT_FOUND') return null;
    throw error;
  }
};

/** The nine resources of v6.0; each names the tool that tells the same. */
export const createResources = (services: Services): Resource[] => {
  const { workflow, scanner, trading } = services;
  const readPerformance = createReadPerformance(services);
  return [
    {
      name: 'current-trading-cycle',
      title: 'Current trading cycle',
      description:
        'State of the latest day, what is due next, candidates, positions and profit; and whether the exchange is open, and when next.',
      ...fixed(URI.cycle),
      tool: 'get_cycle_status',
      read: async () => {
        const [progress, market] = await Promise.all([findCycle(workflow), workflow.showMarket()]);
        return {
          data: { ...(progress ?? { cycle: null }), market },
          lines: cycleLines(progress, market),
        };
      },
    },
    {
      name: 'trading-cycle-timeline',
      title: 'Timeline of a cycle',
      description: 'Transitions, jobs, decisions and alerts, oldest first.',
      ...template(URI.timeline('{cycle_id}'), z.uuid()),
      tool: 'get_cycle_status',
      read: async (cycle_id) => {
        const { cycle, entries } = await workflow.showTimeline({ params: { cycle_id } });
        return {
          data: { cycle, entries },
          quotes: entries.map(({ at, title }) => `${newYork(at)} ${title}`),
          untrusted_fields: ['title', 'reason', 'message', 'note'],
        };
      },
    },
    {
      name: 'latest-market-scan',
      title: 'Latest market scan',
      description:
        'The last complete scan: the candidates and why, and which stocks ended at which stage; get_scan_results tells why they did.',
      ...fixed(URI.scan),
      tool: 'get_scan_results',
      read: async () => {
        const { results, ...scan } = await scanner.showLatestScan({ query: {} });
        const leftOut = Map.groupBy(
          results.filter(({ passed }) => !passed),
          ({ stage }) => stage,
        );
        return {
          data: {
            ...scan,
            results: results.filter(({ passed }) => passed).map(shownResult),
            left_out: Object.fromEntries(
              [...leftOut].map(([stage, ended]) => [stage, ended.map((row) => row.symbol)]),
            ),
          },
          untrusted_fields: ['reason'],
        };
      },
    },
    {
      name: 'market-scan-candidate',
      title: 'One candidate',
      description: 'What the last scan said of one stock.',
      ...template(`${CANDIDATES}{symbol}`, symbol),
      tool: 'get_candidate_analysis',
      read: async (ticker) => {
        const { result, ...of } = await scanner.showCandidate({ params: { symbol: ticker } });
        return { data: { ...of, result: shownResult(result) }, untrusted_fields: ['reason'] };
      },
    },
    {
      name: 'current-positions',
      title: 'Open positions',
      description: 'Positions that are open now, with profit and protection.',
      ...fixed(URI.positions),
      tool: 'get_positions',
      read: async () => {
        const { positions } = await trading.listPositions({ query: { status: 'open' } });
        return { data: { positions }, lines: positionLines(positions) };
      },
    },
    {
      name: 'position-status',
      title: 'One position',
      description: 'One position, open or closed.',
      ...template(URI.position('{position_id}'), z.uuid()),
      tool: 'get_positions',
      read: async (position_id) => {
        const position = await trading.showPosition({ params: { position_id } });
        return { data: { position }, lines: positionLines([position]) };
      },
    },
    {
      name: 'daily-performance',
      title: 'Performance today',
      description: 'Equity, what is realised and what is open, and the metrics of today.',
      ...fixed(URI.daily),
      tool: 'get_performance_report',
      read: async () => ({ data: { performance: (await readPerformance('daily')).performance } }),
    },
    {
      name: 'weekly-performance',
      title: 'Performance this week',
      description: 'The same of the seven days that end today.',
      ...fixed(URI.weekly),
      tool: 'get_performance_report',
      read: async () => ({ data: { performance: (await readPerformance('weekly')).performance } }),
    },
    {
      name: 'active-alerts',
      title: 'Active alerts',
      description:
        "Alerts that nobody has acknowledged, and the session's proposals that wait: approve_proposal executes one.",
      ...fixed(URI.alerts),
      tool: 'get_alerts',
      read: async () => {
        const [{ alerts, next }, { proposals }] = await Promise.all([
          workflow.listAlerts({ query: { state: 'unacknowledged' } }),
          workflow.listProposals({ query: { state: 'waiting' } }),
        ]);
        // each waiting proposal is among the alerts too; what a person only previewed is neither
        const raised = alerts.filter(({ code }) => code !== 'PROPOSAL_WAITING');
        const proposed = proposals.filter(({ origin }) => origin === 'cycle');
        return {
          data: { alerts: raised, has_more: next !== null, proposals: proposed },
          lines: [...alertLines(raised), ...proposalLines(proposed)],
          quotes: raised.map(({ code, message }) => `${code}: ${message}`),
          untrusted_fields: ['message'],
        };
      },
    },
  ];
};

/** The resource that a URI names, with what it names in it. */
export const findResource = (
  resources: readonly Resource[],
  uri: string,
): { resource: Resource; named: string } | undefined => {
  for (const resource of resources) {
    const named = resource.match(uri);
    if (named !== null) return { resource, named };
  }
  return undefined;
};
