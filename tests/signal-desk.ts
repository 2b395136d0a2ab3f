import { randomBytes, randomUUID } from 'node:crypto';
import { readInvitation, signalsApi, writeInvitation, type workflowApi } from '@catalyst/contracts';
import { sharedRedis } from '@catalyst/platform';
import { sha256 } from '@catalyst/service-kit';
import {
  createTestDatabase,
  createTestKeys,
  startTestService,
  type TestDatabase,
  type TestService,
} from '@catalyst/testkit';
import { orchestrationService } from '../services/orchestration/src/service.ts';
import { workflowService } from '../services/workflow/src/service.ts';
import { startFixtureExchange } from '../services/workflow/tests/fixture-fleet/fixture-exchange.ts';
import { startCopyProcess, type Copy } from './signal-copy.ts';
import { AT, openSignalLog } from './signal-log.ts';
import { randomAddress } from './signal-socket.ts';

/** Workflow and copies of orchestration over one database, with a log that a test writes. */
export const startSignalDesk = async ({
  copies = 1,
  redis_url,
  as_processes = false,
}: {
  copies?: number;
  redis_url?: string;
  /** Copies that can be killed. */
  as_processes?: boolean;
} = {}) => {
  const database: TestDatabase = await createTestDatabase();
  const exchange = await startFixtureExchange(AT);
  const keys = createTestKeys();
  const run_id = `signals-${randomUUID().slice(0, 8)}`;
  const env = { RUN_ID: run_id, REDIS_URL: redis_url ?? (await sharedRedis()).url };
  const startWorkflow = (): Promise<TestService<typeof workflowApi>> =>
    startTestService(workflowService, {
      database_url: database.url,
      keys,
      replay_start_at: AT,
      env: { ...env, SIMULATOR_URL: exchange.url },
    });
  const workflow = await startWorkflow();
  const startCopy = (): Promise<Copy> =>
    as_processes
      ? startCopyProcess({ ...env, WORKFLOW_URL: workflow.url }, keys)
      : startTestService(orchestrationService, {
          keys,
          replay_start_at: AT,
          env: { ...env, WORKFLOW_URL: workflow.url },
        });
  const running: Copy[] = [];
  for (let index = 0; index < copies; index += 1) running.push(await startCopy());

  const { database: db } = database;
  const signals = await openSignalLog(db);
  const desk = workflow.client('cli');
  const invite = async (name: string, scope: 'read' | 'trade' = 'trade'): Promise<string> => {
    const code = randomBytes(16).toString('hex');
    await desk.inviteClient({ body: { name, scope, code_sha256: sha256(code), by: 'ann' } });
    return writeInvitation({ address: running[0]!.url, code, pin: null });
  };
  const join = async (invitation: string, nonce = randomBytes(16).toString('hex')) => {
    const { address, code } = readInvitation(invitation);
    const response = await fetch(`${address}${signalsApi.join.path}`, {
      method: 'POST',
      // each friend comes from a place of its own
      headers: { 'content-type': 'application/json', 'x-real-ip': randomAddress() },
      body: JSON.stringify({ code, nonce }),
    });
    return {
      status: response.status,
      body: (await response.json()) as { client_id: string; key: string },
    };
  };
  return {
    database: db,
    desk,
    keys,
    copies: running,
    startCopy,
    ...signals,
    invite,
    join,
    /** A client's id and key. */
    newClient: async (name: string, scope: 'read' | 'trade' = 'trade') =>
      (await join(await invite(name, scope))).body,
    close: async () => {
      for (const copy of running) await copy.close();
      await workflow.close();
      await exchange.close();
      await database.drop();
    },
  };
};
export type SignalDesk = Awaited<ReturnType<typeof startSignalDesk>>;
