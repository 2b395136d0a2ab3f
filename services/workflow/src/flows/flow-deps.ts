import type {
  newsApi,
  patternApi,
  reportingApi,
  riskApi,
  scannerApi,
  technicalApi,
  tradingApi,
} from '@catalyst/contracts';
import type {
  Alerts,
  AuditJournal,
  Client,
  Clock,
  Database,
  EventBus,
  Log,
  RecordAudit,
  TakeTurn,
} from '@catalyst/service-kit';
import type { FeatureFlags } from '../adapters/feature-flags.ts';
import type { SignalPublisher } from '../adapters/signal-publisher.ts';
import type { SessionsConfig } from '../domain/session-windows.ts';
import type { CycleBook } from './cycle-book.ts';

/** What the flows work with. */
export interface FlowDeps {
  run_id: string;
  /** In which this process conducts the desk. */
  epoch(): number | null;
  is_replay: boolean;
  database: Database;
  clock: Clock;
  bus: EventBus;
  audit: RecordAudit;
  /** The audit of acts that only lower risk: they wait for no row. */
  journal: AuditJournal;
  alerts: Alerts;
  log: Log;
  /** The fan-out of the signal log. */
  signals: SignalPublisher;
  flags: FeatureFlags;
  /** The keys of clients that join are made with it; known to workflow alone. */
  joinSecret: string;
  /** Seals the operator's second factor; without it nobody signs in at a page. */
  doorSecret: string | undefined;
  sessions: SessionsConfig;
  /** Multiples of the risk at which parts of a trade leave; empty where it leaves whole. */
  scale_out_at_r: readonly number[];
  book: CycleBook;
  news: Client<typeof newsApi>;
  scanner: Client<typeof scannerApi>;
  technical: Client<typeof technicalApi>;
  pattern: Client<typeof patternApi>;
  risk: Client<typeof riskApi>;
  trading: Client<typeof tradingApi>;
  reporting: Client<typeof reportingApi>;
  /** Jobs and acts of persons run one after the other: no two of them decide at once. */
  inTurn: TakeTurn;
  /**
   * Replay: waits until the fleet has handled every trade update. Live there is nothing to wait
   * for.
   */
  settle(acts_mark?: string): Promise<void>;
}
