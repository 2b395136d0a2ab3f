import { randomUUID } from 'node:crypto';
import { MOST_WATCHES, watch, type Watch } from '@catalyst/contracts';
import { toDecimalString } from '@catalyst/domain';
import { z } from 'zod';
import { URI } from '../domain/affected-resources.ts';
import { dateAndTime, dollars, price } from '../domain/wording.ts';
import type { Services } from '../services.ts';
import { fixedView } from './resource-view.ts';
import { defineTool, lineInput, READS, SETS, tickerInput } from './tool.ts';

export const watchLine = (given: Watch): string => {
  const { kind, symbol, direction, level, state, note, by_mail, expires_at, met_at } = given;
  const way = direction.replaceAll('_', ' ');
  const what =
    kind === 'price'
      ? `${symbol} ${way} ${price(level)}`
      : `the day's result ${way} ${dollars(level)}`;
  const end =
    state === 'waiting'
      ? `waits until ${dateAndTime(expires_at)}`
      : state === 'met'
        ? `met at ${dateAndTime(met_at!)}`
        : state;
  return `${what}${by_mail ? ', told by mail too' : ''}${note === '' ? '' : ` (${note})`}: ${end}; watch_id ${given.watch_id}`;
};

/** What Claude wants to be told of. */
export const createWatchTools = ({ workflow }: Pick<Services, 'workflow'>) => [
  defineTool({
    name: 'set_watch',
    title: 'Set a watch',
    description:
      'Tells when a stock touches a price or when the day is at a profit or loss: "tell me when X touches 41", "when the day is at -500". Looked at each minute of the session; told once, as an alert, to whoever follows the alerts, and by mail if asked. It never trades.',
    scope: 'propose',
    input: z.strictObject({
      symbol: tickerInput.optional().describe("Of a price; left out for the day's result"),
      level: z
        .number()
        .transform((value) => toDecimalString(value))
        .describe("The price, or the day's result in dollars, such as -500"),
      direction: watch.shape.direction
        .optional()
        .describe('From where the value is now when left out'),
      by_mail: z.boolean().default(false),
      note: lineInput(200).optional().describe('What it is for, in plain words'),
      hours: z.int().min(1).max(744).default(24).describe('How long it waits'),
    }),
    output: z.object({ watch }),
    annotations: { ...SETS, idempotentHint: false },
    run: async ({ symbol, level, direction, by_mail, note, hours }, { by }) => {
      const kept = await workflow.setWatch({
        body: {
          kind: symbol ? 'price' : 'day_pnl',
          level,
          by_mail,
          lifetime_hours: hours,
          by,
          request_id: randomUUID(),
          ...(symbol && { symbol }),
          ...(direction && { direction }),
          ...(note && { note }),
        },
      });
      return { text: `Watching: ${watchLine(kept)}.`, data: { watch: kept } };
    },
  }),
  defineTool({
    name: 'get_watches',
    is_extra: true,
    title: 'Show the watches',
    description: `What is watched for, and what was met, newest first. A key has ${MOST_WATCHES} that wait at most.`,
    scope: 'read',
    input: z.strictObject({ state: z.enum(['waiting', 'all']).default('waiting') }),
    output: z.object({ watches: z.array(watch) }),
    annotations: READS,
    resources: [
      fixedView(URI.watches, {
        name: 'current-watches',
        title: 'Watches',
        description: 'What is watched for.',
      }),
    ],
    run: async ({ state }) => {
      const watches = (await workflow.listWatches({ query: { state } })).watches.slice(0, 20);
      return {
        text: watches.map(watchLine).join('\n') || 'Nothing is watched for.',
        data: { watches },
      };
    },
  }),
  defineTool({
    name: 'remove_watch',
    title: 'Remove a watch',
    description: 'Takes a watch away, so that it is not told. get_watches has its watch_id.',
    scope: 'propose',
    input: z.strictObject({ watch_id: z.uuid() }),
    output: z.object({ watch }),
    annotations: SETS,
    run: async ({ watch_id }, { by }) => {
      const ended = await workflow.removeWatch({ params: { watch_id }, body: { by } });
      return { text: watchLine(ended), data: { watch: ended } };
    },
  }),
];
