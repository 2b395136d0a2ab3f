import { randomUUID } from 'node:crypto';
import { clientOrderId, stopped, type StopAct, type Stopped } from '@catalyst/contracts';
import { orSecondDoor } from '@catalyst/service-kit';
import { z } from 'zod';
import { count } from '../domain/wording.ts';
import type { WaitForAct } from '../flows/wait-for-act.ts';
import type { Services } from '../services.ts';
import { createListSale, saleOutput, stillOpen } from './list-sale.ts';
import { ACTS, defineTool, stopReasonInput, tickerInput, type ToolAnswer } from './tool.ts';

const RESUME = 'Only the operator resumes, with a reason.';

/** What trading tells where workflow did not answer: beside an act's own answer. */
export const secondDoorOutput = stopped.partial();

/** What trading did by itself, where workflow did not answer. */
export const tellStopped = (done: Stopped): ToolAnswer<Stopped & { status: 'done' | 'halted' }> => {
  const { act, halt_file, closing, canceled_orders, left } = done;
  return {
    text: [
      `${act}: done by trading itself, since workflow did not answer.`,
      ...(halt_file === null ? [] : [`Trading is halted by its file. ${RESUME}`]),
      ...(canceled_orders > 0 ? [`${count(canceled_orders, 'order')} cancelled.`] : []),
      ...(closing.length > 0 ? [`Closing at market: ${closing.join(', ')}.`] : []),
      ...left.map(({ symbol, is_naked }) => `${is_naked ? 'NAKED' : 'Left'}: ${symbol}.`),
    ].join('\n'),
    data: { status: halt_file === null ? 'done' : 'halted', ...done },
  };
};

/**
 * Stops of four sizes. Those that sell nothing act at once; flattening is confirmed by naming the
 * list of what it would sell.
 */
export const createStopTools = ({
  workflow,
  trading,
  waitForAct,
  patience_ms,
}: Pick<Services, 'workflow' | 'trading'> & {
  waitForAct: WaitForAct;
  /** How long workflow is waited for; a second where nothing is said. */
  patience_ms: number | undefined;
}) => {
  const listSale = createListSale(trading);
  const stopByTrading = (act: StopAct, asked: { by: string; reason: string }): Promise<Stopped> =>
    trading.stop({ body: { act, ...asked, request_id: randomUUID() } });
  const stopWith = (act: 'pause' | 'halt' | 'flatten', asked: { by: string; reason: string }) =>
    orSecondDoor(
      () => workflow.changeTradingState({ body: { act, ...asked } }),
      () => stopByTrading(act, asked),
      patience_ms,
    );
  const stops = { annotations: { ...ACTS, idempotentHint: true }, only_lowers_risk: true } as const;
  const output = z.object({ status: z.string(), ...secondDoorOutput.shape });

  return [
    defineTool({
      ...stops,
      name: 'pause_trading',
      title: 'Stop buying, keep what is held',
      description:
        "Stops buying and keeps what is held: nothing new is entered, from now on; positions stay under their stops and targets. Lifting it is the operator's alone.",
      scope: 'propose',
      input: z.strictObject({ reason: stopReasonInput }),
      output,
      run: async ({ reason }, { by }) => {
        const done = await stopWith('pause', { by, reason });
        if ('second' in done) return tellStopped(done.second);
        return {
          text: `Trading is ${done.first.trading_state}: nothing new is entered; what is held stays under its stops. ${RESUME}`,
          data: { status: done.first.trading_state },
        };
      },
    }),
    defineTool({
      ...stops,
      name: 'halt_trading',
      title: 'Halt trading',
      description:
        "Stops the desk at once, in an emergency or doubt: nothing but exits is sent, and entries that wait are cancelled; what is held stays under its stops. Sells nothing. Lifting it is the operator's alone.",
      scope: 'propose',
      input: z.strictObject({ reason: stopReasonInput }),
      output,
      run: async ({ reason }, { by }) => {
        const done = await stopWith('halt', { by, reason });
        if ('second' in done) return tellStopped(done.second);
        return {
          text: `Trading is ${done.first.trading_state}: nothing but exits is sent, and entries that waited are cancelled; what is held stays under its stops. ${RESUME}`,
          data: { status: done.first.trading_state },
        };
      },
    }),
    defineTool({
      ...stops,
      name: 'flatten_all',
      title: 'Sell everything now',
      description:
        'Gets out of every position at market and cancels every order; nothing is entered after it until the operator resumes. Two calls: the first answers with the list of what it would sell and a preview_id. For one position: close_position.',
      scope: 'trade',
      input: z.strictObject({
        reason: stopReasonInput,
        preview_id: z.uuid().optional().describe('From its first answer'),
      }),
      output: saleOutput.extend(secondDoorOutput.shape),
      run: async ({ reason, preview_id }, caller) => {
        const { by } = caller;
        const sale = await listSale({
          act: 'flatten',
          by,
          preview_id,
          effect: 'Flattening cancels every order and closes at market, for good,',
          again: 'call flatten_all with the same reason',
        });
        if (sale.question) return sale.question;
        const waited = await waitForAct(
          stopWith('flatten', { by, reason }),
          caller,
          stillOpen(trading, sale.positions),
        );
        const done = waited?.done;
        if (done && 'second' in done) return tellStopped(done.second);
        const state = done?.first.trading_state ?? 'flattening';
        return {
          text: `Trading is ${state}: ${count(sale.positions.length, 'position')} closing at market${done ? '' : ', which goes on'}; get_positions tells what is left. ${RESUME}`,
          data: { status: state, positions: [...sale.positions] },
        };
      },
    }),
    defineTool({
      ...stops,
      name: 'cancel_entry',
      title: 'Cancel entries that wait',
      description:
        'Cancels entry orders that wait at the broker: one by its client_order_id, those of one stock, or all. Orders that protect shares are never cancelled by it; trading goes on.',
      scope: 'trade',
      input: z.strictObject({
        symbol: tickerInput.optional().describe('All stocks when left out'),
        client_order_id: clientOrderId.optional().describe('One entry, from get_orders'),
        reason: stopReasonInput,
      }),
      output: output.extend({ canceled_orders: z.int().optional() }),
      run: async ({ symbol, client_order_id, reason }, { by }) => {
        const body = {
          by,
          reason,
          ...(symbol && { symbol }),
          ...(client_order_id && { client_order_id }),
        };
        const cancel = () => workflow.cancelEntries({ body });
        const done =
          symbol || client_order_id
            ? { first: await cancel() }
            : await orSecondDoor(cancel, () => stopByTrading('cancel', { by, reason }));
        if ('second' in done) return tellStopped(done.second);
        const { canceled_orders } = done.first;
        return {
          text:
            canceled_orders === 0
              ? `No entry${symbol ? ` of ${symbol}` : ''} waits at the broker; nothing was cancelled.`
              : `${count(canceled_orders, 'entry order')}${symbol ? ` of ${symbol}` : ''} cancelled; orders that protect what is held stay. Trading goes on.`,
          data: { status: 'canceled', canceled_orders },
        };
      },
    }),
  ];
};
