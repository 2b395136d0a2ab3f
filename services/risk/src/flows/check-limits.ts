import type { RiskParameters, RiskStatus } from '@catalyst/contracts';
import { stableId } from '@catalyst/domain';
import type { Alerts, Clock, Log, RecordAudit } from '@catalyst/service-kit';
import { describeLimitInPart } from '../domain/limits-in-part.ts';
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
}

/**
 * Holds the account against the daily loss each minute: warns once, stops once; what it stopped
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
      const event = { cycle_id: cycleId, code: 'LIMIT_IN_PART', used_ratio: null };
      const message = describeLimitInPart({ limit, reason });
      await store.transaction(async (tx) => {
        const severity = 'warning' as const;
        if (await store.addEvent(tx, { ...event, event_id, severity, message, at }))
          alerts.stage(tx, { ...event, severity, message, subject: limit });
      });
      told.add(event_id);
    }
  };

  return async (cycleId: string): Promise<{ status: RiskStatus; flatten: boolean }> => {
    const before = await readStatus();
    const used = before.daily_loss_used_ratio;
    await tellLimitsInPart(cycleId, before);
    const crossed = crossedLossLimit(used, parameters().warning_ratio);
    if (crossed === null)
      return {
        status: before,
        flatten: before.trading_state === 'flattening' && before.open_positions > 0,
      };

    const severity = crossed === 'DAILY_LOSS_LIMIT' ? 'critical' : 'warning';
    const message = `today's loss is ${before.daily_pnl_usd} USD, ${(used * 100).toFixed(1)} % of the daily limit of ${before.daily_loss_limit_usd} USD`;
    const from = await store.transaction(async (tx) => {
      await store.lockReviews(tx);
      const isNew = await store.addEvent(tx, {
        event_id: stableId('limit', cycleId, crossed),
        cycle_id: cycleId,
        severity,
        code: crossed,
        message,
        used_ratio: used,
        at: clock.now(),
      });
      if (isNew)
        alerts.stage(tx, {
          cycle_id: cycleId,
          severity,
          code: crossed,
          message,
          used_ratio: used,
        });
      const { state } = await store.readState(tx);
      const isToFlatten =
        crossed === 'DAILY_LOSS_LIMIT' &&
        (state === 'active' || (state !== 'flattening' && before.open_positions > 0));
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
        details: { used_ratio: used },
      });
      return state;
    });
    if (from !== null)
      log.info('trading_state_changed', {
        act: 'flatten',
        from,
        to: 'flattening',
        actor: 'risk',
        reason: message,
      });
    const status = await readStatus();
    return { status, flatten: status.trading_state === 'flattening' && status.open_positions > 0 };
  };
};
