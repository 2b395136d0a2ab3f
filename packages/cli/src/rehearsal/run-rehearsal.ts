import {
  createTimekeeper,
  homeFolder,
  measureRehearsal,
  readLedgerAt,
  startDesk,
  type RehearsalResult,
} from '@catalyst/platform';
import { inNewYork, newYorkTime, toInstant } from '@catalyst/domain';
import { connectDesk, operatorName } from '../desk-connection.ts';
import { UsageError } from '../exit-codes.ts';
import { findDay } from '../find-day.ts';
import type { Terminal } from '../terminal.ts';
import { typed } from '../typed.ts';

/** The desk starts so long before the first instant that is asked for. */
const START_MS = 60_000;
const SHOW_EVERY_MS = 500;

type Options = {
  day: string | undefined;
  /** hh:mm of the day, or a date and a time: both New York's. */
  from: string;
  to: string;
  jumps: boolean;
  faults: string | undefined;
  terminal: Terminal;
  signal: AbortSignal;
};

const instantOf = (text: string, trade_date: string): number => {
  const [, date = trade_date, clock] =
    /^(?:(\d{4}-\d{2}-\d{2})[T ])?((?:[01]\d|2[0-3]):[0-5]\d)$/.exec(text) ?? [];
  if (clock === undefined)
    throw new UsageError(
      `expected a New York time such as 09:25, or 2026-03-28T11:00 for another date; was ${text}`,
    );
  return Date.parse(newYorkTime(date, clock));
};

/** What is not as a rehearsed day must be; empty when all is well. */
const faultsOf = ({ minutes, minutes_run, naked_seconds }: RehearsalResult): string[] => [
  ...(minutes === minutes_run
    ? []
    : [`${minutes - minutes_run} of ${minutes} minutes were missed`]),
  ...(naked_seconds === 0 ? [] : [`shares were without a stop for ${naked_seconds} s too long`]),
];

const describeResult = (result: RehearsalResult, where: { mail_dir: string; logs_dir: string }) => {
  const { trigger_to_order_s: delay } = result;
  return [
    `rehearsed ${result.day} on a paper desk: simulated exchange, fictional money, ${result.speed} times as fast as the wall`,
    `minutes   ${result.minutes_run} of ${result.minutes} watched, ${result.jobs_late} jobs late`,
    `entries   ${result.entries} of ${result.confirmed} confirmed triggers${delay.p50 === null ? '' : `, the order ${delay.p50} s after its minute (at most ${delay.max} s)`}`,
    `orders    ${result.orders}, ${result.fills} fills, ${result.open_positions} positions open, ${result.reconciled ? 'reconciled' : 'not reconciled'}`,
    `requests  at most ${result.requests_per_minute_max} a minute, ${result.http_429} refused as too many`,
    `naked     ${result.naked_seconds} s beyond the two seconds allowed`,
    ...(result.alerts.length === 0
      ? ['alerts    none']
      : result.alerts.map(
          ({ severity, code, at }) => `alert     ${inNewYork(at).clock} ${severity} ${code}`,
        )),
    `mail      ${where.mail_dir}`,
    `logs      ${where.logs_dir} (${typed('logs')})`,
  ].join('\n');
};

/**
 * Lets the paper desk trade a recorded day at the simulated exchange, by its own schedule and in
 * its own time, which jumps over what is idle; throws where a minute was missed or shares were
 * naked.
 */
export const runRehearsal = async ({
  day: wanted_day,
  from,
  to,
  jumps,
  faults,
  terminal,
  signal,
}: Options): Promise<void> => {
  const day = await findDay(wanted_day);
  const { trade_date } = day;
  const starts_at = instantOf(from, trade_date);
  const ends_at = instantOf(to, trade_date);
  if (ends_at <= starts_at)
    throw new UsageError(`expected --to after --from, were ${to} and ${from}`);
  const timekeeper = createTimekeeper(starts_at - START_MS);
  const desk = await startDesk({
    home: homeFolder(),
    mode: 'paper',
    day_dir: day.dir,
    timekeeper,
    simulator_args: ['--like', 'paper', ...(faults === undefined ? [] : ['--faults', faults])],
    keep_database: true,
    signal,
    on_progress: (line) => terminal.note(`${line} …`),
  });
  try {
    const clients = connectDesk(desk.fleet.urls, desk.fleet.keys.cli);
    await clients.risk.arm({
      body: { by: operatorName(), reason: 'a rehearsal arms its own desk' },
    });
    terminal.note(
      `the rehearsal has armed its own desk; ${trade_date} from ${from} to ${to} in New York (simulated exchange, fictional money)`,
    );
    await timekeeper.runTo(starts_at, { signal });
    const begun_at = performance.now();
    const progress = terminal.progress();
    const show = setInterval(() => {
      const now = timekeeper.now();
      progress.update((now - starts_at) / (ends_at - starts_at), inNewYork(toInstant(now)).clock);
    }, SHOW_EVERY_MS);
    await timekeeper.runTo(ends_at, { jumps, signal }).finally(() => {
      clearInterval(show);
      progress.finish();
    });
    const speed = (ends_at - starts_at) / (performance.now() - begun_at);
    const result = await measureRehearsal({
      database_url: desk.database_url,
      from: toInstant(starts_at),
      ledger: await readLedgerAt(desk.simulator!.url),
      day: day.name,
      speed,
    });
    terminal.result(result, () =>
      describeResult(result, { mail_dir: desk.mail_dir, logs_dir: desk.fleet.logs_dir }),
    );
    const wrong = faultsOf(result);
    if (wrong.length > 0) throw new Error(`the rehearsal did not go well: ${wrong.join('; ')}`);
  } finally {
    await desk.stop();
  }
};
