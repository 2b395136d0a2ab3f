import { cycle, sessionMode } from '@catalyst/contracts';
import { AppError } from '@catalyst/service-kit';
import { z } from 'zod';
import { count, newYork } from '../domain/wording.ts';
import type { Services } from '../services.ts';
import type { WaitForAct } from '../flows/wait-for-act.ts';
import { createListSale, saleOutput, stillOpen } from './list-sale.ts';
import { ACTS, defineTool, stopReasonInput, SETS } from './tool.ts';

const shownCycle = cycle.omit({ created_at: true, updated_at: true });

/** How a day begins, goes on and ends at a person's word. */
export const createSessionTools = ({
  workflow,
  trading,
  waitForAct,
}: Pick<Services, 'workflow' | 'trading'> & { waitForAct: WaitForAct }) => {
  const start = async (body: Parameters<typeof workflow.startCycle>[0]['body']) => {
    try {
      return await workflow.startCycle({ body });
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'CYCLE_EXISTS') throw error;
      const isOver = error.details.state === 'closed' || error.details.state === 'failed';
      throw new AppError(
        error.code,
        `${error.message}: ${isOver ? 'a day has one session, the next one is of the next trading day' : 'it needs no start; set_session_mode changes its mode, get_cycle_status tells how it goes'}`,
        error.details,
      );
    }
  };
  return [
    defineTool({
      name: 'start_trading_session',
      title: 'Start the trading session',
      description:
        'Opens the session of a date, today by default. supervised (the default here) proposes each trade and waits for a yes; autonomous, which trades by itself, is refused here: only the operator lets it. Places no order. The schedule opens each day by itself.',
      scope: 'trade',
      input: z.strictObject({
        trade_date: z.iso
          .date()
          .optional()
          .describe('New York date, such as 2026-03-10; today when left out'),
        session_mode: sessionMode.default('supervised'),
        universe_size: z.number().optional().describe('Stocks to scan, 50 to 200'),
      }),
      output: z.object({ cycle: shownCycle }),
      annotations: { ...ACTS, destructiveHint: false },
      run: async ({ trade_date, session_mode, universe_size }) => {
        const opened = await start({
          session_mode,
          ...(trade_date && { trade_date }),
          ...(universe_size !== undefined && { universe_size }),
        });
        return {
          text: `The ${opened.session_mode} session of ${opened.trade_date} is ${opened.state}; the market is open from ${newYork(opened.open_at)} to ${newYork(opened.close_at)}.`,
          data: { cycle: opened },
        };
      },
    }),
    defineTool({
      name: 'stop_trading_session',
      title: 'Stop the trading session',
      description:
        'Ends the day now and for good: cancels what is open, closes every position at market, reconciles and reports. Two calls: the first answers with the list of what it would sell and a preview_id. To stop buying and keep what is held: pause_trading.',
      scope: 'trade',
      input: z.strictObject({
        reason: stopReasonInput,
        cycle_id: z.uuid().optional().describe('The current session when left out'),
        preview_id: z.uuid().optional().describe('From its first answer'),
      }),
      output: saleOutput.extend({ cycle_id: z.uuid().optional(), cycle: shownCycle.optional() }),
      annotations: { ...ACTS, idempotentHint: true },
      only_lowers_risk: true,
      run: async ({ reason, cycle_id, preview_id }, caller) => {
        const { by } = caller;
        const current = cycle_id ? null : (await workflow.showCurrentCycle()).cycle;
        const id = cycle_id ?? current!.cycle_id;
        const date = current?.trade_date;
        const sale = await createListSale(trading)({
          act: `stop ${id}`,
          by,
          preview_id,
          effect: `Stopping the session${date ? ` of ${date}` : ''} ends that day, cancels every order and closes at market, for good,`,
          again: 'call stop_trading_session with the same reason',
        });
        if (sale.question) return sale.question;
        const waited = await waitForAct(
          workflow.stopCycle({ params: { cycle_id: id }, body: { by, reason } }),
          caller,
          stillOpen(trading, sale.positions),
        );
        const closing = `${count(sale.positions.length, 'position')} closing at market`;
        if (!waited)
          return {
            text: `The session is being stopped: ${closing}, which goes on. get_positions tells what is left, get_timeline with cycle_id ${id} what was done.`,
            data: { status: 'closing', cycle_id: id },
          };
        const stopped = waited.done;
        return {
          text: `The session of ${stopped.trade_date} is ${stopped.state}; ${closing}, get_positions tells what is left.`,
          data: { status: stopped.state, cycle_id: id, cycle: stopped },
        };
      },
    }),
    defineTool({
      name: 'set_session_mode',
      title: 'Make the session supervised',
      description:
        "From now on the session proposes each trade and waits for a yes (supervised), at any time of the day. Back to autonomous is the operator's alone.",
      scope: 'propose',
      input: z.strictObject({ session_mode: sessionMode, reason: stopReasonInput }),
      output: z.object({ cycle: shownCycle }),
      annotations: SETS,
      only_lowers_risk: true,
      run: async ({ session_mode, reason }, { by }) => {
        const changed = await workflow.setSessionMode({ body: { session_mode, by, reason } });
        return {
          text:
            changed.session_mode === 'supervised'
              ? `The session of ${changed.trade_date} is supervised: it proposes, and nothing is entered without a yes.`
              : `The session of ${changed.trade_date} is autonomous.`,
          data: { cycle: changed },
        };
      },
    }),
  ];
};
