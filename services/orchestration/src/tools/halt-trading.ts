import { randomUUID } from 'node:crypto';
import type { StopAct, Stopped } from '@catalyst/contracts';
import { orSecondDoor } from '@catalyst/service-kit';
import { z } from 'zod';
import { count } from '../domain/wording.ts';
import type { Services } from '../services.ts';
import { createListSale } from './list-sale.ts';
import { ACTS, defineTool, reasonInput, type ToolAnswer } from './tool.ts';

const RESUME = 'Only the operator resumes, with a reason.';
const DONE = {
  pause: 'nothing new is entered; what is held stays under its stops',
  halt: 'nothing but exits is sent, and entries that waited are cancelled; what is held stays under its stops',
} as const;

/** What trading did by itself, where workflow did not answer. */
export const tellStopped = (stopped: Stopped): ToolAnswer => {
  const { act, halt_file, closing, canceled_orders, left } = stopped;
  return {
    text: [
      `${act}: done by trading itself, since workflow did not answer.`,
      ...(halt_file === null ? [] : [`Trading is halted by its file. ${RESUME}`]),
      ...(canceled_orders > 0 ? [`${count(canceled_orders, 'order')} cancelled.`] : []),
      ...(closing.length > 0 ? [`Closing at market: ${closing.join(', ')}.`] : []),
      ...left.map(({ symbol, is_naked }) => `${is_naked ? 'NAKED' : 'Left'}: ${symbol}.`),
    ].join('\n'),
    data: { status: halt_file === null ? 'done' : 'halted', ...stopped },
  };
};

/**
 * Stops of four sizes. Those that sell nothing act at once; flattening is confirmed by naming the
 * list of what it would sell.
 */
export const createHaltTrading = ({
  workflow,
  trading,
}: Pick<Services, 'workflow' | 'trading'>) => {
  const listSale = createListSale(trading);
  const stopByTrading = (act: StopAct, asked: { by: string; reason: string }): Promise<Stopped> =>
    trading.stop({ body: { act, ...asked, request_id: randomUUID() } });
  const flatten = async (
    asked: { by: string; reason: string },
    preview_id: string | undefined,
  ): Promise<ToolAnswer> => {
    const sale = await listSale({
      act: 'flatten',
      by: asked.by,
      preview_id,
      effect: 'Flattening cancels every order and closes at market, for good,',
      again: 'call halt_trading with scope flatten',
    });
    if (sale.question) return sale.question;
    const { positions } = sale;
    const done = await orSecondDoor(
      () => workflow.changeTradingState({ body: { act: 'flatten', ...asked } }),
      () => stopByTrading('flatten', asked),
    );
    if ('second' in done) return tellStopped(done.second);
    const { trading_state } = done.first;
    return {
      text: `Trading is ${trading_state}: ${count(positions.length, 'position')} closing at market; get_positions tells what is left. ${RESUME}`,
      data: { status: trading_state, positions },
    };
  };

  return defineTool({
    name: 'halt_trading',
    title: 'Stop trading',
    description:
      "Stops the desk. scope pause: no new entries. halt: nothing but exits. cancel: cancels entries that wait, once. flatten: closes every position at market, in two steps: the first answers with the list and a preview_id. What is held keeps its stops until it is closed. Lifting it is the operator's alone.",
    input: z.strictObject({
      scope: z.enum(['pause', 'halt', 'cancel', 'flatten']),
      reason: reasonInput,
      preview_id: z.uuid().optional().describe('Of flatten: from its first answer'),
    }),
    annotations: { ...ACTS, idempotentHint: true },
    only_lowers_risk: true,
    run: async ({ scope, reason, preview_id }, { by }) => {
      const asked = { by, reason };
      if (scope === 'flatten') return flatten(asked, preview_id);
      if (scope === 'cancel') {
        const done = await orSecondDoor(
          () => workflow.cancelEntries({ body: asked }),
          () => stopByTrading('cancel', asked),
        );
        if ('second' in done) return tellStopped(done.second);
        const { canceled_orders } = done.first;
        return {
          text: `${count(canceled_orders, 'entry order')} cancelled; orders that protect what is held stay. Trading goes on.`,
          data: { status: 'canceled', canceled_orders },
        };
      }
      const done = await orSecondDoor(
        () => workflow.changeTradingState({ body: { act: scope, ...asked } }),
        () => stopByTrading(scope, asked),
      );
      if ('second' in done) return tellStopped(done.second);
      const { trading_state } = done.first;
      return {
        text: `Trading is ${trading_state}: ${DONE[scope]}. ${RESUME}`,
        data: { status: trading_state },
      };
    },
  });
};
