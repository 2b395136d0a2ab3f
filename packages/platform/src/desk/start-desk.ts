import { join } from 'node:path';
import { services, type ServiceName } from '@catalyst/contracts';
import { messageOf } from '@catalyst/runtime';
import { connectDatabase, databaseUrl } from '../databases/admin-client.ts';
import { DESK_DATABASE } from './open-kept-database.ts';
import { createReplayDatabase } from '../databases/replay-database.ts';
import { ensureSchemaTemplate } from '../databases/schema-template.ts';
import type { TradingMode } from '../fleet/service-environment.ts';
import { hashKey } from '../fleet/service-keys.ts';
import { startFleet, type FleetOptions, type RunningFleet } from '../fleet/start-fleet.ts';
import { startSimulator, type RunningSimulator } from '../fleet/start-simulator.ts';
import { findShortage, makeFolder } from '../free-space.ts';
import { PlatformError } from '../platform-error.ts';
import type { ProcessEvent } from '../processes/process-event.ts';
import { providePostgres, provideRedis, type ProvidedPart } from '../provide-parts.ts';
import { prepareServiceHome } from './home-folder.ts';
import type { Timekeeper } from '../rehearsal/timekeeper.ts';
import {
  createMcpKey,
  keepDoorSecret,
  keepMcpKey,
  keepMcpPort,
  mcp_key_holder,
} from './mcp-key.ts';
import { createRunFolder, createRunId } from './run-folders.ts';
import { writeSectors } from './write-sectors.ts';

export type DeskOptions = {
  /** CATALYST_HOME of the command: the parts' data and the folders of the runs. */
  home: string;
  mode: Exclude<TradingMode, 'live'>;
  /** Replay and rehearsal: the folder of the recorded day. */
  day_dir?: string;
  /**
   * Paper: rehearses the day of `day_dir` with the simulator as broker, in this time, instead of
   * trading at Alpaca.
   */
  timekeeper?: Timekeeper;
  /** Where DATABASE_URL, REDIS_URL and, for paper, the vendors' keys and PUBLIC_URL are looked up. */
  env?: NodeJS.ProcessEnv;
  /** Binds the ports of the registry (5000 …) instead of free ones. */
  fixed_ports?: boolean;
  services?: readonly ServiceName[];
  /** Replay and rehearsal: leaves its database to be read, until the next replay of this home. */
  keep_database?: boolean;
  /** More options of the simulator. */
  simulator_args?: readonly string[];
  log_level?: string;
  /** More variables for every service. */
  service_env?: Record<string, string>;
  /** What runs each service; otherwise a process of its own. */
  run?: FleetOptions['run'];
  /**
   * Runs when the exchange answers and before the services start: may change their home and put
   * something between them and their vendors, which `stop` ends.
   */
  before_fleet?: (begun: {
    home: string;
    simulator: RunningSimulator | undefined;
  }) => Promise<{ env: Record<string, string>; stop: () => Promise<void> }>;
  /** Gives up between two steps of the start and undoes them. */
  signal?: AbortSignal;
  on_progress?: (line: string) => void;
  on_event?: (event: ProcessEvent) => void;
};

export type RunningDesk = {
  run_id: string;
  mode: TradingMode;
  /** CATALYST_HOME of the services. */
  home: string;
  mail_dir: string;
  database_url: string;
  redis_url: string;
  /**
   * What Claude shows at the MCP address; kept in the home from one start to the next, but for a
   * rehearsal's, which ends with it.
   */
  mcp_key: string;
  fleet: RunningFleet;
  simulator: RunningSimulator | undefined;
  stop: () => Promise<void>;
};

/** Variables by which a paper desk reaches its vendors. */
const vendor_variable =
  /^(DESK_ACCOUNT|SESSION_MODE|UNIVERSE_SIZE|ALPACA_|APCA_|SMTP_|MAIL_|ALERT_|HEARTBEAT_|BENZINGA_|NEWSAPI_|FINNHUB_|ALPHA_VANTAGE_)/;

const vendorEnvironment = (env: NodeJS.ProcessEnv): Record<string, string> => {
  const found = Object.fromEntries(
    Object.entries(env).filter(
      (entry): entry is [string, string] =>
        vendor_variable.test(entry[0]) && entry[1] !== undefined,
    ),
  );
  const has = (...names: string[]) =>
    names.some((name) => found[name] !== undefined || found[`${name}_FILE`] !== undefined);
  const missing = [
    ...(has('ALPACA_API_KEY', 'APCA_API_KEY_ID') ? [] : ['ALPACA_API_KEY']),
    ...(has('ALPACA_SECRET_KEY', 'APCA_API_SECRET_KEY') ? [] : ['ALPACA_SECRET_KEY']),
  ];
  if (missing.length > 0)
    throw new PlatformError(
      `a paper desk needs ${missing.join(' and ')}; make paper keys at Alpaca and set them, or replay a recorded day with --mode replay`,
    );
  return found;
};

