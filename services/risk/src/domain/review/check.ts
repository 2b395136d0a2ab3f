import type { OrderIntent, RefusalCode, RiskParameters } from '@catalyst/contracts';
import type { RiskFacts } from './risk-facts.ts';

/** Why an intent is refused: the limit that says so and the value that meets it. */
export interface Reason {
  code: RefusalCode;
  message: string;
  limit: string;
  value: string;
}

/** One thing an intent is held against; null when it passes. */
export type Check = (
  intent: OrderIntent,
  facts: RiskFacts,
  limits: RiskParameters,
) => Reason | null;

export const refuse = (
  code: RefusalCode,
  message: string,
  limit: string | number,
  value: string | number,
): Reason => ({ code, message, limit: String(limit), value: String(value) });

export const percent = (ratio: number): string => `${(ratio * 100).toFixed(2)} %`;

export const secondsBetween = (from: string, to: string): number =>
  (Date.parse(to) - Date.parse(from)) / 1000;
