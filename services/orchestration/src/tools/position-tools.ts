import { randomUUID } from 'node:crypto';
import type { StandingPosition } from '@catalyst/contracts';
import { compare, wholeQuantity, type OwnExit } from '@catalyst/domain';
import { AppError, orSecondDoor } from '@catalyst/service-kit';
import { z } from 'zod';
import { exitWords, liveWords } from '../domain/exit-words.ts';
import { gain, price, shares } from '../domain/wording.ts';
import type { WaitForAct } from '../flows/wait-for-act.ts';
import type { Services } from '../services.ts';
import { exitPrices, amountInput, readExit } from './exit-input.ts';
import { shownPosition } from './position-reads.ts';
import { secondDoorOutput, tellStopped } from './stop-tools.ts';
import { ACTS, defineTool, stopReasonInput, tickerInput, type ToolCaller } from './tool.ts';

/** How long a close waits for the broker's fill, or an exit until it is there, and how often it looks. */
const WAIT_MS = 2000;
const LOOK_EVERY_MS = 250;

type Held = Pick<StandingPosition, 'position_id' | 'symbol'>;

interface Deps extends Pick<Services, 'workflow' | 'trading'> {
  sleep: (ms: number) => Promise<void>;
  waitForAct: WaitForAct;
  /** How long workflow is waited for before another door is asked; a second where nothing is said. */
  patience_ms: number | undefined;
}

