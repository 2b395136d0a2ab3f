import type { Services } from '../services.ts';
import { createExecuteTrade } from './execute-trade.ts';
import { createPositionTools } from './position-tools.ts';
import { createReportTools } from './report-tools.ts';
import { createRiskTools } from './risk-tools.ts';
import { createScanTools } from './scan-tools.ts';
import { createSessionTools } from './session-tools.ts';
import type { Tool } from './tool.ts';

/** The ten tools, in the order in which a day needs them. */
export const createTools = (services: Services): Tool[] => [
  ...createSessionTools(services),
  ...createScanTools(services),
  createExecuteTrade(services),
  ...createPositionTools(services),
  ...createRiskTools(services),
  ...createReportTools(services),
];
