import { userInfo } from 'node:os';
import {
  newsApi,
  patternApi,
  reportingApi,
  riskApi,
  scannerApi,
  technicalApi,
  tradingApi,
  workflowApi,
  type CycleProgress,
  type ServiceName,
} from '@catalyst/contracts';
import { homeFolder, readRunFile, type RunFile } from '@catalyst/platform';
import { AppError, createClient } from '@catalyst/service-kit';
import { UnhealthyError } from './exit-codes.ts';
import { typed } from './typed.ts';

/** A replay step may conduct many minutes of the day before it answers. */
const timeout_ms = 180_000;

/** Typed clients of the services that the command asks, with the operator's key. */
export const connectDesk = (urls: Record<ServiceName, string>, api_key: string) => {
  const to = (service: ServiceName) => ({ service, base_url: urls[service], api_key, timeout_ms });
  return {
    workflow: createClient(workflowApi, to('workflow')),
    risk: createClient(riskApi, to('risk')),
    trading: createClient(tradingApi, to('trading')),
    reporting: createClient(reportingApi, to('reporting')),
    scanner: createClient(scannerApi, to('scanner')),
    news: createClient(newsApi, to('news')),
    technical: createClient(technicalApi, to('technical')),
    pattern: createClient(patternApi, to('pattern')),
  };
};
export type DeskClients = ReturnType<typeof connectDesk>;

/** The desk that `up` started, or an UnhealthyError that says how to start one. */
export const runningDesk = (): { run: RunFile; clients: DeskClients } => {
  const run = readRunFile(homeFolder());
  if (run === undefined)
    throw new UnhealthyError(`no desk is running; start one with: ${typed('up --embedded')}`);
  if (run.state !== 'ready' || run.urls === null || run.cli_key === null)
    throw new UnhealthyError('the desk is still starting; try again in a moment');
  return { run, clients: connectDesk(run.urls as Record<ServiceName, string>, run.cli_key) };
};

/** How the latest day goes, or went; null where none was opened yet. */
export const findCurrentCycle = async ({
  workflow,
}: DeskClients): Promise<CycleProgress | null> => {
  try {
    return await workflow.showCurrentCycle();
  } catch (error) {
    if (error instanceof AppError && error.code === 'NOT_FOUND') return null;
    throw error;
  }
};

/** The same where there has to be one: an AppError says how to open it. */
export const currentCycle = async (clients: DeskClients): Promise<CycleProgress> => {
  const found = await findCurrentCycle(clients);
  if (found) return found;
  throw new AppError(
    'NOT_FOUND',
    `no cycle was opened yet; open one with: ${typed('cycle start')}`,
  );
};

/** Who acts, for the audit. */
export const operatorName = (): string => {
  try {
    return `cli:${userInfo().username}`;
  } catch {
    return 'cli'; // a user without an entry in the system's list
  }
};
