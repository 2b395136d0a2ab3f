import { symbol } from '@catalyst/domain';
import { AppError } from '@catalyst/service-kit';
import { z } from 'zod';
import { CANDIDATES, URI } from './domain/affected-resources.ts';
import { createReadPerformance } from './flows/read-performance.ts';
import type { Services } from './services.ts';

/** What a resource reads, before outside words in it are marked. */
interface ResourceContent {
  data: Record<string, unknown>;
  untrusted_fields?: string[];
}

export interface Resource {
  name: string;
  title: string;
  description: string;
  /** A URI, or a template with one {variable}. */
  uri: string;
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

/** The nine resources of v6.0; each has a twin among the tools or is part of one. */
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
      read: async () => {
        const [progress, market] = await Promise.all([findCycle(workflow), workflow.showMarket()]);
        return { data: { ...(progress ?? { cycle: null }), market } };
      },
    },
    {
      name: 'trading-cycle-timeline',
      title: 'Timeline of a cycle',
      description: 'Transitions, jobs, decisions and alerts, oldest first.',
      ...template(URI.timeline('{cycle_id}'), z.uuid()),
      read: async (cycle_id) => ({
        data: { ...(await workflow.showTimeline({ params: { cycle_id } })) },
        untrusted_fields: ['title', 'reason', 'message', 'note'],
      }),
    },
    {
      name: 'latest-market-scan',
      title: 'Latest market scan',
      description: 'The last complete scan: each stock with the stage it reached and why.',
      ...fixed(URI.scan),
      read: async () => ({
        data: { ...(await scanner.showLatestScan({ query: {} })) },
        untrusted_fields: ['reason'],
      }),
    },
    {
      name: 'market-scan-candidate',
      title: 'One candidate',
      description: 'What the last scan said of one stock.',
      ...template(`${CANDIDATES}{symbol}`, symbol),
      read: async (ticker) => ({
        data: { ...(await scanner.showCandidate({ params: { symbol: ticker } })) },
        untrusted_fields: ['reason'],
      }),
    },
    {
      name: 'current-positions',
      title: 'Open positions',
      description: 'Positions that are open now, with profit and protection.',
      ...fixed(URI.positions),
      read: async () => ({
        data: { ...(await trading.listPositions({ query: { status: 'open' } })) },
      }),
    },
    {
      name: 'position-status',
      title: 'One position',
      description: 'One position, open or closed.',
      ...template(URI.position('{position_id}'), z.uuid()),
      read: async (position_id) => ({
        data: { position: await trading.showPosition({ params: { position_id } }) },
      }),
    },
    {
      name: 'daily-performance',
      title: 'Performance today',
      description: 'Equity, what is realised and what is open, and the metrics of today.',
      ...fixed(URI.daily),
      read: async () => ({ data: { performance: (await readPerformance('daily')).performance } }),
    },
    {
      name: 'weekly-performance',
      title: 'Performance this week',
      description: 'The same of the seven days that end today.',
      ...fixed(URI.weekly),
      read: async () => ({ data: { performance: (await readPerformance('weekly')).performance } }),
    },
    {
      name: 'active-alerts',
      title: 'Active alerts',
      description:
        'Alerts of the current cycle, and proposals that wait: execute one by giving its proposal_id as preview_id to execute_trade.',
      ...fixed(URI.alerts),
      read: async () => {
        const [{ alerts }, { proposals }] = await Promise.all([
          workflow.listAlerts({ query: {} }),
          workflow.listProposals({ query: { state: 'waiting' } }),
        ]);
        return { data: { alerts, proposals }, untrusted_fields: ['message'] };
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
