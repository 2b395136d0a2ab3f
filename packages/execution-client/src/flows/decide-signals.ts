import type { Brokerage } from '@catalyst/brokerage';
import { later, stableId, type Instant, type TradingHours } from '@catalyst/domain';
import { follow, type FollowDecision, type OwnAccount, type OwnQuote } from '../domain/follow.ts';
import { directionOf, intentOf } from '../domain/intent-of.ts';
import type { SkipCode } from '../domain/skip-code.ts';
import { insertDecision, type DecisionRow } from '../store/decision-store.ts';
import { queueFeedback, type FirstSignal, type ReceivedSignal } from '../store/signal-store.ts';
import type { ClientParts } from './client-parts.ts';

interface Deps extends ClientParts {
  quotes: Pick<Brokerage['market_data'], 'latestQuotes'>;
  readAccount: () => Promise<OwnAccount | null>;
  readHours: () => Promise<TradingHours | null>;
  /** Why the owner's limits cannot be read; null where they can. */
  limitsTrouble: () => string | null;
  /** Hands an entry to the order life; repeating it is harmless. */
  enter: (decision: DecisionRow) => Promise<void>;
}

/** What may be known a moment later; a signal waits so long for it, and no longer than it is valid. */
const MAY_PASS: ReadonlySet<SkipCode> = new Set([
  'quote_unknown',
  'account_unknown',
  'not_reconciled',
  'limits_unread',
]);
const PASSES_WITHIN_MS = 15_000;
/** An entry that was decided goes out at once or not at all. */
const SENT_WITHIN_MS = 60_000;

const earlier = (a: Instant, b: Instant): Instant => (Date.parse(a) <= Date.parse(b) ? a : b);

/**
 * Decides what has come, one signal after the other, each once: the decision, its order's permission
 * and the word to the desk are one row or none. What was decided and cut off goes on from there.
 */
export const createDecideSignals = (deps: Deps) => {
  const { signals, decisions, owner, clock, log, tell, database, profile } = deps;

  const readQuote = async (symbol: string): Promise<OwnQuote | null> => {
    try {
      return (await deps.quotes.latestQuotes([symbol])).get(symbol) ?? null;
    } catch (error) {
      log.warn('quote_not_read', { symbol, error });
      return null;
    }
  };

  const decide = async (
    { signal }: ReceivedSignal<FirstSignal>,
    now: Instant,
  ): Promise<FollowDecision> => {
    const cursor = signals.cursor()!;
    const standing = owner.standing();
    const [quote, account, hours] = await Promise.all([
      readQuote(signal.symbol),
      deps.readAccount(),
      deps.readHours(),
    ]);
    return follow(
      { ...signal, direction: directionOf(signal.side) },
      deps.limits(),
      cursor.configuration.effective,
      {
        now,
        hours,
        quote,
        account,
        is_desk_halted: cursor.is_desk_halted,
        is_cancelled: signals.endOf(signal.signal_id) !== undefined,
        is_paused: standing?.state === 'reducing' || standing?.state === 'halted',
        stopped: standing?.state === 'flattening' ? standing.reason : null,
        limits_unread: deps.limitsTrouble(),
        is_dry_run: !owner.isTradingOn(),
      },
    );
  };

  const keep = async (
    { signal }: ReceivedSignal<FirstSignal>,
    made: FollowDecision,
    now: Instant,
  ): Promise<DecisionRow | null> => {
    const isEntered = made.decision === 'enter';
    const intended = isEntered ? intentOf(signal, made.plan, profile.account_number) : null;
    const row: DecisionRow = {
      signal_id: signal.signal_id,
      seq: signal.seq,
      decided_at: now,
      decision: made.decision,
      code: isEntered ? null : made.code,
      reason: isEntered ? `${made.plan.qty} at ${made.plan.limit_price}` : made.reason,
      plan: made.plan,
      intent: intended?.intent ?? null,
      approval_id: intended?.approval_id ?? null,
      intent_hash: intended?.intent_hash ?? null,
      expires_at: earlier(signal.valid_until, later(now, SENT_WITHIN_MS)),
    };
    const isNew = await database.write((tx) => {
      if (!insertDecision(tx, row)) return false;
      if (!isEntered)
        queueFeedback(
          tx,
          {
            feedback_id: stableId('feedback', signal.signal_id, profile.client_id, 'decision'),
            signal_id: signal.signal_id,
            outcome: made.code === 'dry_run' || made.code === 'expired' ? made.code : 'skipped',
            reason: `${made.code}: ${made.reason}`.slice(0, 500),
            is_dry_run: made.code === 'dry_run',
          },
          now,
        );
      return true;
    });
    return isNew ? row : null;
  };

  const enter = async (decision: DecisionRow): Promise<void> => {
    try {
      await deps.enter(decision);
    } catch (error) {
      log.warn('entry_not_sent', { signal_id: decision.signal_id, error });
      tell({ event: 'fault', message: `the entry was not sent: ${(error as Error).message}` });
    }
  };

  return async (): Promise<void> => {
    for (const decision of decisions.withoutOrder())
      if (Date.parse(clock.now()) < Date.parse(decision.expires_at)) await enter(decision);
    for (const received of signals.undecided()) {
      const now = clock.now();
      const { signal } = received;
      const delay_s = signals.cursor()!.configuration.effective.execution.execution_delay_sec;
      const isOver = Date.parse(now) >= Date.parse(signal.valid_until);
      if (!isOver && Date.parse(now) < Date.parse(later(signal.at, delay_s * 1000))) continue;
      const made = await decide(received, now);
      const mayPass = made.decision === 'skip' && MAY_PASS.has(made.code);
      if (mayPass && Date.parse(now) < Date.parse(later(received.received_at, PASSES_WITHIN_MS)))
        continue;
      const decision = await keep(received, made, now);
      if (decision === null) continue;
      tell({ event: 'decision', signal, decision });
      if (decision.decision === 'enter') await enter(decision);
    }
  };
};
