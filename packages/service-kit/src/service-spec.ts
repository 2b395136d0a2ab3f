import type { Api, ServiceName } from '@catalyst/contracts';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Express } from 'express';
import type { z } from 'zod';
import type { Alerts } from './alerts/create-alerts.ts';
import type { EventBus } from './bus/event-bus.ts';
import type { Clock, Log } from '@catalyst/runtime';
import type { serviceEnvironment } from './service-environment.ts';
import type { Doors } from './doors/open-doors.ts';
import type { Client } from './http/create-client.ts';
import type { Handlers } from './http/serve-api.ts';
import type { Metrics } from './metrics.ts';
import type { AuditJournal, RecordAudit } from './storage/audit.ts';
import type { Database } from './storage/database.ts';

/** What every service reads from its environment. */
export type Base = z.output<typeof serviceEnvironment>;

export interface Kit<C extends z.ZodObject> {
  config: Base & z.output<C>;
  log: Log;
  metrics: Metrics;
  clock: Clock;
  bus: EventBus;
  audit: RecordAudit;
  /** By which words leave the machine; none for a service that is configured with none. */
  doors: Doors;
  /** For acts that only lower risk; like the database, for services that have one. */
  readonly journal: AuditJournal;
  /** What a person should know; like the database, for services that have one. */
  readonly alerts: Alerts;
  /** The epoch in which this process does the service's work; null where it need not be alone. */
  epoch(): number | null;
  /** The service's database; reading it throws for a service that the registry gives none. */
  readonly database: Database;
  /** The typed client of a service that the registry lists under depends_on. */
  client<const A extends Api>(
    name: ServiceName,
    api: A,
    options?: { timeout_ms?: number; retry_for_ms?: number },
  ): Client<A>;
}

export interface Running<A extends Api> {
  handlers: Handlers<A>;
  /** More than the API: MCP, pages. Mounted before the API's not-found answer. */
  mount?(app: Express): void;
  /** Takes HTTP upgrades, such as of WebSockets; false for one that is not its own. */
  upgrade?(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  /** Work to be done before the service says that it is ready, after it listens. */
  prepare?(): Promise<void>;
  /** Why it works with less than it should. */
  notes?(): string[];
  /**
   * Why it is unhealthy: what it is for is not done, such as positions that nobody tends. A
   * supervisor starts nothing anew for it.
   */
  failures?(): string[];
  /** When what its work lives on came last (a bar, a quote, an update of an order). */
  latest?(): Readonly<Record<string, string | null>>;
  /** What a reader of its health should know and is as it should be. */
  remarks?(): string[];
  /**
   * Ends what stays open by design, such as event streams, before the server waits for the requests
   * at hand.
   */
  drain?(): Promise<void>;
  /** Runs once no request is at hand any more. */
  stop?(): Promise<void>;
}

export interface ServiceSpec<A extends Api, C extends z.ZodObject> {
  name: ServiceName;
  api: A;
  /** What it reads from its environment beyond what every service reads. */
  config: C;
  start(kit: Kit<C>): Promise<Running<A>>;
  /**
   * True for a service of which one process works at a desk: a second one stays passive, listens and
   * says so, and takes over where the first ends or stops.
   */
  is_single?: boolean;
}
