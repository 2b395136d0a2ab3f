import { sessionMode } from '@catalyst/contracts';
import { z } from 'zod';
import { count, newYork } from '../domain/wording.ts';
import type { Services } from '../services.ts';
import { createListSale } from './list-sale.ts';
import { ACTS, defineTool, reasonInput } from './tool.ts';

export const createSessionTools = ({
  workflow,
  trading,
}: Pick<Services, 'workflow' | 'trading'>) => [
  defineTool({
    name: 'start_trading_session',
    title: 'Start the trading session',
    description:
      'Opens the trading cycle of a date (today by default). autonomous trades by itself, supervised proposes each trade and waits for execute_trade. Places no order by itself at once.',
    input: z.strictObject({
      trade_date: z.iso
        .date()
        .optional()
        .describe('New York date, such as 2026-03-10; today when left out'),
      session_mode: sessionMode.optional().describe('autonomous (the default) or supervised'),
      universe_size: z.number().optional().describe('Stocks to scan, 50 to 200'),
    }),
    annotations: ACTS,
    run: async ({ trade_date, session_mode, universe_size }) => {
      const cycle = await workflow.startCycle({
        body: {
          ...(session_mode && { session_mode }),
          ...(trade_date && { trade_date }),
          ...(universe_size !== undefined && { universe_size }),
        },
      });
      return {
        text: `The ${cycle.session_mode} session of ${cycle.trade_date} is ${cycle.state}; the market is open from ${newYork(cycle.open_at)} to ${newYork(cycle.close_at)}.`,
        data: { cycle },
      };
    },
  }),
  defineTool({
    name: 'stop_trading_session',
    title: 'Stop the trading session',
    description:
      'Ends the day now: cancels what is open, closes every position at market, reconciles and reports. Cannot be undone. Two steps: the first answers with the list of what it would sell and a preview_id.',
    input: z.strictObject({
      reason: reasonInput,
      cycle_id: z.uuid().optional().describe('The current cycle when left out'),
      preview_id: z.uuid().optional().describe('From its first answer'),
    }),
    annotations: { ...ACTS, idempotentHint: true },
    only_lowers_risk: true,
    run: async ({ reason, cycle_id, preview_id }, { by }) => {
      const id = cycle_id ?? (await workflow.showCurrentCycle()).cycle.cycle_id;
      const sale = await createListSale(trading)({
        act: `stop ${id}`,
        by,
        preview_id,
        effect:
          'Stopping the session ends the day, cancels every order and closes at market, for good,',
        again: 'call stop_trading_session with the same reason',
      });
      if (sale.question) return sale.question;
      const cycle = await workflow.stopCycle({ params: { cycle_id: id }, body: { by, reason } });
      return {
        text: `The session of ${cycle.trade_date} is ${cycle.state}; ${count(sale.positions.length, 'position')} closing at market, get_positions tells what is left.`,
        data: { status: cycle.state, cycle },
      };
    },
  }),
];
