import { health } from '@catalyst/contracts';
import { z } from 'zod';
import { URI } from '../domain/affected-resources.ts';
import type { ReadHealth } from '../flows/read-health.ts';
import { fixedView } from './resource-view.ts';
import { defineTool, READS } from './tool.ts';

/** Whether the desk itself is well. */
export const createHealthTool = (readHealth: ReadHealth) =>
  defineTool({
    name: 'get_health',
    title: 'Is the desk working?',
    description:
      'Whether each service of the desk works, and why not where one does not: database, event bus, late bars or quotes, jobs that fail, rows that wait.',
    scope: 'read',
    input: z.strictObject({}),
    output: z.object({
      is_well: z.boolean(),
      services: z.record(
        z.string(),
        z.object({
          status: z.enum([...health.shape.status.options, 'no answer']),
          notes: z.array(z.string()),
        }),
      ),
    }),
    annotations: READS,
    resources: [
      fixedView(URI.health, {
        name: 'desk-health',
        title: 'Health of the desk',
        description: 'How each service is.',
      }),
    ],
    run: async () => {
      const told = await readHealth();
      const seen = new Map<string, { status: Status; notes: string[] }>();
      for (const [name, own] of told)
        seen.set(
          name,
          own ? { status: own.status, notes: own.notes } : { status: 'no answer', notes: [] },
        );
      // those that nobody here calls, as the others see them
      for (const own of told.values())
        for (const [name, status] of Object.entries(own?.dependencies ?? {}))
          if (!seen.has(name)) seen.set(name, { status, notes: [] });
      const ill = [...seen].filter(([, { status }]) => status !== 'healthy');
      return {
        text:
          ill.length === 0
            ? `All ${seen.size} services are healthy.`
            : [
                ...ill.map(
                  ([name, { status, notes }]) =>
                    `${name} is ${status === 'no answer' ? 'silent: it does not answer' : status}${notes.length > 0 ? `: ${notes.join('; ')}` : ''}`,
                ),
                `${seen.size - ill.length} of ${seen.size} services are healthy.`,
              ].join('\n'),
        data: { is_well: ill.length === 0, services: Object.fromEntries(seen) },
      };
    },
  });

type Status = (typeof health.shape.status.options)[number] | 'no answer';
