import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

export interface Metrics {
  registry: Registry;
  /** Seconds by method, route and status. */
  requests: Histogram<'method' | 'route' | 'status'>;
  outsideCalls: Histogram<'target' | 'outcome'>;
  /** Tries of calls to vendors beyond the first. */
  retries: Counter<'target'>;
  /** Vendors that are left alone for a minute; health names them. */
  openCircuits: Set<string>;
  /** Items of a vendor's lists that were not read: passed over, or unread. */
  listItems: Counter<'list' | 'outcome'>;
  events: Counter<'direction' | 'channel'>;
  /** Seconds by statement (verb and table) and outcome. */
  queries: Histogram<'statement' | 'outcome'>;
  /** A counter of one service alone. */
  counter(name: string, help: string): Counter;
  /** A gauge of one service alone, read when somebody asks. */
  gauge(name: string, help: string, read: () => number): void;
}

const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

const LAG_EVERY_MS = 200;

let ofProcess: Registry | null = null;
/**
 * Memory, garbage and the event loop are the process's, measured once however many services it holds:
 * what measures them never ends.
 */
const processMetrics = (): Registry => {
  if (ofProcess) return ofProcess;
  ofProcess = new Registry();
  // each reading of the event loop's lag wakes the process
  collectDefaultMetrics({ register: ofProcess, eventLoopMonitoringPrecision: LAG_EVERY_MS });
  return ofProcess;
};

export const createMetrics = (service: string): Metrics => {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  const shared = processMetrics();
  for (const { name } of shared.getMetricsAsArray())
    registry.registerMetric(shared.getSingleMetric(name)!);
  const registers = [registry];
  const openCircuits = new Set<string>();
  const gauge: Metrics['gauge'] = (name, help, read) => {
    new Gauge({
      name: `catalyst_${name}`,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  };
  gauge('open_circuits', 'Vendors that are left alone for a minute', () => openCircuits.size);
  return {
    registry,
    requests: new Histogram({
      name: 'catalyst_http_request_seconds',
      help: 'Time to answer a request',
      labelNames: ['method', 'route', 'status'],
      buckets: BUCKETS,
      registers,
    }),
    openCircuits,
    counter: (name, help) => new Counter({ name: `catalyst_${name}`, help, registers }),
    gauge,
    outsideCalls: new Histogram({
      name: 'catalyst_outside_call_seconds',
      help: 'Time of calls to other services and vendors',
      labelNames: ['target', 'outcome'],
      buckets: BUCKETS,
      registers,
    }),
    retries: new Counter({
      name: 'catalyst_outside_retries_total',
      help: 'Tries of calls to vendors beyond the first',
      labelNames: ['target'],
      registers,
    }),
    listItems: new Counter({
      name: 'catalyst_list_items_total',
      help: 'Items of lists from vendors that were passed over or could not be read',
      labelNames: ['list', 'outcome'],
      registers,
    }),
    events: new Counter({
      name: 'catalyst_events_total',
      help: 'Events published and received',
      labelNames: ['direction', 'channel'],
      registers,
    }),
    queries: new Histogram({
      name: 'catalyst_query_seconds',
      help: 'Time of database statements',
      labelNames: ['statement', 'outcome'],
      buckets: BUCKETS,
      registers,
    }),
  };
};