/** The desk's own database on our server; the one of DATABASE_URL is used as it is. */
const paperDatabase = async ({ url, is_given }: ProvidedPart): Promise<string> => {
  if (is_given) return url;
  const client = await connectDatabase(url);
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [
      DESK_DATABASE,
    ]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${DESK_DATABASE}`);
  } finally {
    await client.end();
  }
  return databaseUrl(url, DESK_DATABASE);
};

/** Awaits all, each to its end, so that what has started is known when another fails. */
const allOf = async <T extends readonly Promise<unknown>[]>(
  works: readonly [...T],
): Promise<{ [K in keyof T]: Awaited<T[K]> }> => {
  await Promise.allSettled(works);
  return (await Promise.all(works)) as never;
};

/**
 * Brings up the whole desk on this machine: PostgreSQL, Redis, for a replay its database and the
 * simulator, and the nine services. `stop` ends all of it in reverse. A failed start leaves nothing
 * running.
 */
export const startDesk = async ({
  home,
  mode,
  day_dir,
  timekeeper,
  env = process.env,
  fixed_ports = false,
  services: wanted,
  keep_database = false,
  simulator_args = [],
  log_level,
  service_env = {},
  run,
  before_fleet,
  signal,
  on_progress = () => {},
  on_event = () => {},
}: DeskOptions): Promise<RunningDesk> => {
  let is_up = false;
  let exchange: Promise<RunningSimulator | undefined> = Promise.resolve(undefined);
  const undo: (() => Promise<void>)[] = [];
  const stopAll = async () => {
    const faults: unknown[] = [];
    for (const step of undo.splice(0).reverse())
      await step().catch((error: unknown) => faults.push(error));
    if (faults.length > 0)
      throw new AggregateError(
        faults,
        `parts of the desk did not stop in order: ${faults.map(messageOf).join('; ')}`,
      );
  };
  const keep = <T extends { stop: () => Promise<void> }>(part: T): T => {
    undo.push(part.stop);
    signal?.throwIfAborted();
    return part;
  };
  try {
    const is_simulated = mode === 'replay' || timekeeper !== undefined;
    const vendors = is_simulated ? {} : vendorEnvironment(env);
    // a replay or rehearsal is a run of its own; a paper desk goes on where it was
    const run_id = is_simulated ? createRunId(new Date()) : 'desk';
    makeFolder(home);
    const shortage = findShortage(home);
    if (shortage !== null)
      throw new PlatformError(`${shortage}: free disk space, or set CATALYST_HOME to another disk`);
    const service_home = is_simulated ? createRunFolder(home, run_id) : home;
    prepareServiceHome(service_home);
    const mcp_key = timekeeper === undefined ? keepMcpKey(home) : createMcpKey();
    const mail_dir = join(service_home, 'mail');
    const logs_dir = join(service_home, 'logs');

    on_progress('starting PostgreSQL and Redis');
    const [postgres, redis] = await allOf([
      providePostgres(env, { data_dir: join(home, 'parts', 'postgres'), on_event }).then(keep),
      provideRedis(env, {
        data_dir: join(home, 'parts', is_simulated ? 'redis' : 'redis-durable'),
        durable: !is_simulated,
        on_progress,
        on_event,
      }).then(keep),
    ]);

    const openDatabase = async (): Promise<string> => {
      if (!is_simulated) return paperDatabase(postgres);
      if (!postgres.is_given) await ensureSchemaTemplate(postgres.url);
      const database = await createReplayDatabase(postgres.url, run_id, home);
      undo.push(() => (keep_database && is_up ? database.keep() : database.drop()));
      return database.url;
    };
    const openExchange = async (): Promise<RunningSimulator | undefined> => {
      if (!is_simulated) return undefined;
      if (day_dir === undefined) throw new Error('a recorded day needs day_dir');
      writeSectors(day_dir, service_home);
      on_progress('starting the simulated exchange');
      return keep(
        await startSimulator({
          day_dir,
          mail_dir,
          args: simulator_args,
          ...(timekeeper === undefined ? {} : { timekeeper }),
          log_path: join(logs_dir, 'simulator.log'),
        }),
      );
    };
    exchange = openExchange();
    exchange.catch(() => undefined); // is awaited below, with the services or before them
    // a replay's services load beside the exchange; who comes between them, and time, wait for it
    const isBeside = mode === 'replay' && !before_fleet && timekeeper === undefined;
    const database_url = await openDatabase();
    const known = isBeside ? undefined : await exchange;
    const between =
      before_fleet && keep(await before_fleet({ home: service_home, simulator: known }));
    on_progress(`starting ${wanted?.length ?? Object.keys(services).length} services`);
    const fleet = keep(
      await startFleet({
        mode,
        run_id: timekeeper ? `rehearsal-${run_id}` : run_id,
        database_url,
        redis_url: redis.url,
        home: service_home,
        logs_dir,
        on_event,
        mcp_key_hashes: { [mcp_key_holder]: hashKey(mcp_key) },
        ...(is_simulated
          ? {}
          : { door: { secret: keepDoorSecret(home), public_url: env.PUBLIC_URL || undefined } }),
        env: { ...vendors, ...service_env, ...between?.env },
        ...(known === undefined ? {} : { simulator: known }),
        ...(isBeside ? { simulator_soon: exchange.then((address) => address!) } : {}),
        ...(timekeeper === undefined ? {} : { timekeeper }),
        ...(run === undefined ? {} : { run }),
        ...(wanted === undefined ? {} : { services: wanted }),
        ...(log_level === undefined ? {} : { log_level }),
        ...(fixed_ports
          ? {
              ports: Object.fromEntries(
                Object.entries(services).map(([name, { port }]) => [name, port]),
              ),
            }
          : timekeeper === undefined
            ? { ports: { orchestration: await keepMcpPort(home) } }
            : {}),
      }),
    );
    const simulator = await exchange;
    is_up = true;
    return {
      run_id,
      mode,
      home: service_home,
      mail_dir,
      database_url,
      redis_url: redis.url,
      mcp_key,
      fleet,
      simulator,
      stop: stopAll,
    };
  } catch (error) {
    await Promise.allSettled([exchange]); // so that what has started is known
    await stopAll().catch(() => undefined); // what went wrong first is what a person must know
    throw error;
  }
};
