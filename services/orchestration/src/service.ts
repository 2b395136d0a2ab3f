import { join } from 'node:path';
import { orchestrationApi, services as registry } from '@catalyst/contracts';
import { ConfigError, type Kit, type ServiceSpec } from '@catalyst/service-kit';
import { orchestrationConfig } from './config.ts';
import { createAdmitHolder } from './flows/admit-holder.ts';
import { createCallTool } from './flows/call-tool.ts';
import { createKeepStanding } from './flows/keep-standing.ts';
import { createMakeAnswers } from './flows/make-answers.ts';
import { createReadHealth } from './flows/read-health.ts';
import { createReadResource } from './flows/read-resource.ts';
import { createRecordCalls } from './flows/record-calls.ts';
import { createShareReads } from './flows/share-reads.ts';
import { listenToEvents } from './listeners.ts';
import { createDeskOffer } from './mcp/desk-offer.ts';
import { openDoor } from './mcp/open-door.ts';
import type { DocumentNetwork } from './oauth/fetch-document.ts';
import { createCompletions } from './prompts/completions.ts';
import { deskPrompts } from './prompts/desk-prompts.ts';
import { createResources } from './resources.ts';
import { connectServices } from './services.ts';
import { createSignals } from './signals.ts';
import { createTools } from './tools/create-tools.ts';
import { views } from './tools/views.ts';

/**
 * Whether the desk lets clients in by OAuth, and with what. Only then is its authorization server
 * loaded, which is a quarter of all modules. @throws ConfigError
 */
const planOauth = async (
  { PUBLIC_URL, DOOR_SECRET, TRADING_MODE, CLOCK_LINE }: Kit<typeof orchestrationConfig>['config'],
  network: DocumentNetwork,
) => {
  if (PUBLIC_URL === undefined) return null;
  if (TRADING_MODE === 'replay' || CLOCK_LINE)
    throw new ConfigError([
      'PUBLIC_URL is for desks that trade: a replay or rehearsal has another time than the codes and tokens, so leave it unset',
    ]);
  if (DOOR_SECRET === undefined)
    throw new ConfigError([
      'DOOR_SECRET is not set: with PUBLIC_URL the desk needs a secret of 32 random characters or more, the same at orchestration and workflow',
    ]);
  const { openOauth, resourceOf } = await import('./oauth/open-oauth.ts');
  const options = { public_url: PUBLIC_URL, secret: DOOR_SECRET, network };
  return { options, open: openOauth, resource: resourceOf(PUBLIC_URL) };
};

/** The service; tests give it a network in which clients publish their documents on this machine. */
export const createOrchestrationService = (
  network: DocumentNetwork = { allow_private: false },
): ServiceSpec<typeof orchestrationApi, typeof orchestrationConfig> => ({
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
    const addresses = config as unknown as Record<string, string>;
    const readHealth = createReadHealth(
      Object.fromEntries(
        registry.orchestration.depends_on.map((name) => [
          name,
          addresses[`${name.toUpperCase()}_URL`]!,
        ]),
      ),
    );
    const reads = createShareReads();
    const standing = createKeepStanding({
      workflow: services.workflow,
      reads,
      redis: bus.connect('fails'),
      run_id: config.RUN_ID,
      home: config.CATALYST_HOME,
      now,
    });
    const tools = createTools(
      services,
      standing,
      clock.sleep,
      readHealth,
      (error) => log.error('act_failed_behind_its_answer', { error }),
      mode === 'replay',
    );
    const resources = createResources(tools);
    const makeAnswers = createMakeAnswers({ standing, mode, log });
    const recordCalls = createRecordCalls({
      workflow: services.workflow,
      journal_path: join(config.CATALYST_HOME, 'journal', 'orchestration', 'calls.jsonl'),
      now,
      log,
    });
    const offer = createDeskOffer({
      mode,
      tools: tools.filter(({ is_extra }) => !is_extra || config.MCP_TOOLS === 'all'),
      resources,
      views,
      prompts: deskPrompts,
      completions: createCompletions(services),
      callTool: createCallTool({ tools, reads, recordCalls, makeAnswers, log }),
      readResource: createReadResource({ resources, makeAnswers, log }),
    });
    const oauth = await planOauth(config, network);
    const admitHolder = createAdmitHolder({
      workflow: services.keys,
      log,
      resource: oauth?.resource,
    });
    const allowed_hosts = [
      ...config.MCP_ALLOWED_HOSTS,
      ...(oauth ? [new URL(oauth.options.public_url).hostname] : []),
    ];
    const door = openDoor({
      offer,
      admitHolder,
      lookAhead: standing.look,
      redis_url: config.REDIS_URL,
      run_id: config.RUN_ID,
      allowed_hosts,
      per_minute: config.MCP_REQUESTS_PER_MINUTE,
      log,
      oauth:
        oauth &&
        ((redis) =>
          oauth.open({
            ...oauth.options,
            workflow: services.door,
            mode,
            clock,
            log,
            redis,
            run_id: config.RUN_ID,
            allowed_hosts,
          })),
    });
    await listenToEvents({
      bus,
      door,
      admitHolder,
      seen: (at) => {
        reads.askAnew();
        if (at > lastSeen) lastSeen = at;
      },
    });
    const signals = await createSignals(kit, services, readHealth, now);
    return {
      handlers: {},
      mount: (app) => {
        door.mount(app);
        signals.mount(app);
      },
      upgrade: signals.upgrade,
      notes: () => [...[recordCalls.trouble()].filter((note) => note !== null), ...signals.notes()],
      // a client's stream stays open as long as we let it: end it first, or the server waits for it
      // in vain
      drain: async () => {
        door.drain();
        await signals.drain();
      },
      stop: async () => {
        door.close();
        await signals.stop();
        await recordCalls.stop();
      },
    };
  },
});

export const orchestrationService = createOrchestrationService();