/** What a person does with one position. */
export const createPositionTools = ({
  workflow,
  trading,
  sleep,
  waitForAct,
  patience_ms,
}: Deps) => {
  const findOpen = async (asked: {
    position_id?: string | undefined;
    symbol?: string | undefined;
  }) => {
    if ((asked.position_id === undefined) === (asked.symbol === undefined))
      throw new AppError('INVALID_REQUEST', 'name the position either by position_id or by symbol');
    const { positions } = await trading.listPositions({ query: { status: 'open' } });
    const held = positions.find(
      ({ symbol, position_id }) => symbol === asked.symbol || position_id === asked.position_id,
    );
    if (held) return held;
    throw new AppError(
      'POSITION_NOT_OPEN',
      `there is no open position ${asked.symbol ? `in ${asked.symbol}` : asked.position_id}; the desk holds ${positions.map(({ symbol }) => symbol).join(', ') || 'nothing'}`,
    );
  };
  const readPosition = (position_id: string) => trading.showPosition({ params: { position_id } });

  /** Lets all the shares leave by an order that waits at the broker and guards them. */
  const placeExit = async (
    { position_id, symbol }: Held,
    exit: OwnExit,
    asked: { by: string; reason: string; request_id: string },
    caller: ToolCaller,
  ) => {
    const placed = await waitForAct(
      workflow.placeExit({ params: { position_id }, body: { ...asked, exit } }),
      caller,
      async () => `the exit of ${symbol} takes the place of those that are there`,
      WAIT_MS,
    );
    const position = await readPosition(position_id);
    return {
      text: placed
        ? `Placed at the broker, for all ${shares(position.qty)} shares of ${symbol}: ${exitWords(exit)}. ${liveWords(position)}. get_orders tells when it fills.`
        : `Asked, not confirmed yet: ${symbol} is to ${exitWords(exit)}. get_positions tells the stop and target that are live by then.`,
      data: { status: placed ? 'exit_placed' : 'under_way', position },
    };
  };
  return [
    defineTool({
      name: 'close_position',
      scope: 'trade',
      title: 'Close or reduce a position',
      description:
        'Gets out of one open position at market, named by position_id or by symbol, or with quantity sells that part of it (reduce); says at what price, as far as it is known within two seconds. With a price it leaves by an order that waits at the broker instead: a limit (take profit), a stop-limit or a trailing stop, for all shares. What stays is guarded all the time.',
      input: z.strictObject({
        position_id: z.uuid().optional(),
        symbol: tickerInput.optional(),
        quantity: amountInput
          .pipe(wholeQuantity)
          .optional()
          .describe('Whole shares to sell; all when left out'),
        ...exitPrices,
        reason: stopReasonInput,
      }),
      annotations: ACTS,
      output: z.object({
        status: z.string(),
        position: shownPosition.optional(),
        ...secondDoorOutput.shape,
      }),
      only_lowers_risk: true,
      run: async ({ position_id, symbol: named, quantity, reason, ...prices }, caller) => {
        const { by, signal, tell } = caller;
        const exit = readExit(prices);
        if (exit !== null && quantity !== undefined)
          throw new AppError(
            'INVALID_REQUEST',
            'an exit that waits is for all the shares: leave quantity out, or sell that part at market without a price',
          );
        const held = await findOpen({ position_id, symbol: named });
        const { symbol, position_id: id } = held;
        const body = { by, reason, request_id: randomUUID() };
        if (exit !== null) return placeExit(held, exit, body, caller);
        if (quantity !== undefined && compare(quantity, held.qty) > 0)
          throw new AppError(
            'INVALID_REQUEST',
            `the desk holds ${shares(held.qty)} ${symbol}, and ${quantity} are to be sold: leave quantity out to sell all of it`,
          );
        if (quantity !== undefined && compare(quantity, held.qty) < 0) {
          const told = await workflow.reducePosition({
            params: { position_id: id },
            body: { ...body, qty: quantity },
          });
          return {
            text: `${told.message}. get_positions tells what is held.`,
            data: { status: told.status, position: await readPosition(id) },
          };
        }
        const done = await orSecondDoor(
          () => workflow.closePosition({ params: { position_id: id }, body }),
          () => trading.stop({ body: { act: 'close', symbol, ...body } }),
          patience_ms,
        );
        if ('second' in done) return tellStopped(done.second);
        let position = await readPosition(id);
        const isUnderWay = () => position.status === 'closing' && !signal.aborted;
        for (let waited = 0; isUnderWay() && waited < WAIT_MS;) {
          tell(`${symbol} is being closed at market`);
          await sleep(LOOK_EVERY_MS);
          waited += LOOK_EVERY_MS;
          position = await readPosition(id);
        }
        return {
          text:
            position.status === 'closed'
              ? `Closed: ${symbol} at ${price(position.exit_price)}, realised ${gain(position.realized_pnl_usd)}.`
              : `Sent, not filled yet: ${symbol} is being closed at market. get_positions tells when it is.`,
          data: { status: position.status === 'closed' ? 'closed' : done.first.status, position },
        };
      },
    }),
    defineTool({
      name: 'move_stop',
      scope: 'trade',
      title: 'Move a stop',
      description:
        "Moves the stop of one open position towards the price, to lose less or keep a profit, and says where it is then. Never away from the price: that is refused, and is the operator's.",
      input: z.strictObject({
        position_id: z.uuid().optional(),
        symbol: tickerInput.optional(),
        stop_price: amountInput,
        reason: stopReasonInput,
      }),
      annotations: { ...ACTS, destructiveHint: false, idempotentHint: true },
      output: z.object({ status: z.string(), position: shownPosition }),
      only_lowers_risk: true,
      run: async ({ position_id, symbol: named, stop_price, reason }, { by }) => {
        const { position_id: id } = await findOpen({ position_id, symbol: named });
        try {
          await workflow.moveStop({
            params: { position_id: id },
            body: { stop_price, by, reason, request_id: randomUUID() },
          });
        } catch (error) {
          // the broker's word may come a moment after the answer: where the stop is decides
          const { live_stop_price } = await readPosition(id);
          if (live_stop_price === null || compare(live_stop_price, stop_price) !== 0) throw error;
        }
        const position = await readPosition(id);
        return {
          text: `The stop of ${position.symbol} was moved: the live stop is ${price(position.live_stop_price)}.`,
          data: { status: position.status, position },
        };
      },
    }),
  ];
};
