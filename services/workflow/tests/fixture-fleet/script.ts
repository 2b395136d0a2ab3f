import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  riskParameters,
  type RiskParameters,
  type RiskRefusal,
  type RiskStatus,
  type ServiceName,
  type TradingState,
} from '@catalyst/contracts';
import { newYorkTime } from '@catalyst/domain';
import { parse } from 'yaml';

export const DATE = '2026-03-24';
export const at = (clock: string): string => newYorkTime(DATE, clock);

/** One call as a service received it. */
export interface Call {
  service: ServiceName;
  route: string;
  at: string;
  body: unknown;
}

/** What the day brings; tests change it before they advance. */
export interface Script {
  /** Symbols that each scan selects, by rank. */
  candidates: string[];
  /** Symbol -> New York times at which its trigger is confirmed. */
  triggers: Record<string, string[]>;
  /** Symbol -> why risk refuses it. */
  refusals: Record<string, RiskRefusal['code']>;
  trading_state: TradingState;
  parameters: RiskParameters;
  flatten_at: string | null;
  /** Answers of risk at that time that ask to look again before it decides. */
  looks_again: number;
  /** Held stocks without a price, as risk tells them. */
  stale_prices: RiskStatus['stale_prices'];
  /** Of every stock but GHOST. */
  quote: { bid_price: string; ask_price: string };
  /** What technical could not read of the broker's assets, days and actions. */
  unread: string[];
  /** Runs before a call is answered; a test may delay it or fail it. */
  beforeCall(call: Call): Promise<void>;
}

/** A day on which nothing is confirmed, refused or amiss. */
export const createScript = (): Script => ({
  candidates: ['AAA', 'BBB'],
  triggers: {},
  refusals: {},
  trading_state: 'active',
  parameters: riskParameters.parse(
    parse(
      readFileSync(join(import.meta.dirname, '../../../../config/risk_parameters.yaml'), 'utf8'),
    ),
  ),
  flatten_at: null,
  looks_again: 0,
  stale_prices: [],
  quote: { bid_price: '50.08', ask_price: '50.1' },
  unread: [],
  beforeCall: async () => {},
});
