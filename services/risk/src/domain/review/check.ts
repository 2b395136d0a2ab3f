import type { OrderIntent, RefusalCode, RiskCheck, RiskParameters } from '@catalyst/contracts';
import { Exact, type DecimalString } from '@catalyst/domain';
import type { AccountFacts, RiskFacts } from './risk-facts.ts';

type Read = Readonly<Record<string, string | number | null>>;

/** What a check found: what it read, the limit, the value that meets it, and the fault if it is one. */
export interface Finding {
  read: Read;
  limit: string | number;
  value: string | number;
  /** One sentence; null where the intent passes. */
  fault: string | null;
  /** Why the check could not be made; it refuses nothing then. */
  unknown?: string;
}

/** One thing an intent is held against. */
export interface Check {
  name: string;
  code: RefusalCode;
  /** What it refuses, as the table in the docs says it. */
  refuses: string;
  find: (intent: OrderIntent, facts: RiskFacts, limits: RiskParameters) => Finding;
}

/** The shares that a limit allows. */
export interface Allowed {
  read: Read;
  limit: string | number;
  shares: Exact;
}

/** One limit on the size; the smallest of all counts. */
export interface Cap {
  name: string;
  code: RefusalCode;
  refuses: string;
  /** Null where nobody can say: then another cap stands for it. */
  allow: (
    intent: OrderIntent,
    facts: RiskFacts & { account: AccountFacts },
    limits: RiskParameters,
  ) => Allowed | null;
}

const asText = (value: string | number): string => String(value);

export const reportCheck = ({ name, code }: Check, finding: Finding): RiskCheck => ({
  name,
  code,
  verdict: finding.fault !== null ? 'refused' : finding.unknown ? 'unknown' : 'passed',
  read: Object.fromEntries(
    Object.entries(finding.read).map(([key, value]) => [
      key,
      value === null ? null : asText(value),
    ]),
  ),
  limit: asText(finding.limit),
  value: asText(finding.value),
  message: finding.fault ?? finding.unknown ?? null,
});

export const percent = (ratio: number): string => `${(ratio * 100).toFixed(2)} %`;

export const secondsBetween = (from: string, to: string): number =>
  (Date.parse(to) - Date.parse(from)) / 1000;

/** Clocks may be this far apart; what is from further ahead is not believed. */
const MOST_SECONDS_AHEAD = 5;

/** Whether a fact is too old, or from the future, in words; null where it may be believed. */
export const faultOfAge = (what: string, age: number, most: number): string | null => {
  if (age < -MOST_SECONDS_AHEAD)
    return `${what} is ${Math.round(-age)} s from the future: a clock is wrong`;
  return age <= most ? null : `${what} is ${Math.round(age)} s old, at most ${most} s`;
};

/** Whole shares that dollars pay for. */
export const sharesFor = (usd: Exact, perShare: Exact): Exact =>
  perShare.gt(0) ? Exact.max(0, usd.div(perShare)).floor() : new Exact(0);

export const sumOf = (amounts: readonly DecimalString[]): Exact =>
  amounts.reduce<Exact>((sum, amount) => sum.plus(amount), new Exact(0));
