import type { workflowApi } from '@catalyst/contracts';
import { stableId } from '@catalyst/domain';
import { AppError } from '@catalyst/service-kit';
import { riskStatus } from './desk-rows.ts';
import type { Answers } from './stand-in.ts';

/** What comes of acts on a position, on the state of trading and on its limits. */
export const createActsBehind = () => {
  let refusal: AppError | null = null;
  return {
    answers: {
      moveStop: ({ params, body }) => ({
        position_id: params.position_id,
        symbol: 'ACME',
        status: 'open',
        message: `the stop of ACME is moved to ${(body as { stop_price: string }).stop_price}`,
      }),
      placeExit: ({ params, body }) => ({
        position_id: params.position_id,
        symbol: 'ACME',
        status: 'open',
        message: `ACME leaves by ${(body as { exit: { kind: string } }).exit.kind}`,
      }),
      reducePosition: ({ params, body }) => ({
        position_id: params.position_id,
        symbol: 'ACME',
        status: 'open',
        message: `${(body as { qty: string }).qty} shares of ACME are being sold at market`,
      }),
      changeTradingState: ({ body }) => {
        const { act } = body as { act: 'pause' | 'halt' | 'flatten' };
        const states = { pause: 'reducing', halt: 'halted', flatten: 'flattening' };
        return { ...riskStatus, trading_state: states[act] };
      },
      cancelEntries: () => {
        if (refusal) throw refusal;
        return { canceled_orders: 2 };
      },
      closePosition: ({ params }) => ({
        position_id: params.position_id,
        symbol: 'ACME',
        status: 'closing',
        message: 'The legs are cancelled and the close is on its way.',
      }),
      updateRiskParameter: ({ params, body }) => {
        const { value } = body as { value: number };
        if (value > 10_000)
          throw new AppError(
            'INVALID_RISK_PARAMETER',
            `${params.name} must be at most 10000, was ${value}`,
          );
        const proposal_id = value > 2000 ? stableId('loosen', value) : null;
        return { version: 4, name: params.name, old_value: 2000, new_value: value, proposal_id };
      },
    } satisfies Answers<typeof workflowApi>,
    controls: {
      /** What workflow says to whoever cancels entries. */
      refuseCancels: (error: AppError) => {
        refusal = error;
      },
    },
  };
};
