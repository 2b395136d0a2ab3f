import { AppError } from '@catalyst/service-kit';
import { z } from 'zod';
import { URI } from '../domain/affected-resources.ts';
import { findResource, type Resource } from '../resources.ts';
import { defineTool, READS, type ToolAnswer } from './tool.ts';

/** How the desk is, read as its resources are. */
export const createDeskTools = (resources: readonly Resource[]) => {
  const read = async (uri: string): Promise<ToolAnswer> => {
    const found = findResource(resources, uri);
    if (!found) throw new AppError('NOT_FOUND', `there is nothing at ${uri}`);
    const { lines = [], ...content } = await found.resource.read(found.named);
    return { text: lines.join('\n'), ...content };
  };
  return [
    defineTool({
      name: 'get_cycle_status',
      title: "Show the day's state",
      description:
        'State of the session, what is due next, candidates, positions and profit; whether the exchange is open, and when next; and the last events, newest first.',
      input: z.strictObject({
        events: z.int().min(0).max(100).default(10).describe('How many of the last events'),
      }),
      annotations: READS,
      run: async ({ events }) => {
        const status = await read(URI.cycle);
        const { cycle } = status.data as { cycle: { cycle_id: string } | null };
        if (events === 0 || cycle === null) return status;
        const {
          quotes = [],
          data,
          untrusted_fields = [],
        } = await read(URI.timeline(cycle.cycle_id));
        const entries = (data.entries as unknown[]).slice(-events).reverse();
        return {
          ...status,
          data: { ...status.data, events: entries },
          quotes: quotes.slice(-events).reverse(),
          untrusted_fields,
        };
      },
    }),
    defineTool({
      name: 'get_positions',
      title: 'Show the positions',
      description:
        'What is held now, with prices, profit, stop, target and protection; or one position, open or closed.',
      input: z.strictObject({
        position_id: z.uuid().optional().describe('All that are open when left out'),
      }),
      annotations: READS,
      run: ({ position_id }) => read(position_id ? URI.position(position_id) : URI.positions),
    }),
    defineTool({
      name: 'get_alerts',
      title: 'Show the alerts',
      description:
        "What went wrong and nobody has acknowledged yet, and the session's proposals that wait for a yes.",
      input: z.strictObject({}),
      annotations: READS,
      run: () => read(URI.alerts),
    }),
  ];
};
