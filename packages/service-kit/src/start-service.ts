import { isIP, type AddressInfo } from 'node:net';
import { services, type Api } from '@catalyst/contracts';
import type { z } from 'zod';
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
import { checkMode } from './check-mode.ts';
import { mailSettings, type DoorsConfig } from './doors/doors-environment.ts';
import { checkHealth, outcomeNotes } from './health.ts';
import { createApp } from './http/create-app.ts';
import { createKeyRing } from './http/keys.ts';
import { endServer, listen } from './http/listen.ts';
import { describeApi } from './http/openapi.ts';
import { createErrorHandler, serveApi } from './http/serve-api.ts';
import { serveStanding } from './http/serve-standing.ts';
import { createMetrics } from './metrics.ts';
import { openKit } from './open-kit.ts';
import type { Base, Running, ServiceSpec } from './service-spec.ts';

// an `import` of it also makes what it only promises, fetch and WebSocket among it: 13 MB and 30 ms of
// each process, and three of the nine need neither
const { createServer } = process.getBuiltinModule('node:http');

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

  const closers: (() => Promise<void>)[] = [];
  const closeAll = async () => {
    for (const close of closers)
      await close().catch((error: unknown) => log.warn('close_failed', { error }));
  };

  try {
    const { kit, database, journal, holder, bus, dependencies, answers } = await openKit(
      spec,
      config,
      { clock, log, metrics, closers, onLost: onLost ?? (() => void closeAll()) },
    );

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
    const answerFault = createErrorHandler(log);
    app.use((request, response, next) => {
      if (state.ready) return next();
      // no handler of faults stands behind this one before the service has begun
      const message = state.is_passive
        ? `${spec.name}: ${PASSIVE}`
        : `${spec.name} is still starting`;
      return answerFault(new AppError('NOT_READY', message), request, response, next);
    });

    const server = createServer(app);
    // longer than any pause of a replay, so that no caller meets a socket that was just closed
    server.keepAliveTimeout = 65_000;
    server.on('upgrade', (request, socket, head) => {
      const isTaken = state.ready && state.running?.upgrade?.(request, socket, head);
      if (!isTaken)
        socket.end(
          `HTTP/1.1 ${state.ready ? '404 Not Found' : '503 Service Unavailable'}\r\nconnection: close\r\n\r\n`,
        );
    });
    await listen(server, config.PORT, config.HOST);
    closers.unshift(() => endServer(server));

    const running = await spec.start(kit);
    state.running = running;
    const { drain, stop } = running;
    if (stop) closers.splice(1, 0, stop);
    if (drain) closers.unshift(drain);
    running.mount?.(app);
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
    app.use(answerFault);
    if (holder) {
      state.is_passive = true;
      await holder.acquire();
      state.is_passive = false;
    }
    await running.prepare?.();
    state.ready = true;
    starting.release();

    const { port } = server.address() as AddressInfo;
    const host = isIP(config.HOST) === 6 ? `[${config.HOST}]` : config.HOST;
    log.info('service_ready', { port, mode: config.TRADING_MODE });
    return { url: `http://${host}:${port}`, port, close: closeAll };
  } catch (error) {
    await closeAll();
    throw error;
  }
};
