import type { LimitUse, RiskParameters, RiskStatus } from '@catalyst/contracts';
import { dollarWords, stableId } from '@catalyst/domain';
import type { AlertDraft, Alerts, Clock, EventBus, Log, RecordAudit } from '@catalyst/service-kit';
import { describeLimitInPart } from '../domain/limits-in-part.ts';
import { SELLING } from '../domain/limits-used.ts';
import { crossedLossLimit } from '../domain/review/daily-loss.ts';
import type { Store } from '../store/create-store.ts';
import type { ReadStatus } from './read-status.ts';

interface Deps {
  store: Store;
  clock: Clock;
  alerts: Alerts;
  audit: RecordAudit;
  log: Log;
  parameters: () => RiskParameters;
  readStatus: ReadStatus;
  isSaleConfirmed: () => Promise<boolean>;
  isReplay: boolean;
  changeStanding: EventBus['changeStanding'];
}

/** What a limit is about that is no capacity, but a loss or a danger. */
const LOSING: ReadonlySet<LimitUse['limit']> = new Set([
  'max_correlation',
  'max_consecutive_losses_per_symbol',
]);

/**
 * Holds the account against its limits each minute: each is told once at the warning's share. The
 * daily loss, and the drawdown where it is set, sell at all of it, live after three reads that agree; what it stopped
 * stays stopped until a person resumes. The limit is about what is held: a desk that a person paused
 * or halted, by whatever means, is flattened too.
 */
export const createCheckLimits = ({
  store,
  clock,
  alerts,
  audit,
  log,
  parameters,
  readStatus,
  isSaleConfirmed,
  isReplay,
  changeStanding,
}: Deps) => {
  const told = new Set<string>();

  /** Once a day and limit, for the alerts and the day's report. */
  const tellLimitsInPart = async (
    cycleId: string,
    { limits_in_part }: RiskStatus,
  ): Promise<void> => {
    for (const { limit, reason } of limits_in_part) {
      const event_id = stableId('limit_in_part', cycleId, limit);
      if (told.has(event_id)) continue;
      const at = clock.now();
      const event = { cycle_id: cycleId, code: 'LIMIT_IN_PART', used_ratio: null } as const;
      const message = describeLimitInPart({ limit, reason });
      await store.transaction(async (tx) => {
        const severity = 'warning' as const;
        if (await store.addEvent(tx, { ...event, event_id, severity, message, at }))
          alerts.stage(tx, { ...event, severity, message, subject: limit });
      });
      told.add(event_id);
    }
  };

  /** Each limit whose warning's share is used, once a day; those that sell are told below. */
  const tellLimitsUsed = async (cycleId: string, { limits_used }: RiskStatus): Promise<void> => {
    for (const { limit, used_ratio, value, of } of limits_used) {
      if (SELLING.has(limit) || used_ratio < parameters().warning_ratio) continue;
      const code = used_ratio >= 1 ? 'LIMIT_REACHED' : 'LIMIT_WARNING';
      const event_id = stableId('limit_used', cycleId, limit, code);
      if (told.has(event_id)) continue;
      // places and money are there to be used: full is no warning
      const severity = LOSING.has(limit) ? ('warning' as const) : ('info' as const);
      const message = `${limit} is used to ${(used_ratio * 100).toFixed(1)} % (${value}${of === null ? '' : `, ${of}`})${used_ratio >= 1 ? ': what would go beyond it is refused' : ''}`;
      const event = { cycle_id: cycleId, code, used_ratio, severity, message } as const;
      await store.transaction(async (tx) => {
        if (await store.addEvent(tx, { ...event, event_id, at: clock.now() }))
          alerts.stage(tx, { ...event, subject: limit });
      });
      told.add(event_id);
    }
  };

  /** The selling limit that is used most, where it is used so far that it is told. */
  const crossedOf = ({ limits_used }: RiskStatus) => {
    const most = limits_used.find(({ limit }) => SELLING.has(limit));
    const crossed = most ? crossedLossLimit(most.used_ratio, parameters().warning_ratio) : null;
    if (!most || crossed === null) return null;
    const isDrawdown = most.limit === 'max_drawdown_usd';
    const code: AlertDraft['code'] = isDrawdown
      ? crossed === 'DAILY_LOSS_LIMIT'
        ? 'DRAWDOWN_LIMIT'
        : 'DRAWDOWN_WARNING'
      : crossed;
    return { ...most, code, isReached: crossed === 'DAILY_LOSS_LIMIT', isDrawdown };
  };

  return async (
    cycleId: string,
  ): Promise<{ status: RiskStatus; flatten: boolean; confirm: boolean }> => {
    const before = await readStatus();
    await tellLimitsInPart(cycleId, before);
    await tellLimitsUsed(cycleId, before);
    const crossed = crossedOf(before);
    const asBefore = {
      status: before,
      flatten: before.trading_state === 'flattening' && before.open_positions > 0,
      confirm: false,
    };
    if (crossed === null) return asBefore;
    const { code, isReached, isDrawdown, used_ratio: used, value } = crossed;
    // one read of the account may be wrong; in a replay an instant has but one, which counts thrice
    if (isReached && !isReplay && !(await isSaleConfirmed()))
      return { ...asBefore, confirm: before.trading_state !== 'flattening' };

    const severity = isReached ? 'critical' : 'warning';
    const message = isDrawdown
      ? `the account is ${dollarWords(value)} below the day's highest, ${(used * 100).toFixed(1)} % of max_drawdown_usd`
      : `today's result is ${dollarWords(before.daily_pnl_usd ?? '0')}, ${(used * 100).toFixed(1)} % of the daily limit of ${dollarWords(before.daily_loss_limit_usd)}`;
    const stopping = store.transaction(async (tx) => {
      await store.lockReviews(tx);
      const event = { cycle_id: cycleId, severity, code, message, used_ratio: used } as const;
      const event_id = stableId('limit', cycleId, code);
      if (await store.addEvent(tx, { ...event, event_id, at: clock.now() }))
        alerts.stage(tx, event);
      const { state } = await store.readState(tx);
      const isToFlatten =
        isReached && (state === 'active' || (state !== 'flattening' && before.open_positions > 0));
      if (!isToFlatten) return null;
      const by = { actor: 'risk' };
      store.addState(tx, {
        act: 'flatten',
        state: 'flattening',
        reason: message,
        ...by,
        at: clock.now(),
      });
      audit(tx, {
        ...by,
        action: 'trading_flatten',
        subject: 'trading_state',
        details: { code, used_ratio: used },
      });
      return state;
    });
    const from = await stopping.finally(changeStanding);
    if (from !== null)
      log.info('trading_state_changed', {
        act: 'flatten',
        from,
        to: 'flattening',
        actor: 'risk',
        reason: message,
      });
    const status = await readStatus();
    return {
      status,
      flatten: status.trading_state === 'flattening' && status.open_positions > 0,
      confirm: false,
    };
  };
};
