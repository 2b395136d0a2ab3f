import type { RiskStatus, riskApi } from '@catalyst/contracts';
import type { Handlers } from '@catalyst/service-kit';
import type { Act } from './flows/change-trading-state.ts';
import type { ReadStatus } from './flows/read-status.ts';
import type { createReviewOrder } from './flows/review-order.ts';
import type { keepParameters } from './flows/keep-parameters.ts';

interface Deps extends ReturnType<typeof createReviewOrder> {
  checkLimits: (cycleId: string) => Promise<{ status: RiskStatus; flatten: boolean }>;
  readStatus: ReadStatus;
  changeTradingState: (act: Act, by: string, reason: string) => Promise<void>;
  kept: Awaited<ReturnType<typeof keepParameters>>;
}

export const createRoutes = ({
  reviewOrder,
  previewOrder,
  checkLimits,
  readStatus,
  changeTradingState,
  kept,
}: Deps): Handlers<typeof riskApi> => ({
  checkOrder: ({ body }) => reviewOrder(body),
  previewOrder: ({ body }) => previewOrder(body),
  checkLimits: ({ body }) => checkLimits(body.cycle_id),
  showStatus: () => readStatus(),
  arm: async ({ body }) => {
    await changeTradingState('arm', body.by, body.reason);
    return readStatus();
  },
  changeTradingState: async ({ body }) => {
    await changeTradingState(body.act, body.by, body.reason);
    return readStatus();
  },
  showParameters: () => ({ version: kept.version(), parameters: kept.parameters() }),
  updateParameter: ({ params, body }) =>
    kept.updateParameter(params.name, body.value, body.by, body.reason),
});
