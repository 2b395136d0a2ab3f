import { randomUUID } from 'node:crypto';
import { AppError, orSecondDoor } from '@catalyst/service-kit';
import { z } from 'zod';
import type { Services } from '../services.ts';
import { secondDoorOutput, tellStopped } from './stop-tools.ts';
import { ACTS, defineTool, reasonInput, tickerInput } from './tool.ts';

export const createPositionTools = ({
  workflow,
  trading,
}: Pick<Services, 'workflow' | 'trading'>) => [
  defineTool({
    name: 'close_position',
    scope: 'trade',
    title: 'Close a position',
    description:
      'Closes one open position at market, named by position_id or by symbol: its protective orders are cancelled first and put back if the close fails.',
    input: z.strictObject({
      position_id: z.uuid().optional(),
      symbol: tickerInput.optional(),
      reason: reasonInput,
    }),
    annotations: { ...ACTS, idempotentHint: true },
    output: z.object({
      status: z.string(),
      position_id: z.string().optional(),
      symbol: z.string().optional(),
      ...secondDoorOutput.shape,
    }),
    only_lowers_risk: true,
    run: async ({ position_id, symbol, reason }, { by }) => {
      if ((position_id === undefined) === (symbol === undefined))
        throw new AppError(
          'INVALID_REQUEST',
          'name the position either by position_id or by symbol',
        );
      const held = (await trading.listPositions({ query: { status: 'open' } })).positions.find(
        (position) => position.symbol === symbol || position.position_id === position_id,
      );
      const id = position_id ?? held?.position_id;
      if (!id)
        throw new AppError('POSITION_NOT_OPEN', `there is no open position in ${symbol}`, {
          symbol,
        });
      const body = { by, reason, request_id: randomUUID() };
      const close = () => workflow.closePosition({ params: { position_id: id }, body });
      const done = held
        ? await orSecondDoor(close, () =>
            trading.stop({ body: { act: 'close', symbol: held.symbol, ...body } }),
          )
        : { first: await close() };
      if ('second' in done) return tellStopped(done.second);
      const closing = done.first;
      return {
        text: `${closing.symbol}: ${closing.status}. ${closing.message}`,
        data: { ...closing },
      };
    },
  }),
];
