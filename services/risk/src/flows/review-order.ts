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
import { reviewIntent } from '../domain/review/review-intent.ts';
import type { Commitment, RiskFacts } from '../domain/review/risk-facts.ts';
import type { Store } from '../store/create-store.ts';
import { hashIntent } from '../store/decisions.ts';
import type { AccountRow, CommitmentRow } from '../store/standing.ts';
import type { TradingStateInForce } from './trading-state-in-force.ts';

// no new entries in the last hour of the session
const LAST_ENTRY_BEFORE_CLOSE_MS = 60 * 60_000;
// about 60 sessions of daily closes and the holidays between them
export const CORRELATION_DAYS = 100;

interface Deps {
  store: Store;
  clock: Clock;
  alerts: Alerts;
  audit: RecordAudit;
  parametersFor: (account: AccountRow | null) => RiskParameters;
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
    now: string,
  ): Promise<Map<number, number | null>> => {
    const others = [...new Set(held.map((row) => row.security_id))].filter(
      (id) => id !== securityId,
    );
    if (others.length === 0) return new Map();
    const closes = new Map<number, DailyClose[]>();
    for (const row of await store.readCloses(
      tx,
      [securityId, ...others],
      asOf,
      toTimeId(later(now, -CORRELATION_DAYS * 86_400_000)),
    )) {
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
    const security = await store.readSecurity(tx, intent.symbol);
    if (!security)
      throw new AppError(
        'UNKNOWN_SYMBOL',
        `${intent.symbol} is not a security that this desk knows`,
        { symbol: intent.symbol },
      );
    const cycle = await store.readCycle(tx, intent.cycle_id);
    if (!cycle) throw new AppError('NOT_FOUND', `there is no cycle ${intent.cycle_id}`);
    const { security_id } = security;
    const { state: stored, account, commitments: rows } = await store.readStanding(tx, now);
    const state = inForce.of(stored);
    const correlations = await correlate(tx, security_id, rows, cycle.trade_date, now);
    const profits = await store.readClosedProfits(tx, security_id, intent.cycle_id);
    const firstGain = profits.findIndex((row) => !row.realized_pnl_usd.startsWith('-'));
    const trades = await store.readClosedTrades(tx);
    const bar = await store.readLastBar(tx, security_id, toTimeId(now));
    const facts: RiskFacts = {
      now,
      trading_state: state.state,
      trading_state_reason: state.reason,
      is_reconciled: await store.isReconciled(tx),
      disk_shortage: findShortage(),
      account,
      commitments: rows.map(({ security_id: id, ...row }): Commitment => ({
        ...row,
        correlation: correlations.get(id) ?? null,
      })),
      sector: security.sector,
      is_shortable: security.is_shortable,
      quote: (await store.readQuote(tx, security_id)) ?? null,
      last_bar: bar ? { close: bar.close, ended_at: fromTimeId(bar.time_id + 1) } : null,
      last_entry_at: later(cycle.close_at, -LAST_ENTRY_BEFORE_CLOSE_MS),
      last_approved_at: await store.lastApprovedAt(tx, security_id),
      consecutive_losses: firstGain === -1 ? profits.length : firstGain,
      closed_r_multiples: trades
        .map((row) =>
          rMultiple(row.direction, row.entry_price, row.exit_price, row.initial_stop_price),
        )
        .filter((value) => value !== null),
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
