import {
  reportingApi,
  riskApi,
  scannerApi,
  technicalApi,
  tradingApi,
  workflowApi,
} from '@catalyst/contracts';
import type { Kit } from '@catalyst/service-kit';
import type { z } from 'zod';

/** Acts wait for the broker: closing a day takes longer than any read. */
const ACT_TIMEOUT_MS = 120_000;
const READ = { timeout_ms: 15_000, retry_for_ms: 4000 } as const;

/** The services behind the door: acts go to workflow, reads to their owners. */
export const connectServices = <C extends z.ZodObject>(kit: Kit<C>) => ({
  workflow: kit.client('workflow', workflowApi, { timeout_ms: ACT_TIMEOUT_MS, retry_for_ms: 4000 }),
  /** Who holds a key: a short question before each call, which waits for no restart. */
  keys: kit.client('workflow', workflowApi, { timeout_ms: 1000, retry_for_ms: 500 }),
  /** Friends' clients: what is asked for each that connects, by whom many may at once. */
  clients: kit.client('workflow', workflowApi, { timeout_ms: 5000, retry_for_ms: 2000 }),
  /** Passwords are slow to check, and a code that was taken is not taken again: no hurry. */
  door: kit.client('workflow', workflowApi, { timeout_ms: 15_000, retry_for_ms: 2000 }),
  scanner: kit.client('scanner', scannerApi, READ),
  trading: kit.client('trading', tradingApi, READ),
  risk: kit.client('risk', riskApi, READ),
  technical: kit.client('technical', technicalApi, READ),
  reporting: kit.client('reporting', reportingApi, READ),
});
export type Services = ReturnType<typeof connectServices>;
