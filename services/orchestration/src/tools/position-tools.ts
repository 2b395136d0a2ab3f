import { randomUUID } from 'node:crypto';
import { AppError } from '@catalyst/service-kit';
import { z } from 'zod';
import type { Services } from '../services.ts';
import { ACTS, defineTool, reasonInput, tickerInput } from './tool.ts';

export const createPositionTools = ({
  workflow,
  trading,
}: Pick<Services, 'workflow' | 'trading'>) => [
  defineTool({
    name: 'close_position',
    title: 'Close a position',
    description:
      'Closes one open position at market, named by position_id or by symbol: its protective orders are cancelled first and put back if the close fails.',
    input: z.strictObject({
      position_id: z.uuid().optional(),
      symbol: tickerInput.optional(),
      reason: reasonInput,
    }),
    annotations: { ...ACTS, idempotentHint: true },
    only_lowers_risk: true,
    run: async ({ position_id, symbol, reason }, { by }) => {
      if ((position_id === undefined) === (symbol === undefined))
        throw new AppError(
          'INVALID_REQUEST',
          'name the position either by position_id or by symbol',
        );
      const id =
        position_id ??
        (await trading.listPositions({ query: { status: 'open' } })).positions.find(
          (position) => position.symbol === symbol,
        )?.position_id;
      if (!id)
        throw new AppError('POSITION_NOT_OPEN', `there is no open position in ${symbol}`, {
          symbol,
        });
      const closing = await workflow.closePosition({
        params: { position_id: id },
        body: { by, reason, request_id: randomUUID() },
      });
      return {
        text: `${closing.symbol}: ${closing.status}. ${closing.message}`,
        data: { ...closing },
      };
    },
  }),
];
