import { userInfo } from 'node:os';
import {
  newsApi,
  patternApi,
  reportingApi,
  riskApi,
  scannerApi,
  technicalApi,
  tradingApi,
  serviceNames,
  workflowApi,
  type Api,
  type CycleProgress,
  type ServiceName,
} from '@catalyst/contracts';
import { homeFolder, readRunFile, type RunFile } from '@catalyst/platform';
import { AppError, createClient, type Client } from '@catalyst/service-kit/calls';
import { UnhealthyError } from './exit-codes.ts';
import { plainText, plainValues } from './plain-values.ts';
import { namedServer } from './server-connection.ts';
import { typed } from './typed.ts';

/** A replay step may conduct many minutes of the day before it answers. */
const timeout_ms = 180_000;

/** A client whose answers, and faults, may be shown. */
const plainClient = <const A extends Api>(
  api: A,
  options: Parameters<typeof createClient>[1],
): Client<A> => {
  const client = createClient(api, options);
  const plain = async (call: () => Promise<unknown>): Promise<unknown> => {
    try {
      return plainValues(await call());
    } catch (error) {
      if (error instanceof AppError) error.message = plainText(error.message);
      throw error;
    }
  };
  return Object.fromEntries(
    Object.keys(api).map((name) => [
      name,
      (input: never) => plain(() => client[name as keyof A](input)),
    ]),
  ) as unknown as Client<A>;
};

/** How long an answer is waited for, and how long an absence. */
interface Patience {
  timeout_ms: number;
  retry_for_ms?: number;
}

/** Typed clients of the services that the command asks, with the operator's key. */
export const connectDesk = (
  urls: Record<ServiceName, string>,
  api_key: string,
  patience: Patience = { timeout_ms },
) => {
  const to = (service: ServiceName) => ({
    service,
    base_url: urls[service],
    api_key,
    ...patience,
  });
  return {
    workflow: plainClient(workflowApi, to('workflow')),
    risk: plainClient(riskApi, to('risk')),
    trading: plainClient(tradingApi, to('trading')),
    reporting: plainClient(reportingApi, to('reporting')),
    scanner: plainClient(scannerApi, to('scanner')),
    news: plainClient(newsApi, to('news')),
    technical: plainClient(technicalApi, to('technical')),
    pattern: plainClient(patternApi, to('pattern')),
  };
};
export type DeskClients = ReturnType<typeof connectDesk>;

/** The desk that `up` started, or an UnhealthyError that says how to start one. */
export const runningDesk = (patience?: Patience): { run: RunFile; clients: DeskClients } => {
  const run = readRunFile(homeFolder());
  if (run === undefined)
    throw new UnhealthyError(`no desk is running; start one with: ${typed('up --embedded')}`);
  if (run.state !== 'ready' || run.urls === null || run.cli_key === null)
    throw new UnhealthyError('the desk is still starting; try again in a moment');
  const urls = run.urls as Record<ServiceName, string>;
  return { run, clients: connectDesk(urls, run.cli_key, patience) };
};

/** A desk that answers: on the server that CATALYST_URL names, else on this machine. */
export interface ReachedDesk {
  clients: DeskClients;
  /** Null for a desk on a server. */
  run: RunFile | null;
}

/** @throws UnhealthyError where none runs here; ConfigError where the server is not named in full */
export const reachDesk = (patience?: Patience): ReachedDesk => {
  const server = namedServer();
  if (server === undefined) return runningDesk(patience);
  // Nginx knows from the path which service is meant
  const urls = Object.fromEntries(serviceNames.map((name) => [name, server.url]));
  return {
    clients: connectDesk(urls as Record<ServiceName, string>, server.key, patience),
    run: null,
  };
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

/** The name beside the key, for the audit. */
export const operatorName = (): string => {
  try {
    return userInfo().username;
  } catch {
    return 'the operator'; // a user without an entry in the system's list
  }
};
