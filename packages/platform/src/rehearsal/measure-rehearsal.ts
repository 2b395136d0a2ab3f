import type { Instant } from '@catalyst/domain';
import pg from 'pg';
import type { LedgerRow } from '../ledger/ledger-row.ts';
import { nakedWindows } from '../ledger/protection.ts';

/** What a rehearsed day came to; `catalyst rehearse --json` prints it. */
export type RehearsalResult = {
  mode: 'paper';
  rehearsal: true;
  /** Simulated time over the wall's, measured. */
  speed: number;
  day: string;
  /** Minutes at which positions were to be watched, and those at which they were. */
  minutes: number;
  minutes_run: number;
  /** Jobs that began more than ten seconds after they were due. */
  jobs_late: number;
  /** Triggers that a minute confirmed. */
  confirmed: number;
  entries: number;
  /** From the end of the minute that confirmed a trigger to the order, in seconds. */
  trigger_to_order_s: { p50: number | null; max: number | null };
  /** Requests to the broker in any sixty seconds. */
  requests_per_minute_max: number;
  http_429: number;
  alerts: { severity: string; code: string; at: string; mailed: boolean }[];
  /** Time in which shares had neither a live stop nor an exit, beyond the two seconds allowed. */
  naked_seconds: number;
  orders: number;
  fills: number;
  open_positions: number;
  reconciled: boolean;
};

const NAKED_ALLOWED_MS = 2000;
const LATE_AFTER_S = 10;
const MINUTE_MS = 60_000;

const nakedSeconds = (ledger: readonly LedgerRow[]): number =>
  nakedWindows(ledger).reduce(
    (sum, { length_ms }) => sum + Math.max(0, length_ms - NAKED_ALLOWED_MS) / 1000,
    0,
  );

/** The most that came in any sixty seconds. */
const mostInAMinute = (times: readonly number[]): number => {
  let first = 0;
  let most = 0;
  times.forEach((time, index) => {
    while (times[first]! <= time - MINUTE_MS) first += 1;
    most = Math.max(most, index - first + 1);
  });
  return most;
};

const median = (sorted: readonly number[]): number | null =>
  sorted.length === 0 ? null : sorted[Math.floor((sorted.length - 1) / 2)]!;
const tenths = (value: number | null): number | null =>
  value === null ? null : Math.round(value * 10) / 10;

interface Counts {
  minutes: number;
  minutes_run: number;
  jobs_late: number;
  confirmed: number;
  entries: number;
  orders: number;
  fills: number;
  open_positions: number;
  reconciled: boolean | null;
}

const COUNTS = `SELECT
  (SELECT count(*)::integer FROM job_runs WHERE job = 'minute' AND due_at >= $2) AS minutes,
  (SELECT count(*)::integer FROM job_runs WHERE job = 'minute' AND due_at >= $2 AND state = 'done') AS minutes_run,
  (SELECT count(*)::integer FROM job_runs
    WHERE state <> 'skipped' AND due_at >= $2
      AND started_at > due_at + make_interval(secs => $1)) AS jobs_late,
  (SELECT coalesce(sum(jsonb_array_length(result)), 0)::integer FROM job_steps
    WHERE step = 'confirmed') AS confirmed,
  (SELECT count(*)::integer FROM positions WHERE entered_qty > 0 AND NOT is_adopted) AS entries,
  (SELECT count(*)::integer FROM orders WHERE broker_order_id IS NOT NULL) AS orders,
  (SELECT count(*)::integer FROM fills) AS fills,
  (SELECT count(*)::integer FROM positions WHERE status <> 'closed') AS open_positions,
  (SELECT reconciled FROM v_reconciliation_latest) AS reconciled`;

const ENTRY_DELAYS = `SELECT extract(epoch FROM created_at - date_trunc('minute', created_at))::float8
    AS seconds FROM orders WHERE role = 'entry' AND NOT is_adopted ORDER BY 1`;

const ALERTS = `SELECT severity, code, first_at AS at, EXISTS (
    SELECT FROM alert_mails t JOIN mail_outbox m USING (mail_id)
    WHERE t.alert_id = a.alert_id AND m.door = 'mail' AND m.status = 'sent') AS mailed
  FROM alerts a ORDER BY first_at, code, alert_id`;

/** Reads what a rehearsed desk wrote and what its exchange saw. */
export const measureRehearsal = async ({
  database_url,
  from,
  ledger,
  day,
  speed,
}: {
  database_url: string;
  /** When the desk was up; what was due before is not its fault. */
  from: Instant;
  ledger: readonly LedgerRow[];
  day: string;
  speed: number;
}): Promise<RehearsalResult> => {
  const client = new pg.Client({ connectionString: database_url });
  await client.connect();
  try {
    const counts = (await client.query<Counts>(COUNTS, [LATE_AFTER_S, from])).rows[0]!;
    const delays = (await client.query<{ seconds: number }>(ENTRY_DELAYS)).rows.map(
      ({ seconds }) => seconds,
    );
    const alerts = (
      await client.query<{ severity: string; code: string; at: Date; mailed: boolean }>(ALERTS)
    ).rows;
    const asked = ledger
      .filter(({ kind, url }) => kind === 'request' && !String(url).startsWith('/sim'))
      .map(({ at }) => Date.parse(at));
    return {
      mode: 'paper',
      rehearsal: true,
      speed: Math.round(speed),
      day,
      minutes: counts.minutes,
      minutes_run: counts.minutes_run,
      jobs_late: counts.jobs_late,
      confirmed: counts.confirmed,
      entries: counts.entries,
      trigger_to_order_s: { p50: tenths(median(delays)), max: tenths(delays.at(-1) ?? null) },
      requests_per_minute_max: mostInAMinute(asked),
      http_429: ledger.filter(({ kind, status }) => kind === 'answer' && status === 429).length,
      alerts: alerts.map((alert) => ({ ...alert, at: alert.at.toISOString() })),
      naked_seconds: Math.round(nakedSeconds(ledger) * 10) / 10,
      orders: counts.orders,
      fills: counts.fills,
      open_positions: counts.open_positions,
      reconciled: counts.reconciled ?? false,
    };
  } finally {
    await client.end();
  }
};
