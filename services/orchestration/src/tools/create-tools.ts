import { createConfirmTrade } from '../flows/confirm-trade.ts';
import type { KeepStanding } from '../flows/keep-standing.ts';
import { createReadPerformance } from '../flows/read-performance.ts';
import { createReadPicture } from '../flows/read-picture.ts';
import type { ReadHealth } from '../flows/read-health.ts';
import { createWaitForAct } from '../flows/wait-for-act.ts';
import type { Services } from '../services.ts';
import { createDeskReads } from './desk-reads.ts';
import { createHealthTool } from './health-tool.ts';
import { createPositionReads } from './position-reads.ts';
import { createPositionTools } from './position-tools.ts';
import { createProposalTools } from './proposal-tools.ts';
import { createReportTools } from './report-tools.ts';
import { createRiskTools } from './risk-tools.ts';
import { createScanTools } from './scan-tools.ts';
import { createSessionTools } from './session-tools.ts';
import { createStopTools } from './stop-tools.ts';
import type { Tool } from './tool.ts';
import { createTradeTools } from './trade-tools.ts';
import { createWatchTools } from './watch-tools.ts';

/** The tools, reads first; each list in the order in which a day needs them. */
export const createTools = (
  services: Services,
  standing: Pick<KeepStanding, 'read'>,
  sleep: (ms: number) => Promise<void>,
  readHealth: ReadHealth,
  failedLater: (error: unknown) => void,
  isReplay = false,
): Tool[] => {
  // what a busy machine takes decides nothing in a replay, whose time stands still
  const patience_ms = isReplay ? 30_000 : undefined;
  const waitForAct = createWaitForAct(failedLater);
  const confirmTrade = createConfirmTrade({ ...services, sleep });
  return [
    ...createDeskReads(services),
    ...createPositionReads(services, createReadPicture(services)),
    ...createScanTools(services),
    ...createReportTools(services, createReadPerformance(services, standing)),
    ...createRiskTools(services),
    ...createProposalTools(services, confirmTrade),
    ...createTradeTools(services, confirmTrade),
    ...createPositionTools({ ...services, sleep, waitForAct, patience_ms }),
    ...createStopTools({ ...services, waitForAct, patience_ms }),
    ...createSessionTools({ ...services, waitForAct }),
    ...createWatchTools(services),
    createHealthTool(readHealth),
  ];
};
