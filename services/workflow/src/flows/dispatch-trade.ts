import { proposalOutcomes, type OrderIntent, type RiskApproval } from '@catalyst/contracts';
import { entrySide, later, stableId, type Instant } from '@catalyst/domain';
import { AppError, assertHolder, type Transaction } from '@catalyst/service-kit';
import { factsOf } from '../domain/signal-rows.ts';
import { insertDecisions, updateOutcome, type DecisionRow } from '../store/decisions.ts';
import { findStockFacts } from '../store/signals.ts';
import type { FlowDeps } from './flow-deps.ts';
import { entryRefused, stageAlert } from './raise-alert.ts';
import { mayPass } from './run-job.ts';
import { tellCancelled, tellSignal } from './tell-signals.ts';

/** How long friends may act on a signal. */
const SIGNAL_LIFETIME_MS = 300_000;

export interface TradeDecision {
  decision: DecisionRow & { intent_id: string };
  intent: OrderIntent;
  confidence: number;
  catalyst_type: string | null;
  source: string | null;
  headline: string | null;
  relative_volume: number | null;
  /** The name of the person who said yes; null where the cycle decided by itself. */
  by: string | null;
}

export interface Dispatched {
  is_sent: boolean;
  /** `submitted`, or the code of the refusal. */
  outcome: string;
  reason: string | null;
}

/** Keeps the result of a call under a name, where the caller has a place for it. */
export type KeepStep = <T>(name: string, work: () => Promise<T>) => Promise<T>;

/**
 * Writes a decision to trade and its audit row in one transaction; a decision that is written
 * already is left alone.
 */
export const recordTradeDecision = async (
  deps: FlowDeps,
  { decision, intent, by }: TradeDecision,
  alongside: (tx: Transaction) => Promise<void> = async () => {},
): Promise<void> => {
  const { database, audit, log, epoch } = deps;
  await database.transaction(async (tx) => {
    await assertHolder(tx, 'workflow', epoch());
    await alongside(tx);
    const fresh = await insertDecisions(tx, [decision]);
    if (!fresh.has(decision.decision_id)) return;
    const { decision_id, symbol, reason } = decision;
    const { entry_price, stop_price, target_price, direction } = intent;
    const side = entrySide(direction);
    audit(tx, {
      ...(by === null ? { actor: 'workflow' } : { on_behalf_of: by }),
      action: 'trade_decided',
      subject: intent.intent_id,
      details: { ...intent, decision_id, reason },
    });
    tx.afterCommit(() =>
      log.info('trade_decided', {
        symbol,
        side,
        entry_price,
        stop_price,
        target_price,
        reason,
        by: by ?? 'workflow',
      }),
    );
  });
};

/**
 * Writes the signal of a trade that risk approved with that outcome of its decision, before the
 * order is sent: who receives it trades what the desk trades.
 */
const announce = async (
  deps: FlowDeps,
  { decision, intent, ...told }: TradeDecision,
  verdict: RiskApproval,
  at: Instant,
): Promise<void> => {
  const { database, epoch } = deps;
  const { decision_id, cycle_id, scan_id, article_id, pattern, reason } = decision;
  const { confidence, catalyst_type, source, headline, relative_volume } = told;
  const stock = await findStockFacts(database, intent.symbol);
  await database.transaction(async (tx) => {
    await assertHolder(tx, 'workflow', epoch());
    await updateOutcome(tx, decision_id, 'approved', null, { verdict });
    await tellSignal(deps, tx, `decision:${decision_id}`, {
      kind: 'signal',
      signal_id: stableId('signal', decision_id),
      at,
      ...factsOf(
        {
          intent,
          confidence,
          catalyst_type,
          source,
          pattern,
          reason,
          headline,
          relative_volume,
          chain: { cycle_id, decision_id, scan_id, article_id },
        },
        stock,
        at,
        later(at, SIGNAL_LIFETIME_MS),
      ),
    });
  });
};

/**
 * Has risk review the intent, announces what it approved and sends it; every call names the same
 * intent, so doing it again finds what was done.
 */
export const dispatchTrade = async (
  deps: FlowDeps,
  trade: TradeDecision,
  keep: KeepStep,
): Promise<Dispatched> => {
  const { decision, intent } = trade;
  const { risk, trading, settle, database, log } = deps;
  const verdict = await keep(`review:${intent.symbol}`, () => risk.checkOrder({ body: intent }));
  if (verdict.verdict === 'refused') {
    const { code, message, limit, value, max_qty } = verdict;
    const reason = `risk refused: ${message} (limit ${limit}, was ${value}, at most ${max_qty} would pass)`;
    await updateOutcome(database, decision.decision_id, code, reason, { verdict });
    log.info('trade_refused', { symbol: intent.symbol, code, reason });
    return { is_sent: false, outcome: code, reason };
  }
  await announce(deps, trade, verdict, deps.clock.now());
  const sent = await keep(`submit:${intent.symbol}`, async () => {
    try {
      const { order, position } = await trading.submitOrder({
        body: { approval_id: verdict.approval_id, intent },
      });
      return {
        is_sent: true as const,
        client_order_id: order.client_order_id,
        position_id: position.position_id,
        status: order.status,
        reason: order.reason,
      };
    } catch (error) {
      // a fault of ours is no refusal: it ends the job loudly
      if (!(error instanceof AppError) || error.code === 'INTERNAL' || mayPass(error)) throw error;
      return { is_sent: false as const, code: error.code, message: error.message };
    }
  });
  await settle();
  if (!sent.is_sent) {
    await database.transaction(async (tx) => {
      const reason = `the order was not taken: ${sent.message}`;
      await updateOutcome(tx, decision.decision_id, sent.code, reason, { verdict });
      await tellCancelled(deps, tx, decision.decision_id, sent.code, reason);
    });
    return { is_sent: false, outcome: sent.code, reason: sent.message };
  }
  if (sent.status === 'refused') {
    const alert = entryRefused(intent.symbol, sent.reason ?? 'the broker refused it');
    await database.transaction(async (tx) => {
      const { message } = alert;
      await updateOutcome(tx, decision.decision_id, 'ENTRY_REFUSED', message, {
        verdict,
        order: sent,
      });
      await tellCancelled(deps, tx, decision.decision_id, 'ENTRY_REFUSED', message);
      stageAlert(tx, deps, decision.cycle_id, alert);
    });
    log.warn('entry_refused', { symbol: intent.symbol, reason: sent.reason });
    return { is_sent: false, outcome: 'ENTRY_REFUSED', reason: sent.reason };
  }
  await updateOutcome(database, decision.decision_id, 'submitted', null, { verdict, order: sent });
  log.info('trade_submitted', {
    symbol: intent.symbol,
    qty: verdict.qty,
    client_order_id: sent.client_order_id,
  });
  return { is_sent: true, outcome: proposalOutcomes.sent, reason: null };
};
