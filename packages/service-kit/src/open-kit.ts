import { join } from 'node:path';
import { services, type Api } from '@catalyst/contracts';
import type { Clock, Log } from '@catalyst/runtime';
import type { z } from 'zod';
import { createAlerts } from './alerts/create-alerts.ts';
import { createTellDirectly } from './alerts/tell-directly.ts';
import { createEventBus } from './bus/event-bus.ts';
import { openDoors } from './doors/open-doors.ts';
import { createClient } from './http/create-client.ts';
import { createAnswerCount, watchOwnMinutes } from './judge/watch-own-minutes.ts';
import type { Metrics } from './metrics.ts';
import type { Base, Kit, ServiceSpec } from './service-spec.ts';
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

interface Opening {
  clock: Clock;
  log: Log;
  metrics: Metrics;
  /** What is to be closed at the end, first to last; what is opened here is put before it. */
  closers: (() => Promise<void>)[];
  /** This process has lost the work that only one may do at the desk. */
  onLost: () => void;
}

/** Opens what the work of a service stands on: its database, the bus, the doors, its dependencies. */
export const openKit = async <const A extends Api, C extends z.ZodObject>(
  spec: ServiceSpec<A, C>,
  config: Base & z.output<C> & { DATABASE_URL?: string } & Record<string, unknown>,
  { clock, log, metrics, closers, onLost }: Opening,
) => {
  const entry = services[spec.name];
  const isReplay = config.TRADING_MODE === 'replay';
  const database = entry.uses_database
    ? createDatabase(config.DATABASE_URL!, {
        log,
        metrics,
        application_name: `catalyst-${spec.name}`,
      })
    : null;
  if (database) closers.unshift(() => database.close());
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
          onLost,
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

  return { kit, database, journal, holder, bus, dependencies, answers };
};
