import { SIGNAL_STREAM_PATH } from '@catalyst/contracts';
import type { Kit } from '@catalyst/service-kit';
import type { z } from 'zod';
import { createSharedCounters } from './adapters/shared-counters.ts';
import { createAdmitClient } from './flows/admit-client.ts';
import {
  createFollowSignals,
  logLayers,
  type FollowSignals,
  type LogLayer,
} from './flows/follow-signals.ts';
import { createRecordSessions } from './flows/record-sessions.ts';
import type { ReadHealth } from './flows/read-health.ts';
import { createWatchClients } from './flows/watch-clients.ts';
import { createWatchComponents } from './flows/watch-components.ts';
import type { Services } from './services.ts';
import { createSignalFanOut } from './signal-fan-out.ts';
import { mountSignals } from './signal-rest.ts';
import { createSignalSockets } from './sockets.ts';

/** Workflow answers twice a second; after this it is taken for away. */
const AWAY_MS = 5000;

/** The signals' half of this service: the stream, its REST twin, and what they share. */
export const createSignals = async <C extends z.ZodObject>(
  { bus, config, log, metrics }: Kit<C>,
  services: Services,
  readHealth: ReadHealth,
  now: () => string,
) => {
  const { workflow, clients } = services;
  const counters = createSharedCounters(bus.connect(), bus.connect(), config.RUN_ID);
  const record = createRecordSessions(workflow, now, log);
  const deliveries = metrics.counter(
    'signal_deliveries_total',
    'Rows of the log handed to clients',
  );
  const slow = metrics.counter(
    'signal_slow_clients_total',
    'Connections that were ended since their client did not read',
  );
  const layers = Object.fromEntries(
    logLayers.map((layer) => [
      layer,
      metrics.counter(`signal_rows_from_${layer}_total`, `Rows of the log that ${layer} had`),
    ]),
  ) as Record<LogLayer, ReturnType<typeof metrics.counter>>;
  let following: FollowSignals;
  const parts = createWatchComponents(readHealth, {
    isWanted: () => fanOut.sessions().size > 0,
    log,
  });
  const components = () => ({
    ...parts.known(),
    orchestration: 'healthy' as const,
    log: watch.silent_ms() < AWAY_MS ? ('healthy' as const) : ('unhealthy' as const),
    fan_out: counters.isShared() ? ('healthy' as const) : ('degraded' as const),
  });
  const fanOut = createSignalFanOut({
    follow: () => following,
    record,
    log,
    now,
    components,
    delivered: (count) => deliveries.inc(count),
  });
  const follow = (following = createFollowSignals({
    redis: bus.connect(),
    workflow,
    log,
    onRow: fanOut.publish,
    found: (layer, rows) => layers[layer].inc(rows),
  }));
  const watch = createWatchClients({
    workflow: clients,
    follow,
    fanOut,
    record,
    log,
    now,
  });
  const admitClient = createAdmitClient(clients, config.SERVICE_KEY);
  const sockets = createSignalSockets({
    admitClient,
    counters,
    follow,
    fanOut,
    record,
    watch,
    workflow,
    log,
    now,
    ended: (reason) => {
      if (reason === 'too_slow') slow.inc();
    },
  });
  metrics.gauge(
    'signal_sessions',
    `Connections at ${SIGNAL_STREAM_PATH}`,
    () => fanOut.sessions().size,
  );
  metrics.gauge('signal_unread_bytes', 'Bytes that clients have not taken', () =>
    [...fanOut.sessions()].reduce((sum, session) => sum + session.unread(), 0),
  );
  metrics.gauge('signal_filters', 'Distinct filters of live connections', () => fanOut.groups());
  await counters.onClaim(sockets.replaceOlder);
  void parts.look();
  return {
    mount: mountSignals({ admitClient, counters, workflow }),
    upgrade: sockets.upgrade,
    notes: (): string[] => [
      ...[record.trouble()].filter((note) => note !== null),
      ...(counters.isShared() || fanOut.sessions().size === 0
        ? []
        : [
            'Redis is away: connections are counted by this copy alone, and signals come by asking',
          ]),
    ],
    drain: async (): Promise<void> => {
      watch.stop();
      parts.stop();
      await sockets.stop();
      follow.close();
    },
    stop: () => record.stop(),
  };
};
