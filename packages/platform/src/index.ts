export { PlatformError } from './platform-error.ts';
export { checkoutFolder } from './checkout-folder.ts';
export { commandOnPath } from './command-on-path.ts';
export { freePort, freePorts } from './free-port.ts';
export {
  identifyProcess,
  isSameProcess,
  type ProcessIdentity,
} from './processes/process-identity.ts';
export { compileCache } from './processes/compile-cache.ts';
export { processMemory } from './processes/process-memory.ts';
export { stopProcess } from './processes/stop-process.ts';
export { withPartLock, type PartAddress, type RunningPart } from './processes/open-part.ts';
export { startPostgres } from './postgres/start-postgres.ts';
export type { PostgresOptions } from './postgres/postgres-kind.ts';
export { readPostmaster } from './postgres/postmaster-file.ts';
export { startRedis } from './redis/start-redis.ts';
export { findRedis, planRedis, type RedisProgram } from './redis/find-redis.ts';
export type { RedisOptions } from './redis/redis-kind.ts';
export { sharedPostgres, sharedRedis } from './shared-parts.ts';
export { tryPostgres, tryRedis } from './ask-parts.ts';
export { findShortage } from './free-space.ts';
export { providePostgres, provideRedis, type ProvidedPart } from './provide-parts.ts';
export { connectDatabase, databaseUrl, withoutPassword } from './databases/admin-client.ts';
export {
  createReplayDatabase,
  findKeptReplay,
  type ReplayDatabase,
} from './databases/replay-database.ts';
export { ensureSchemaTemplate } from './databases/schema-template.ts';
export { findNginx, type NginxProgram } from './nginx/find-nginx.ts';
export { startNginx, type NginxOptions, type RunningNginx } from './nginx/start-nginx.ts';
export {
  createServiceKeys,
  hashKey,
  keyHashesFor,
  type ServiceKeys,
} from './fleet/service-keys.ts';
export {
  serviceEnvironment,
  urlVariable,
  type FleetAddresses,
  type TradingMode,
} from './fleet/service-environment.ts';
export {
  startSimulator,
  type RunningSimulator,
  type SimulatorAddress,
} from './fleet/start-simulator.ts';
export {
  startFleet,
  type FleetOptions,
  type RunningFleet,
  type ServiceProcess,
} from './fleet/start-fleet.ts';
export type { ServiceRun, SupervisedService } from './fleet/supervise-service.ts';
export type { ProcessEvent } from './processes/process-event.ts';
export { homeFolder } from './desk/home-folder.ts';
export { listRunFolders } from './desk/run-folders.ts';
export { readRunFile, type RunFile } from './desk/run-file.ts';
export { checkKeptBook } from './desk/check-kept-book.ts';
export { openKeptReplay } from './desk/open-kept-replay.ts';
export { startDesk, type DeskOptions, type RunningDesk } from './desk/start-desk.ts';
export { startInBackground, stopBackground } from './desk/run-in-background.ts';
export * from './ledger/index.ts';
export { findPostgresBinaries } from './postgres/postgres-binaries.ts';
export { clusterFolder, serverUser } from './postgres/server-user.ts';
export { createTimekeeper, type Timekeeper } from './rehearsal/timekeeper.ts';
export { measureRehearsal, type RehearsalResult } from './rehearsal/measure-rehearsal.ts';
