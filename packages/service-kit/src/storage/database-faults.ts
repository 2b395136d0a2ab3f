import { AppError } from '@catalyst/runtime';

/**
 * What a fault of PostgreSQL, of the network on the way to it or of the driver means for who asked.
 * `away`: the server or the connection is gone. `busy`: it answers, but not this request now.
 * `full`: its disk takes no more.
 * `repeat`: it rolled the transaction back for the sake of another, and the same transaction may
 * pass at once. `slow`: a limit of time of our own ended it.
 */
export type DatabaseFault = 'away' | 'busy' | 'full' | 'repeat' | 'slow';

/** SQLSTATE, whole or its class of two characters; the whole one wins. */
const sqlStates: Readonly<Record<string, DatabaseFault>> = {
  '08': 'away', // connection exception
  '25006': 'busy', // read only: a standby that is not promoted yet
  '25P03': 'away', // ended by idle_in_transaction_session_timeout
  '25P04': 'away', // ended by transaction_timeout
  '40': 'busy', // rolled back
  '40001': 'repeat', // serialization failure
  '40P01': 'repeat', // deadlock
  '53': 'busy', // out of connections or memory
  '53100': 'full',
  '55P03': 'busy', // lock_timeout
  '57': 'away', // shutting down, starting, connection ended by an operator
  '57014': 'slow', // statement_timeout
};

/** Codes of node's sockets and resolver. */
const networkCodes: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_FAIL',
  'ENETDOWN',
  'ENETRESET',
  'ENETUNREACH',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'EADDRNOTAVAIL',
  'ENOENT', // the server's Unix socket is not there
]);

/** The driver's errors that have no code, by what they begin with. */
const driverMessages: readonly (readonly [string, DatabaseFault])[] = [
  ['Connection terminated', 'away'],
  ['Client has encountered a connection error', 'away'],
  ['Client was closed', 'away'],
  ['Cannot use a pool after calling end', 'away'],
  ['There was an error establishing an SSL connection', 'away'],
  ['timeout expired', 'away'],
  ['Query read timeout', 'away'],
  ['timeout exceeded when trying to connect', 'busy'],
];

/** Null where waiting mends nothing: a fault of ours, or of the configuration. */
export const databaseFault = (error: unknown): DatabaseFault | null => {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  if (typeof message !== 'string') return null;
  if (typeof code !== 'string')
    return driverMessages.find(([begin]) => message.startsWith(begin))?.[1] ?? null;
  if (networkCodes.has(code)) return 'away';
  // a pooler in front says by this code that it is full; PostgreSQL, that we bound too few values
  if (code === '08P01' && message.startsWith('bind message')) return null;
  return /^[0-9A-Z]{5}$/.test(code)
    ? (sqlStates[code] ?? sqlStates[code.slice(0, 2)] ?? null)
    : null;
};

const DISK_FULL = '53100';

const answers: Readonly<
  Record<DatabaseFault, readonly ['SERVICE_UNAVAILABLE' | 'TIMED_OUT', string]>
> = {
  away: ['SERVICE_UNAVAILABLE', 'the database does not answer'],
  busy: ['SERVICE_UNAVAILABLE', 'the database cannot take this now'],
  full: ['SERVICE_UNAVAILABLE', "the database's disk is full"],
  repeat: ['SERVICE_UNAVAILABLE', 'the database undid this for the sake of another transaction'],
  slow: ['TIMED_OUT', 'the database took longer than 10 s for a statement'],
};

/** The failure that a caller sees; what is no passing fault of the database stays as it is. */
export const toDatabaseError = (error: unknown): unknown => {
  const fault = databaseFault(error);
  if (fault === null) return error;
  const [code, message] = answers[fault];
  const isFull = (error as { code?: unknown }).code === DISK_FULL;
  return new AppError(code, isFull ? "the database's disk is full" : message, {}, error);
};
