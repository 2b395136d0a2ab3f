import type { OrderIntent, RiskDecision, RiskParameters } from '@catalyst/contracts';
import { fromTimeId, later, rMultiple, stableId, toTimeId } from '@catalyst/domain';
import {
  type Alerts,
  AppError,
  type Clock,
  type Queryable,
  type RecordAudit,
} from '@catalyst/service-kit';
import { correlateReturns, type DailyClose } from '../domain/correlation.ts';
import { describeSilence } from '../domain/review/describe-silence.ts';
import { reviewIntent } from '../domain/review/review-intent.ts';
import type { AccountFacts, Commitment, RiskFacts } from '../domain/review/risk-facts.ts';
import type { ClosedTrade } from '../domain/sizing/closed-trade.ts';
import type { Store } from '../store/create-store.ts';
import { hashIntent } from '../store/decisions.ts';
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
  alerts: Alerts;
  audit: RecordAudit;
  parametersFor: (account: AccountFacts | null) => RiskParameters;
  inForce: TradingStateInForce;
  /** Of the desk's disk, in words; a replay's decisions do not depend on the machine. */
  findShortage: () => string | null;
}

/**
 * Reviews an intent once, under one lock, and reserves the capacity of what it approves. Asking
 * again gives the stored answer.
 */
export const createReviewOrder = ({
  store,
  clock,
  alerts,
  audit,
  parametersFor,
  inForce,
  findShortage,
}: Deps) => {
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

  const gatherFacts = async (
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
      halted: describeSilence(minutes, toTimeId(now)),
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

  const decide = (intent: OrderIntent, facts: RiskFacts): RiskDecision => {
    const outcome = reviewIntent(intent, facts, parametersFor(facts.account));
    const { intent_id } = intent;
    return outcome.verdict === 'refused'
      ? { ...outcome, intent_id }
      : { ...outcome, intent_id, approval_id: stableId('approval', intent_id) };
  };

  return {
    /** The review without a reservation. */
    previewOrder: (intent: OrderIntent): Promise<RiskDecision> =>
      store.transaction(async (tx) => decide(intent, (await gatherFacts(tx, intent)).facts)),

    reviewOrder: async (intent: OrderIntent): Promise<RiskDecision> => {
      await inForce.latch();
      return store.transaction(async (tx) => {
        await store.lockReviews(tx);
        const earlier = await store.readDecision(tx, intent.intent_id);
        if (earlier) {
          if (hashIntent(earlier.intent) !== hashIntent(intent))
            throw new AppError(
              'INVALID_REQUEST',
              `intent ${intent.intent_id} was reviewed with other values: give a changed intent a new id`,
            );
          return earlier.decision;
        }
        const { facts, security_id } = await gatherFacts(tx, intent);
        const decision = decide(intent, facts);
        await store.addDecision(tx, intent, security_id, decision, facts.now);
        if (decision.verdict === 'approved') {
          await store.addApproval(tx, intent, security_id, decision, facts.now);
          audit(tx, {
            actor: 'risk',
            action: 'order_approved',
            subject: intent.symbol,
            details: {
              intent_id: intent.intent_id,
              qty: decision.qty,
              risk_usd: decision.risk_usd,
            },
          });
        } else {
          const event = {
            event_id: stableId('refusal', intent.intent_id),
            cycle_id: intent.cycle_id,
            severity: 'info' as const,
            code: decision.code,
            message: `${intent.symbol}: ${decision.message}`,
            used_ratio: null,
            at: facts.now,
          };
          await store.addEvent(tx, event);
          audit(tx, {
            actor: 'risk',
            action: 'order_refused',
            subject: intent.symbol,
            details: {
              intent_id: intent.intent_id,
              code: decision.code,
              limit: decision.limit,
              value: decision.value,
            },
          });
          alerts.stage(tx, { ...event, subject: intent.symbol });
        }
        return decision;
      });
    },
  };
};
