import { join } from 'node:path';
import { orchestrationApi } from '@catalyst/contracts';
import type { ServiceSpec } from '@catalyst/service-kit';
import { orchestrationConfig } from './config.ts';
import { createAdmitHolder } from './flows/admit-holder.ts';
import { createCallTool } from './flows/call-tool.ts';
import { createMakeAnswers } from './flows/make-answers.ts';
import { createReadResource } from './flows/read-resource.ts';
import { createRecordCalls } from './flows/record-calls.ts';
import { listenToEvents } from './listeners.ts';
import { createMcpServers } from './mcp-server.ts';
import { createResources } from './resources.ts';
import { mountMcp } from './routes.ts';
import { connectServices } from './services.ts';
import { createSessions } from './sessions.ts';
import { createTools } from './tools/create-tools.ts';

export const orchestrationService: ServiceSpec<
  typeof orchestrationApi,
  typeof orchestrationConfig
> = {
  name: 'orchestration',
  api: orchestrationApi,
  config: orchestrationConfig,
  start: async (kit) => {
    const { config, log, clock, bus } = kit;
    const mode = config.TRADING_MODE;
    // no step reaches this service: in a replay it is as late as the last event that it saw
    let lastSeen = clock.latest();
    const now = () => (mode === 'replay' ? lastSeen : clock.latest());
    const services = connectServices(kit);
    const tools = createTools(services, clock.sleep);
    const resources = createResources(tools);
    const makeAnswers = createMakeAnswers({ workflow: services.workflow, mode, log });
    const recordCalls = createRecordCalls({
      workflow: services.workflow,
      journal_path: join(config.CATALYST_HOME, 'journal', 'orchestration', 'calls.jsonl'),
      now,
      log,
    });
    const createServer = createMcpServers({
      mode,
      tools,
      resources,
      callTool: createCallTool({ tools, recordCalls, makeAnswers, log }),
      readResource: createReadResource({ resources, makeAnswers, log }),
    });
    const sessions = createSessions({ createServer, log });
    const admitHolder = createAdmitHolder({ workflow: services.keys, log });
    await listenToEvents({
      bus,
      sessions,
      admitHolder,
      seen: (at) => {
        if (at > lastSeen) lastSeen = at;
      },
    });
    return {
      handlers: {},
      mount: mountMcp({ admitHolder, sessions, createServer, log }),
      notes: () => [recordCalls.trouble()].filter((note) => note !== null),
      // a client's stream stays open as long as we let it: end it first, or the server waits for it
      // in vain
      drain: async () => sessions.stop(),
      stop: () => recordCalls.stop(),
    };
  },
};
