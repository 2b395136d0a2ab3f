import type { Alerts, Clock, EventBus, HaltFile, Log, RecordAudit } from '@catalyst/service-kit';
import { isStop, stateInForce, type Standing } from '../domain/trading-acts.ts';
import type { Store } from '../store/create-store.ts';

interface Deps {
  store: Store;
  clock: Clock;
  alerts: Alerts;
  audit: RecordAudit;
  log: Log;
  haltFile: HaltFile;
  changeStanding: EventBus['changeStanding'];
}

export interface TradingStateInForce {
  /** The trading state with what the halt file says. */
  of: (stored: Standing) => Standing;
  /** Writes a halt of the file down, so that it holds when the file is gone. */
  latch: () => Promise<void>;
}

/**
 * The halt file rules over the database. Whoever sees it first writes it down: taking the file away
 * lifts nothing.
 */
export const createTradingStateInForce = ({
  store,
  clock,
  alerts,
  audit,
  log,
  haltFile,
  changeStanding,
}: Deps): TradingStateInForce => ({
  of: (stored) => stateInForce(stored, haltFile.read()),
  latch: async () => {
    if (haltFile.read() === null) return;
    const from = await store.transaction(async (tx) => {
      await store.lockReviews(tx);
      const stored = await store.readState(tx);
      // a resume may have taken it away meanwhile
      const reason = haltFile.read();
      const isLatched = isStop(stored) && stored.state !== 'reducing';
      if (reason === null || isLatched) return null;
      const by = { actor: 'halt_file' };
      store.addState(tx, { act: 'halt', state: 'halted', reason, ...by, at: clock.latest() });
      audit(tx, {
        ...by,
        action: 'trading_halt',
        subject: 'trading_state',
        details: { from: stored.state, to: 'halted', reason },
      });
      alerts.stage(tx, {
        severity: 'critical',
        code: 'TRADING_HALTED',
        message: `trading is halted: ${reason} (the halt file)`,
      });
      return stored.state;
    });
    if (from === null) return;
    await changeStanding();
    log.info('trading_state_changed', {
      act: 'halt',
      from,
      to: 'halted',
      actor: 'halt_file',
      reason: haltFile.read(),
    });
  },
});
