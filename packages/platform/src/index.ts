export { PlatformError } from './platform-error.ts';
export { freePort, freePorts } from './free-port.ts';
export type { PartAddress, RunningPart } from './processes/open-part.ts';
export { startPostgres } from './postgres/start-postgres.ts';
export type { PostgresOptions } from './postgres/postgres-kind.ts';
export { startRedis } from './redis/start-redis.ts';
export type { RedisOptions } from './redis/redis-kind.ts';
export { sharedPostgres, sharedRedis } from './shared-parts.ts';
