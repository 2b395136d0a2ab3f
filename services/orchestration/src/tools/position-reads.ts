import { order, standingPosition } from '@catalyst/contracts';
import { isQuoted } from '../domain/order-reason.ts';
import { decimalString, direction, instant, side, symbol } from '@catalyst/domain';
import { AppError } from '@catalyst/service-kit';
import { z } from 'zod';
import { URI } from '../domain/affected-resources.ts';
import { orderLine, positionLines } from '../domain/desk-words.ts';
import { pngOf, type ReadPicture } from '../flows/read-picture.ts';
import { moreLines, pageOf } from './paging.ts';
import type { Services } from '../services.ts';
import { fixedView, templateView } from './resource-view.ts';
import { cursorInput, defineTool, READS, tickerInput } from './tool.ts';
import { VIEW } from './views.ts';

export const shownPosition = standingPosition.omit({
  cycle_id: true,
  intent_id: true,
  entered_qty: true,
});
export const shownOrder = order.omit({ cycle_id: true, broker_order_id: true, order_class: true });

/** What a page draws a position from. */
const pricedAt = z.object({ at: instant, price: z.number() });
const shownPicture = z.object({
  symbol,
  direction,
  qty: decimalString,
  bar_minutes: z.int(),
  bars: z
    .array(
      z.object({
        at: instant,
        open: z.number(),
        high: z.number(),
        low: z.number(),
        close: z.number(),
      }),
    )
    .readonly(),
  entry: pricedAt.nullable(),
  stops: z.array(pricedAt).readonly(),
  target: z.number().nullable(),
  fills: z.array(pricedAt.extend({ qty: decimalString, side })).readonly(),
  last: pricedAt.nullable(),
  now: instant,
  is_closed: z.boolean(),
});

const quotesOf = (orders: readonly z.output<typeof order>[]): string[] =>
  orders.flatMap(({ symbol: name, role, reason }) =>
    isQuoted(reason) ? [`${name} ${role}: ${reason}`] : [],
  );

/** What is held, and what was sent for it. */
export const createPositionReads = (
  { workflow, trading }: Pick<Services, 'workflow' | 'trading'>,
  readPicture: ReadPicture,
) => [
  defineTool({
    name: 'get_positions',
    title: 'Show the positions',
    description:
      'What the desk holds now: entry, last price with its age, profit, live stop and target, whether it is protected. With position_id or symbol one position, open or closed; then chart: "picture" adds its price chart with entry, stop, target and fills.',
    scope: 'read',
    input: z.strictObject({
      position_id: z.uuid().optional(),
      symbol: tickerInput.optional(),
      chart: z
        .enum(['picture', 'points'])
        .optional()
        .describe('points: what the page of this tool draws it from'),
    }),
    output: z.object({ positions: z.array(shownPosition), chart: shownPicture.optional() }),
    view: VIEW.positions,
    annotations: READS,
    resources: [
      fixedView(URI.positions, {
        name: 'current-positions',
        title: 'Open positions',
        description: 'Positions that are open now, with profit, stop, target and protection.',
      }),
      templateView(
        URI.position('{position_id}'),
        {
          name: 'position-status',
          title: 'One position',
          description: 'One position, open or closed.',
        },
        z.uuid(),
      ),
    ],
    run: async ({ position_id, symbol: named, chart }) => {
      if (chart && !position_id && !named)
        throw new AppError(
          'INVALID_REQUEST',
          'a chart is of one position: name it by position_id or symbol',
        );
      const found = position_id
        ? [await trading.showPosition({ params: { position_id } })]
        : (await trading.listPositions({ query: { status: named ? 'all' : 'open' } })).positions;
      const positions = named ? found.filter((held) => held.symbol === named).slice(-5) : found;
      const drawn = positions.at(-1);
      const points = chart && drawn ? await readPicture(drawn) : undefined;
      return {
        text:
          named && positions.length === 0
            ? `The desk never held ${named}.`
            : positionLines(positions).join('\n'),
        data: { positions, ...(chart === 'points' && { chart: points }) },
        ...(chart === 'picture' && points && { picture: pngOf(points) }),
      };
    },
  }),
  defineTool({
    name: 'get_orders',
    title: 'Show the orders',
    description:
      "The session's orders and what was filled of each, newest first: entries, stops, targets and exits, with the broker's reason where one ended. open: those that still work.",
    scope: 'read',
    input: z.strictObject({
      status: z.enum(['open', 'all']).default('all'),
      symbol: tickerInput.optional(),
      limit: z.int().min(1).max(50).default(8),
      cursor: cursorInput,
    }),
    output: z.object({
      orders: z.array(shownOrder),
      total: z.int(),
      next: z.string().nullable(),
    }),
    annotations: READS,
    resources: [
      fixedView(URI.orders, {
        name: 'session-orders',
        title: 'Orders of the session',
        description: 'The latest orders of the session with their fills.',
      }),
      templateView(
        `${URI.orders}/{symbol}`,
        {
          name: 'orders-of-a-stock',
          title: 'Orders of one stock',
          description: 'The latest orders of the session in one stock.',
        },
        tickerInput,
      ),
    ],
    run: async ({ status, symbol: named, limit, cursor }) => {
      const { cycle } = await workflow.showStanding();
      const { orders } = await trading.listOrders({
        query: { status, ...(cycle && { cycle_id: cycle.cycle_id }) },
      });
      const wanted = orders.filter((sent) => !named || sent.symbol === named).toReversed();
      const list = ['orders', status, named].filter(Boolean).join(' ');
      const page = pageOf(wanted, { list, limit, cursor });
      return {
        text: [
          ...(page.total === 0
            ? [
                `No ${status === 'open' ? 'order is open' : 'order was sent'}${named ? ` in ${named}` : ''}.`,
              ]
            : page.shown.map(orderLine)),
          ...moreLines(page),
        ].join('\n'),
        data: { orders: page.shown, total: page.total, next: page.next },
        quotes: quotesOf(page.shown),
      };
    },
  }),
];
