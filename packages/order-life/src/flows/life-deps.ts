import type { Brokerage } from '@catalyst/brokerage';
import type { AlertCode } from '@catalyst/contracts';
import type { StopRule } from '@catalyst/domain';
import type { Clock, Log } from '@catalyst/runtime';
import type { Book } from '../book.ts';

/** What a person should know at once; an alert of one code and subject is one. */
export interface Alert {
  severity: 'warning' | 'critical';
  code: AlertCode;
  subject: string;
  message: string;
  details: Record<string, unknown>;
}

export interface LifeSettings {
  /** In a replay time stands still within a step: nothing waits, and all happens in one line. */
  mode: 'replay' | 'paper' | 'live';
  /** The broker's account number that is traded; `unset` trades whatever the keys belong to. */
  account: string;
  /** Minutes that an entry may wait for its first fill before it is canceled. */
  entry_lifetime_minutes: number;
  /** How far from the price the stop of what others opened is set, as a ratio. */
  adopted_stop_ratio: number;
  /** When the stop of what is held moves by itself; `NO_STOP_RULE` leaves that to persons. */
  stop_rule: StopRule;
}

/** The file by which anyone on the machine stops the desk, whatever the book says. */
export interface HaltFile {
  /** What it says; null where there is none. */
  read(): string | null;
  /** True while somebody closes at the broker without the desk, which keeps out of it. */
  isDirect(): boolean;
}

/** What every flow of an order's life works with. */
export interface LifeDeps {
  broker: Brokerage;
  book: Book;
  clock: Clock;
  log: Log;
  /** Nothing waits for an alert to be told. */
  alerts: { raise(alert: Alert): Promise<unknown> };
  settings: LifeSettings;
}
