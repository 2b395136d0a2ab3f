import { createServer } from 'node:http';
import { isIP, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { services, type Api } from '@catalyst/contracts';
import type { z } from 'zod';
import { createAlerts } from './alerts/create-alerts.ts';
import { createTellDirectly } from './alerts/tell-directly.ts';
import {
  AppError,
  type Clock,
  ConfigError,
  createLineClock,
  createLog,
  createReplayClock,
  followParent,
  loadConfig,
  systemClock,
} from '@catalyst/runtime';
import {
  databaseEnvironment,
  dependencyEnvironment,
  serviceEnvironment,
} from './service-environment.ts';
import { createEventBus } from './bus/event-bus.ts';
import { checkMode } from './check-mode.ts';
import { mailSettings, type DoorsConfig } from './doors/doors-environment.ts';
import { openDoors } from './doors/open-doors.ts';
import { checkHealth, outcomeNotes } from './health.ts';
import { createApp } from './http/create-app.ts';
import { createClient } from './http/create-client.ts';
import { createKeyRing } from './http/keys.ts';
import { endServer, listen } from './http/listen.ts';
import { describeApi } from './http/openapi.ts';
import { createErrorHandler, serveApi } from './http/serve-api.ts';
import { serveStanding } from './http/serve-standing.ts';
import { createAnswerCount, watchOwnMinutes } from './judge/watch-own-minutes.ts';
import { createMetrics } from './metrics.ts';
import type { Base, Kit, Running, ServiceSpec } from './service-spec.ts';
import {
  createAudit,
  createJournalRow,
  storeJournalRows,
  type AuditEntry,
  type AuditRow,
} from './storage/audit.ts';
import { awaitDatabase } from './storage/await-database.ts';
import { createJournal } from './storage/journal.ts';
import { createDatabase } from './storage/database.ts';
import { createDeskHolder } from './storage/hold-desk.ts';
import { claimDesk, migrate } from './storage/migrate.ts';

export const VERSION = '6.0.0';

const PASSIVE =
  'passive: another process does this work at the desk; this one takes over where that ends';

export interface StartedService {
  url: string;
  port: number;
  /**
   * Ends its open streams, stops taking requests, finishes those at hand, publishes what is staged,
   * closes connections.
   */
  close(): Promise<void>;
}

/** Starts a service from an environment; resolves once it is ready. */
export const startService = async <const A extends Api, C extends z.ZodObject>(
  spec: ServiceSpec<A, C>,
  env: NodeJS.ProcessEnv,
  { onLost }: { onLost?: () => void } = {},
): Promise<StartedService> => {
  const entry = services[spec.name];
  const schema = serviceEnvironment
    .extend(entry.uses_database ? databaseEnvironment.shape : {})
    .extend(dependencyEnvironment(spec.name).shape)
    .extend(spec.config.shape);
  const config = loadConfig(schema, env) as unknown as Base &
    z.output<C> & { DATABASE_URL?: string } & Record<string, unknown>;
  const isReplay = config.TRADING_MODE === 'replay';
  const faults = [...checkMode(config), ...mailSettings(config as unknown as DoorsConfig).faults];
  if (faults.length > 0) throw new ConfigError(faults);

  const log = createLog(spec.name, config.LOG_LEVEL);
  const metrics = createMetrics(spec.name);
  const replay = isReplay ? createReplayClock(config.REPLAY_START_AT!) : null;
  const rehearsed = config.CLOCK_LINE ? createLineClock(config.CLOCK_LINE) : null;
  const clock: Clock = replay ?? rehearsed ?? systemClock;
  // no time is jumped over before the service is there
  const starting = clock.hold();
  if (rehearsed) followParent(rehearsed);

  const database = entry.uses_database
    ? createDatabase(config.DATABASE_URL!, {
        log,
        metrics,
        application_name: `catalyst-${spec.name}`,
      })
    : null;
  const closers: (() => Promise<void>)[] = [];
  if (database) closers.unshift(() => database.close());
  const closeAll = async () => {
    for (const close of closers)
      await close().catch((error: unknown) => log.warn('close_failed', { error }));
  };

  try {
    if (database) {
      const desk = {
        mode: config.TRADING_MODE,
        account: config.DESK_ACCOUNT,
        run_id: config.RUN_ID,
      };
      await awaitDatabase(async () => {
        const applied = await migrate(database, clock.latest());
        if (applied.length > 0) log.info('schema_migrated', { applied });
        await claimDesk(database, desk, clock.latest());
      });
    }
    const holder =
      database && spec.is_single
        ? createDeskHolder({
            url: config.DATABASE_URL!,
            service: spec.name,
            log,
            onLost: onLost ?? (() => void closeAll()),
          })
        : null;
    if (holder) closers.unshift(() => holder.close());
    const bus = createEventBus({
      service: spec.name,
      run_id: config.RUN_ID,
      redis_url: config.REDIS_URL,
      database,
      clock,
      log,
      metrics,
    });
    closers.unshift(() => bus.close());

    const dependencies = Object.fromEntries(
      entry.depends_on.map((name) => [name, String(config[`${name.toUpperCase()}_URL`])]),
    );
    const journal =
      database &&
      createJournal<AuditRow>({
        path: join(config.CATALYST_HOME, 'journal', spec.name, 'audit.jsonl'),
        take: (rows) => storeJournalRows(database, spec.name, rows),
        log,
      });
    const journalRow = createJournalRow(spec.name, clock);
    if (journal) closers.unshift(() => journal.close());
    const doors = openDoors(config, metrics);
    closers.unshift(async () => doors.close());
    const directly =
      database && !isReplay
        ? createTellDirectly({
            doors,
            database,
            journal_path: join(config.CATALYST_HOME, 'journal', spec.name, 'alerts.jsonl'),
            clock,
            log,
          })
        : null;
    if (directly) closers.unshift(directly.stop);
    const alerts =
      database && createAlerts({ service: spec.name, database, clock, bus, log, directly });
    const answers = createAnswerCount();
    if (alerts && !isReplay) {
      const { takePoolUse } = database;
      const own = watchOwnMinutes({ answers, takePoolUse, alerts, clock, log });
      closers.unshift(async () => own.stop());
    }
    const kit: Kit<C> = {
      config,
      log,
      metrics,
      clock,
      bus,
      audit: createAudit(spec.name, clock),
      epoch: () => holder?.epoch() ?? null,
      doors,
      get journal() {
        if (!journal) throw new Error(`${spec.name} has no database whose rows a journal awaits`);
        return {
          note: (entry: AuditEntry, once?: string) => journal.note(journalRow(entry, once)),
          settle: journal.settle,
        };
      },
      get database() {
        if (!database) throw new Error(`${spec.name} has no database`);
        return database;
      },
      get alerts() {
        if (!alerts) throw new Error(`${spec.name} has no database to keep alerts in`);
        return alerts;
      },
      client: (name, api, options = {}) => {
        const url = dependencies[name];
        if (!url)
          throw new Error(
            `${spec.name} may not call ${name}: the registry does not list it under depends_on`,
          );
        return createClient(api, {
          service: name,
          base_url: url,
          api_key: config.SERVICE_KEY,
          metrics,
          ...options,
        });
      },
    };

    const state: { ready: boolean; is_passive: boolean; running?: Running<A> } = {
      ready: false,
      is_passive: false,
    };
    const app = createApp();
    const notes = (): string[] => [
      ...(state.ready ? [] : [state.is_passive ? PASSIVE : 'starting']),
      ...outcomeNotes({ database, journal, bus, metrics }),
      ...(state.running?.notes?.() ?? []),
    ];
    metrics.gauge(
      'degraded_reasons',
      'Reasons why the service works with less than it should',
      () => notes().length,
    );
    const readHealth = () =>
      checkHealth({
        service: spec.name,
        version: VERSION,
        mode: config.TRADING_MODE,
        isDatabaseConnected: database ? () => database.isConnected() : null,
        isRedisConnected: () => bus.isConnected(),
        dependencies,
        remarks: () => state.running?.remarks?.() ?? [],
        latest: () => state.running?.latest?.() ?? {},
        failures: () => state.running?.failures?.() ?? [],
        notes,
      });
    serveStanding(app, {
      readHealth,
      isUp: async () => state.ready && (!database || (await database.isConnected())),
      metrics,
      describe: () => describeApi(spec.name, VERSION, spec.api),
    });
    app.use((_request, _response, next) => {
      if (!state.ready)
        throw new AppError(
          'NOT_READY',
          state.is_passive ? `${spec.name}: ${PASSIVE}` : `${spec.name} is still starting`,
        );
      next();
    });

    const server = createServer(app);
    // longer than any pause of a replay, so that no caller meets a socket that was just closed
    server.keepAliveTimeout = 65_000;
    await listen(server, config.PORT, config.HOST);
    closers.unshift(() => endServer(server));

    const running = await spec.start(kit);
    state.running = running;
    const { drain, stop } = running;
    if (stop) closers.splice(1, 0, stop);
    if (drain) closers.unshift(drain);
    running.mount?.(app);
    server.on('upgrade', (request, socket, head) => {
      const isTaken = state.ready && running.upgrade?.(request, socket, head);
      if (!isTaken)
        socket.end(
          `HTTP/1.1 ${state.ready ? '404 Not Found' : '503 Service Unavailable'}\r\nconnection: close\r\n\r\n`,
        );
    });
    app.use(
      serveApi(spec.name, spec.api, running.handlers, {
        findKey: createKeyRing(spec.name, config.SERVICE_KEY_HASHES),
        log,
        metrics,
        replay,
        hold: clock.hold,
        delay_max_ms: config.HANDLER_DELAY_MAX_MS,
        answers,
      }),
    );
    app.use((request) => {
      throw new AppError(
        'ROUTE_NOT_FOUND',
        `${spec.name} has no ${request.method} ${request.path}`,
      );
    });
    app.use(createErrorHandler(log));
    if (holder) {
      state.is_passive = true;
      await holder.acquire();
      state.is_passive = false;
    }
    await running.prepare?.();
    state.ready = true;
    starting();

    const { port } = server.address() as AddressInfo;
    const host = isIP(config.HOST) === 6 ? `[${config.HOST}]` : config.HOST;
    log.info('service_ready', { port, mode: config.TRADING_MODE });
    return { url: `http://${host}:${port}`, port, close: closeAll };
  } catch (error) {
    await closeAll();
    throw error;
  }
};
