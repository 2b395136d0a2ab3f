import type { Brokerage } from '@catalyst/brokerage';
import type {
  Alerts,
  Clock,
  Database,
  EventBus,
  Kit,
  Log,
  RecordAudit,
} from '@catalyst/service-kit';
import type { tradingConfig } from '../config.ts';

/** What every flow of this service works with. */
export interface FlowDeps {
  broker: Brokerage;
  database: Database;
  clock: Clock;
  bus: EventBus;
  audit: RecordAudit;
  alerts: Pick<Alerts, 'raise'>;
  log: Log;
  config: Kit<typeof tradingConfig>['config'];
}
