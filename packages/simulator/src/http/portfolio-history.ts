import { inNewYork } from '@catalyst/domain';
import type { Decimal } from 'decimal.js';
import type { Account } from '../exchange/account.ts';
import { DAY_MS, MINUTE_MS, type SessionHours } from '../market/trading-time.ts';
import type { Simulation } from '../simulation.ts';
import {
  InvalidParameter,
  readBoolean,
  readChoice,
  readText,
  readTime,
  type Query,
} from './query.ts';

const MINUTES: Readonly<Record<string, number>> = {
  '1Min': 1,
  '5Min': 5,
  '15Min': 15,
  '1H': 60,
  '1D': 1_440,
};
const TIMEFRAMES = ['1Min', '5Min', '15Min', '1H', '1D'] as const;
/** Days in a period's unit: day, week, month, year. */
const UNIT_DAYS: Readonly<Record<string, number>> = { D: 1, W: 7, M: 30, A: 365 };
/** Longest span for which Alpaca gives intraday points. */
const INTRADAY_DAYS = 30;

interface Span {
  start_ms: number;
  end_ms: number;
  days: number;
}

/**
 * Two of `start`, `end` and `period`; a period of days counts sessions back from the end, so that
 * 1D is the last session alone.
 */
const readSpan = (simulation: Simulation, query: Query): Span => {
  const now = simulation.now();
  const start = readTime(query, 'start');
  const dateEnd = readTime(query, 'date_end');
  const end = readTime(query, 'end') ?? (dateEnd === null ? null : dateEnd + DAY_MS - 1);
  const period = readText(query, 'period');
  if (start !== null && end !== null && period !== null)
    throw new InvalidParameter(
      'only two of start, end and period can be specified at the same time',
    );
  const match = /^(\d{1,4})([DWMA])$/.exec(period ?? '1M');
  if (!match || Number(match[1]) === 0)
    throw new InvalidParameter(`invalid period: ${(period ?? '').slice(0, 100)}`);
  const length = Number(match[1]) * (UNIT_DAYS[match[2] as string] as number);
  const last = Math.min(
    end ?? (start !== null && period !== null ? start + length * DAY_MS : now),
    now,
  );
  if (start !== null) {
    if (start > last) throw new InvalidParameter('end should not be before start');
    return { start_ms: start, end_ms: last, days: Math.ceil((last - start) / DAY_MS) };
  }
  const lastDate = inNewYork(new Date(last).toISOString()).date;
  const sessions = simulation.market.day.calendar.filter(({ date }) => date <= lastDate);
  const first =
    match[2] === 'D'
      ? sessions.at(-length)
      : sessions.find(({ date }) => Date.parse(date) > Date.parse(lastDate) - length * DAY_MS);
  const midnight = first && simulation.market.sessions.get(first.date)?.midnight_ms;
  return { start_ms: midnight ?? simulation.market.time.midnight_ms, end_ms: last, days: length };
};

/**
 * Equity at an instant of the account's life: before the trade date's first finished minute the
 * opening cash.
 */
const createEquityAt = (account: Account): ((at_ms: number) => Decimal) => {
  let index = 0;
  return (at) => {
    while (index < account.equity_curve.length && account.equity_curve[index]!.at_ms <= at)
      index += 1;
    return account.equity_curve[index - 1]?.equity ?? account.opening_cash;
  };
};

/**
 * `GET /v2/account/portfolio/history`. Each point is stamped with the start of its window and holds the equity at the window's end, or now while it runs.
 * The account is opened on the trade date: on earlier days it stood flat at its opening cash, so
 * profit and loss are from there, with and without a daily reset.
 */
export const portfolioHistoryView = (
  simulation: Simulation,
  account: Account,
  query: Query,
): Record<string, unknown> => {
  const { market } = simulation;
  const span = readSpan(simulation, query);
  const fallback = span.days < 7 ? '1Min' : span.days < INTRADAY_DAYS ? '15Min' : '1D';
  const timeframe = readChoice(query, 'timeframe', TIMEFRAMES, fallback);
  if (timeframe !== '1D' && span.days > INTRADAY_DAYS)
    throw new InvalidParameter(
      `timeframe ${timeframe} is for periods of at most ${INTRADAY_DAYS} days`,
    );
  const extended = readBoolean(query, 'extended_hours') ? 'extended_hours' : 'market_hours';
  const reporting = readChoice(
    query,
    'intraday_reporting',
    ['market_hours', 'extended_hours', 'continuous'],
    extended,
  );
  readChoice(query, 'pnl_reset', ['no_reset', 'per_day'], 'per_day');
  const cashflowTypes = readText(query, 'cashflow_types');

  const step = (MINUTES[timeframe] as number) * MINUTE_MS;
  const windowsOf = (session: SessionHours): number[] => {
    if (timeframe === '1D') return [session.midnight_ms];
    const [open, close] =
      reporting === 'market_hours'
        ? [session.open_minute, session.close_minute]
        : reporting === 'extended_hours'
          ? [session.extended_open_minute, session.extended_close_minute]
          : [0, 1_440];
    const first = session.midnight_ms + Math.floor(open / (step / MINUTE_MS)) * step;
    const end = session.midnight_ms + close * MINUTE_MS;
    return Array.from(
      { length: Math.ceil((end - first) / step) },
      (_, index) => first + index * step,
    );
  };
  const sessions = [...market.sessions.values()].filter(
    ({ date }) => date <= market.day.trade_date,
  );
  const starts = sessions
    .flatMap(windowsOf)
    .filter(
      (at) =>
        at <= span.end_ms &&
        (timeframe === '1D'
          ? at + DAY_MS > span.start_ms
          : at >= span.start_ms - (span.start_ms % step)),
    );
  const equityAt = createEquityAt(account);
  const equities = starts.map((at) => equityAt(Math.min(at + step, simulation.now())));
  const base = account.opening_cash;
  const firstDate = inNewYork(new Date(starts[0] ?? span.end_ms).toISOString()).date;
  const before = market.day.calendar.findLast(({ date }) => date < firstDate);
  const types =
    cashflowTypes === null || ['ALL', 'NONE'].includes(cashflowTypes)
      ? []
      : cashflowTypes.split(',').map((type) => type.trim().slice(0, 20));
  return {
    timestamp: starts.map((at) => at / 1_000),
    equity: equities.map((equity) => equity.toDecimalPlaces(4).toNumber()),
    profit_loss: equities.map((equity) => equity.minus(base).toDecimalPlaces(4).toNumber()),
    profit_loss_pct: equities.map((equity) =>
      base.isZero() ? 0 : equity.minus(base).div(base).toDecimalPlaces(10).toNumber(),
    ),
    base_value: base.toNumber(),
    ...(before && { base_value_asof: before.date }),
    timeframe,
    cashflow: Object.fromEntries(types.map((type) => [type, starts.map(() => 0)])),
  };
};
