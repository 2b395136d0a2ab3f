import { later, type Instant } from '@catalyst/domain';

export type Severity = 'info' | 'warning' | 'critical';

/** An alert of which something is still to be told, and what was told of it last. */
export interface UntoldAlert {
  alert_id: string;
  source: string;
  key: string;
  code: string;
  severity: Severity;
  message: string;
  first_at: Instant;
  last_at: Instant;
  count: number;
  told_severity: Severity | null;
  told_at: Instant | null;
}

export interface Choice {
  /** What the next mail tells, gravest first; empty when none is due. */
  tell: UntoldAlert[];
  /** When to look again, though nothing new may have come; null when nothing waits. */
  next_at: Instant | null;
}

const MINUTE_MS = 60_000;
/** So long an alert is not told again, unless it became graver. */
const COOL_DOWN_MS = 15 * MINUTE_MS;
/** So long an alert waits for company. */
const GATHER_MS: Readonly<Record<Severity, number>> = {
  critical: 0,
  warning: 5 * MINUTE_MS,
  info: 60 * MINUTE_MS,
};
const RANK: Readonly<Record<Severity, number>> = { info: 0, warning: 1, critical: 2 };
export const MAILS_AN_HOUR = 20;
/** Beyond the hour's mails, what is critical is gathered for so long and never dropped. */
const CROWDED_MS = MINUTE_MS;
export const HOUR_MS = 60 * MINUTE_MS;

const earliest = (times: readonly Instant[]): Instant | null => times.toSorted()[0] ?? null;
const latest = (a: Instant, b: Instant): Instant => (a > b ? a : b);

/** From when an alert may be told again at all. */
const coolsUntil = ({ severity, told_severity, told_at, first_at }: UntoldAlert): Instant =>
  told_at === null || told_severity === null || RANK[severity] > RANK[told_severity]
    ? first_at
    : later(told_at, COOL_DOWN_MS);

/**
 * What to tell now: critical alerts at once, warnings when the first of them has waited five
 * minutes; whatever goes takes all along that may be told. `mailed_at` are the times of the alert
 * mails of the last hour, oldest first; `flush` waits for no company.
 */
export const chooseAlerts = (
  untold: readonly UntoldAlert[],
  now: Instant,
  mailed_at: readonly Instant[],
  flush = false,
): Choice => {
  const dueAt = (alert: UntoldAlert): Instant =>
    latest(
      coolsUntil(alert),
      flush ? alert.first_at : later(alert.first_at, GATHER_MS[alert.severity]),
    );
  const due = untold.filter((alert) => dueAt(alert) <= now);
  if (due.length === 0) return { tell: [], next_at: earliest(untold.map(dueAt)) };

  const isCritical = due.some(({ severity }) => severity === 'critical');
  const room_at =
    mailed_at.length < MAILS_AN_HOUR
      ? now
      : isCritical
        ? later(mailed_at.at(-1)!, CROWDED_MS)
        : later(mailed_at.at(-MAILS_AN_HOUR)!, HOUR_MS);
  if (room_at > now) return { tell: [], next_at: room_at };

  const cool = untold.filter((alert) => coolsUntil(alert) <= now);
  return {
    tell: cool.toSorted((a, b) => RANK[b.severity] - RANK[a.severity]),
    next_at: earliest(untold.filter((alert) => !cool.includes(alert)).map(dueAt)),
  };
};
