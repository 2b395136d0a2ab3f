import { createConfirmTrade } from '../flows/confirm-trade.ts';
import { createReadPerformance } from '../flows/read-performance.ts';
import { createResources } from '../resources.ts';
import type { Services } from '../services.ts';
import { createDeskTools } from './desk-tools.ts';
import { createExecuteTrade } from './execute-trade.ts';
import { createHaltTrading } from './halt-trading.ts';
import { createPositionTools } from './position-tools.ts';
import { createProposalTools } from './proposal-tools.ts';
import { createReportTools } from './report-tools.ts';
import { createRiskTools } from './risk-tools.ts';
import { createScanTools } from './scan-tools.ts';
import { createSessionTools } from './session-tools.ts';
import type { Tool } from './tool.ts';

/** The tools, in the order in which a day needs them. */
export const createTools = (services: Services, sleep: (ms: number) => Promise<void>): Tool[] => {
  const confirmTrade = createConfirmTrade({ ...services, sleep });
  return [
    ...createSessionTools(services),
    createHaltTrading(services),
    ...createDeskTools(createResources(services)),
    ...createScanTools(services),
    ...createProposalTools(services, confirmTrade),
    createExecuteTrade(services, confirmTrade),
    ...createPositionTools(services),
    ...createRiskTools(services),
    ...createReportTools(services, createReadPerformance(services)),
  ];
};
