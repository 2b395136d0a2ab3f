import { createRequire } from 'node:module';
import { Writable } from 'node:stream';
import type * as Winston from 'winston';
import { currentContext } from './context.ts';
import { createLineWriter } from './log-lines.ts';

const require = createRequire(import.meta.url);

export interface Log {
  debug(event: string, fields?: Record<string, unknown>): void;
  info(event: string, fields?: Record<string, unknown>): void;
  /** Something healed or degraded; nobody needs to wake up. */
  warn(event: string, fields?: Record<string, unknown>): void;
  /** A person should wake up. */
  error(event: string, fields?: Record<string, unknown>): void;
}

const SECRET_NAME =
  /(secret|password|passwd|token|authorization|api[-_]?key|service_key|key_id|cookie)/i;
// Begins at the colon and not at the scheme: a long word would be looked through from each of its letters.
const CREDENTIALS_IN_URL = /(:\/\/[^\s:@/]*):[^\s@/]+@/g;

/**
 * A copy that is safe to write down: values under secret names and passwords inside URLs are
 * blotted out; errors become name, message, code and stack.
 */
export const redact = (value: unknown, depth = 0): unknown => {
  if (typeof value === 'string') return value.replace(CREDENTIALS_IN_URL, '$1:[redacted]@');
  if (value === null || typeof value !== 'object')
    return typeof value === 'bigint' ? value.toString() : value;
  if (depth > 6) return '[too deep]';
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Error) {
    const { name, message, stack } = value;
    const extra = redact(
      {
        code: (value as { code?: unknown }).code,
        details: (value as { details?: unknown }).details,
      },
      depth + 1,
    ) as object;
    return {
      name,
      message: redact(message),
      ...extra,
      ...(value.cause ? { cause: redact(value.cause, depth + 1) } : {}),
      stack: redact(stack ?? ''),
    };
  }
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      SECRET_NAME.test(name) && item ? '[redacted]' : redact(item, depth + 1),
    ]),
  );
};

/** Standard output, whose lines may be lost and then are counted. */
const outputOf = (service: string): Writable => {
  const writeLine = createLineWriter(process.stdout, (dropped) =>
    JSON.stringify({
      event: 'log_lines_dropped',
      dropped,
      timestamp: new Date().toISOString(),
      level: 'warn',
      service,
    }),
  );
  return new Writable({
    decodeStrings: false,
    write: (line: string, _encoding, done) => {
      writeLine(line.trimEnd());
      done();
    },
  });
};

/**
 * Structured JSON on standard output, event name first; service, request and cycle come from the
 * context.
 */
export const createLog = (service: string, level: string): Log => {
  // whoever keeps no log (a command, for one) need not load what writes it
  const { createLogger, format, transports } = require('winston') as typeof Winston;
  const logger = createLogger({
    level,
    format: format.printf((entry) => String(entry.message)),
    transports: [new transports.Stream({ stream: outputOf(service) })],
  });
  const write =
    (severity: 'debug' | 'info' | 'warn' | 'error') =>
    (event: string, fields: Record<string, unknown> = {}) => {
      if (!logger.isLevelEnabled(severity)) return;
      const context = currentContext();
      const entry = {
        event,
        ...(redact(fields) as Record<string, unknown>),
        timestamp: new Date().toISOString(),
        level: severity,
        service,
        ...(context && { request_id: context.request_id }),
        ...(context?.cycle_id && { cycle_id: context.cycle_id }),
        ...(context?.at && { at: context.at }),
      };
      logger.log(severity, JSON.stringify(entry));
    };
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
};
