import { randomUUID } from 'node:crypto';
import { AppError, orSecondDoor } from '@catalyst/service-kit';
import { z } from 'zod';
import { gain, price } from '../domain/wording.ts';
import type { Services } from '../services.ts';
import { shownPosition } from './position-reads.ts';
import { secondDoorOutput, tellStopped } from './stop-tools.ts';
import { ACTS, defineTool, reasonInput, tickerInput } from './tool.ts';

/** How long a close waits for the broker's fill, and how often it looks. */
const WAIT_MS = 2000;
const LOOK_EVERY_MS = 250;

interface Deps extends Pick<Services, 'workflow' | 'trading'> {
  sleep: (ms: number) => Promise<void>;
}

/** What a person does with one position. */
export const createPositionTools = ({ workflow, trading, sleep }: Deps) => {
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
  return [
    defineTool({
      name: 'close_position',
      scope: 'trade',
      title: 'Close a position',
      description:
        'Gets out of one open position at market, named by position_id or by symbol, and says at what price, as far as it is known within two seconds: its protective orders are cancelled first and put back if the close fails.',
      input: z.strictObject({
        position_id: z.uuid().optional(),
        symbol: tickerInput.optional(),
        reason: reasonInput,
      }),
      annotations: { ...ACTS, idempotentHint: true },
      output: z.object({
        status: z.string(),
        position: shownPosition.optional(),
        ...secondDoorOutput.shape,
      }),
      only_lowers_risk: true,
      run: async ({ position_id, symbol: named, reason }, { by }) => {
        const { symbol, position_id: id } = await findOpen({ position_id, symbol: named });
        const body = { by, reason, request_id: randomUUID() };
        const done = await orSecondDoor(
          () => workflow.closePosition({ params: { position_id: id }, body }),
          () => trading.stop({ body: { act: 'close', symbol, ...body } }),
        );
        if ('second' in done) return tellStopped(done.second);
        const read = () => trading.showPosition({ params: { position_id: id } });
        let position = await read();
        for (let waited = 0; position.status === 'closing' && waited < WAIT_MS;) {
          await sleep(LOOK_EVERY_MS);
          waited += LOOK_EVERY_MS;
          position = await read();
        }
        return {
          text:
            position.status === 'closed'
              ? `Closed: ${symbol} at ${price(position.exit_price)}, realised ${gain(position.realized_pnl_usd)}.`
              : `Sent, not filled yet: ${symbol} is being closed at market. get_positions tells when it is.`,
          data: { status: position.status, position },
        };
      },
    }),
  ];
};
