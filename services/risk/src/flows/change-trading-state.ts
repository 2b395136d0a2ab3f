import type { TradingState } from '@catalyst/contracts';
import {
  AppError,
  type AlertDraft,
  type Alerts,
  type Clock,
  type RecordAudit,
} from '@catalyst/service-kit';
import type { HaltFile } from '../adapters/halt-file.ts';
import type { Store } from '../store/create-store.ts';
import type { TradingStateInForce } from './trading-state-in-force.ts';

export type Act = 'arm' | 'pause' | 'halt' | 'flatten' | 'resume';

const TARGET: Readonly<Record<Act, TradingState>> = {
  arm: 'active',
  pause: 'reducing',
  halt: 'halted',
  flatten: 'flattening',
  resume: 'active',
};

/** An emergency stop is for everybody to know at once. */
const SEVERITY: Readonly<Record<TradingState, AlertDraft['severity']>> = {
  active: 'info',
  reducing: 'warning',
  halted: 'critical',
  flattening: 'critical',
};

interface Deps {
  store: Store;
  clock: Clock;
  alerts: Alerts;
  audit: RecordAudit;
  haltFile: HaltFile;
  stateInForce: TradingStateInForce;
}

/** A person changes the trading state, with a reason. Doing it again changes nothing. */
export const createChangeTradingState =
  ({ store, clock, alerts, audit, haltFile, stateInForce }: Deps) =>
  async (act: Act, by: string, reason: string): Promise<void> => {
    // stopping writes the file first, so that it holds even when the database fails; starting
    // removes it last
    if (act === 'halt') haltFile.write(`halted by ${by}: ${reason}`);
    await store.transaction(async (tx) => {
      await store.lockReviews(tx);
      const stored = await store.readState(tx);
      const before = stored ?? { state: 'halted' as const, reason: 'never armed' };
      const to = TARGET[act];
      if (act === 'resume' && before.reason === 'never armed')
        throw new AppError(
          'INVALID_REQUEST',
          'the desk was never armed: a person arms it once, then it can be resumed',
        );
      if (act === 'arm' && before.state !== 'halted' && before.state !== 'active')
        throw new AppError(
          'INVALID_REQUEST',
          `the desk is ${before.state} (${before.reason}): resume it with a reason`,
        );
      if (before.state === to && stateInForce(stored).state === to) return;
      const at = clock.now();
      store.addState(tx, to, by, reason, at);
      audit(tx, {
        actor: by,
        action: `trading_${act}`,
        subject: 'trading_state',
        details: { from: before.state, to, reason },
      });
      alerts.stage(tx, {
        severity: SEVERITY[to],
        code: `TRADING_${to.toUpperCase()}`,
        message: `trading is ${to}: ${reason} (${by})`,
      });
    });
    if (act === 'arm' || act === 'resume') haltFile.remove();
  };
