import type { riskApi, TradingState } from '@catalyst/contracts';
import type { Handlers } from '@catalyst/service-kit';
import type { createCheckLimits } from './flows/check-limits.ts';
import type { createChangeTradingState } from './flows/change-trading-state.ts';
import { PARAMETER_RANGES } from './domain/parameter-ranges.ts';
import type { ReadStatus } from './flows/read-status.ts';
import type { createReviewOrder } from './flows/review-order.ts';
import type { createSizePosition } from './flows/size-position.ts';
import type { keepParameters } from './flows/keep-parameters.ts';

interface Deps extends ReturnType<typeof createReviewOrder> {
  sizePosition: ReturnType<typeof createSizePosition>;
  checkLimits: ReturnType<typeof createCheckLimits>;
  readStatus: ReadStatus;
  readState: () => Promise<{ state: TradingState; reason: string }>;
  changeTradingState: ReturnType<typeof createChangeTradingState>;
  kept: Awaited<ReturnType<typeof keepParameters>>;
}

export const createRoutes = ({
  reviewOrder,
  previewOrder,
  sizePosition,
  checkLimits,
  readStatus,
  readState,
  changeTradingState,
  kept,
}: Deps): Handlers<typeof riskApi> => ({
  checkOrder: ({ body }) => reviewOrder(body),
  previewOrder: ({ body }) => previewOrder(body),
  sizePosition: ({ body }) => sizePosition(body),
  checkLimits: ({ body }) => checkLimits(body.cycle_id),
  showStatus: () => readStatus(),
  arm: async ({ body: { by, reason }, caller }) => {
    await changeTradingState('arm', { actor: caller, on_behalf_of: by }, reason);
    return readStatus();
  },
  changeTradingState: async ({ body: { act, by, reason }, caller }) => {
    const lifted = await changeTradingState(act, { actor: caller, on_behalf_of: by }, reason);
    return { ...(await readStatus()), lifted };
  },
  showTradingState: () => readState(),
  showParameters: async () => ({
    version: kept.version(),
    parameters: kept.parameters(),
    ranges: PARAMETER_RANGES,
    warnings: await kept.warnings(),
  }),
  showLimits: async () => {
    const status = await readStatus();
    return {
      status,
      limits: {
        version: kept.version(),
        parameters: kept.parameters(),
        ranges: PARAMETER_RANGES,
        warnings: kept.warningsAt(status.equity_usd),
      },
    };
  },
  updateParameter: ({ params, body }) =>
    kept.updateParameter(params.name, body.value, body.by, body.reason),
});
