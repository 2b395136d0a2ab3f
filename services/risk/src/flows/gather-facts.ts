import type { OrderIntent } from '@catalyst/contracts';
import { fromTimeId, later, rMultiple, toTimeId } from '@catalyst/domain';
import { AppError, type Clock, type Queryable } from '@catalyst/service-kit';
import { correlateReturns, type DailyClose } from '../domain/correlation.ts';
import { findHalt } from '../domain/review/find-halt.ts';
import type { Commitment, RiskFacts } from '../domain/review/risk-facts.ts';
import type { ClosedTrade } from '../domain/sizing/closed-trade.ts';
import type { Store } from '../store/create-store.ts';
import type { CommitmentRow } from '../store/standing.ts';
import type { TradingStateInForce } from './trading-state-in-force.ts';

// no new entries in the last hour of the session
const LAST_ENTRY_BEFORE_CLOSE_MS = 60 * 60_000;
// about 60 sessions of daily closes and the holidays between them
export const CORRELATION_DAYS = 100;
/** Daily true ranges that a mean is of; fewer say nothing. */
const RANGE_DAYS = 14;
/** Sessions that a mean volume needs at least. */
const LEAST_VOLUME_DAYS = 5;

interface Deps {
  store: Store;
  clock: Clock;
  inForce: TradingStateInForce;
  /** Of the desk's disk, in words; a replay's decisions do not depend on the machine. */
  findShortage: () => string | null;
}

/** Reads everything that a review looks at, as of one instant. */
export const createGatherFacts = ({ store, clock, inForce, findShortage }: Deps) => {
  const correlate = async (
    tx: Queryable,
    securityId: number,
    held: readonly CommitmentRow[],
    asOf: string,
    since: number,
  ): Promise<Map<number, number | null>> => {
    const others = [...new Set(held.map((row) => row.security_id))].filter(
      (id) => id !== securityId,
    );
    if (others.length === 0) return new Map();
    const closes = new Map<number, DailyClose[]>();
    for (const row of await store.readCloses(tx, [securityId, ...others], asOf, since)) {
      const list = closes.get(row.security_id) ?? [];
      list.push({ trade_date: row.trade_date, close: row.close });
      closes.set(row.security_id, list);
    }
    return new Map(
      others.map((id) => [
        id,
        correlateReturns(closes.get(securityId) ?? [], closes.get(id) ?? []),
      ]),
    );
  };

  return async (
    tx: Queryable,
    intent: OrderIntent,
  ): Promise<{ facts: RiskFacts; security_id: number }> => {
    const now = clock.now();
    const days_since = toTimeId(later(now, -CORRELATION_DAYS * 86_400_000));
    const subject = await store.readSubject(tx, intent.symbol, intent.cycle_id, {
      now_id: toTimeId(now),
      days_since,
    });
    if (!subject)
      throw new AppError(
        'UNKNOWN_SYMBOL',
        `${intent.symbol} is not a security that this desk knows`,
        { symbol: intent.symbol },
      );
    const { security_id, trade_date } = subject;
    if (trade_date === null)
      throw new AppError('NOT_FOUND', `there is no cycle ${intent.cycle_id}`);
    const { state: stored, account, commitments: rows } = await store.readStanding(tx, now);
    const state = inForce.of(stored);
    const correlations = await correlate(tx, security_id, rows, trade_date, days_since);
    const { results, minutes } = subject;
    const firstGain = results.findIndex((result) => !result.startsWith('-'));
    const facts: RiskFacts = {
      now,
      trading_state: state.state,
      trading_state_reason: state.reason,
      reconciliation:
        subject.checked_at === null
          ? null
          : { reconciled: subject.reconciled ?? false, checked_at: subject.checked_at },
      disk_shortage: findShortage(),
      account,
      commitments: rows.map(({ security_id: id, ...row }): Commitment => ({
        ...row,
        correlation: correlations.get(id) ?? null,
      })),
      sector: subject.sector,
      is_tradable: subject.is_tradable,
      is_shortable: subject.is_shortable,
      trading: findHalt(
        subject.is_halted === null
          ? null
          : {
              is_halted: subject.is_halted,
              reason: subject.halt_reason!,
              told_at: subject.status_told_at!,
            },
        subject.listening_since === null
          ? null
          : { since: subject.listening_since, heard_at: subject.heard_at! },
        minutes,
        now,
      ),
      quote:
        subject.quoted_at === null
          ? null
          : {
              bid_price: subject.bid_price!,
              ask_price: subject.ask_price!,
              bid_size: subject.bid_size!,
              ask_size: subject.ask_size!,
              quoted_at: subject.quoted_at,
            },
      last_bar:
        minutes.length === 0
          ? null
          : { close: subject.last_close!, ended_at: fromTimeId(minutes.at(-1)! + 1) },
      true_range: subject.range_days >= RANGE_DAYS ? subject.true_range : null,
      daily_volume: subject.volume_days >= LEAST_VOLUME_DAYS ? subject.volume : null,
      pattern_stops: subject.pattern_stops,
      open_at: subject.open_at,
      last_entry_at: later(subject.close_at!, -LAST_ENTRY_BEFORE_CLOSE_MS),
      last_approved_at: subject.last_approved_at,
      last_exit_at: subject.last_exit_at,
      consecutive_losses: firstGain === -1 ? results.length : firstGain,
      closed_trades: (await store.readClosedTrades(tx)).flatMap((row): ClosedTrade[] => {
        const { direction, entry_price, exit_price, initial_stop_price } = row;
        const r_multiple = rMultiple(direction, entry_price, exit_price, initial_stop_price);
        const { pattern, catalyst_type } = row;
        return r_multiple === null ? [] : [{ r_multiple, pattern, catalyst_type }];
      }),
    };
    return { facts, security_id };
  };
};
export type GatherFacts = ReturnType<typeof createGatherFacts>;
