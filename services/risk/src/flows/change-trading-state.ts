import type { TradingState, TradingStateChange } from '@catalyst/contracts';
import {
  AppError,
  type AlertDraft,
  type Alerts,
  type Clock,
  type EventBus,
  type HaltFile,
  type Log,
  type RecordAudit,
} from '@catalyst/service-kit';
import { applyAct, isStop, nameActor, type Act, type Actor } from '../domain/trading-acts.ts';
import type { Store } from '../store/create-store.ts';
import type { TradingStateInForce } from './trading-state-in-force.ts';

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
  log: Log;
  haltFile: HaltFile;
  inForce: TradingStateInForce;
  changeStanding: EventBus['changeStanding'];
}
type By = Actor & { on_behalf_of: string };
type ChangeState = (act: Act, by: By, reason: string) => Promise<TradingStateChange['lifted']>;

/** A person changes the trading state, with a reason. Doing it again changes nothing. */
const createStoreChange =
  ({ store, clock, alerts, audit, log, haltFile, inForce, changeStanding }: Deps): ChangeState =>
  async (act, by, reason) => {
    // What the file says is stored before anything is decided: from here on it may be written, and
    // taken away, without the desk being anything but halted meanwhile.
    await inForce.latch();
    // a halt writes the file first, so that it holds even when the database fails
    if (act === 'halt' && haltFile.read() === null)
      haltFile.write(`halted by ${nameActor(by)}: ${reason}`);
    const changing = store.transaction(async (tx) => {
      await store.lockReviews(tx);
      const stored = await store.readState(tx);
      const before = act === 'halt' ? stored : inForce.of(stored);
      const outcome = applyAct(act, reason, before, await store.wasArmed(tx));
      if (outcome.kind === 'refused') throw new AppError(outcome.code, outcome.message);
      if (outcome.kind === 'unchanged') return null;
      const { state, reason: stated } = outcome;
      store.addState(tx, { act, state, reason: stated, ...by, at: clock.now() });
      audit(tx, {
        ...by,
        action: `trading_${act}`,
        subject: 'trading_state',
        details: { from: before.state, to: state, reason },
      });
      const lifted = act === 'resume' && isStop(before) ? before : null;
      const removed_halt_file = lifted !== null && haltFile.read() !== null;
      alerts.stage(tx, {
        severity: lifted === null ? SEVERITY[state] : 'info',
        code: `TRADING_${state.toUpperCase() as Uppercase<TradingState>}`,
        message: `trading is ${state}: ${stated} (${nameActor(by)})${lifted === null ? '' : `; it was ${lifted.state}, set by ${lifted.set_by}: ${lifted.reason}`}`,
      });
      // last: should the commit fail, the stored halt stands without the file
      if (lifted !== null) tx.beforeCommit(async () => haltFile.remove());
      return { from: before, to: state, lifted, removed_halt_file };
    });
    // a commit whose end nobody heard may have changed it too
    const change = await changing.finally(changeStanding);
    if (change === null) return null;
    const { from, to, lifted, removed_halt_file } = change;
    log.info('trading_state_changed', { act, from: from.state, to, ...by, reason });
    if (lifted === null) return null;
    const { state: trading_state, reason: lifted_reason, set_by, set_at } = lifted;
    return { trading_state, reason: lifted_reason, set_by, set_at, removed_halt_file };
  };

const STOPS: readonly Act[] = ['pause', 'halt', 'flatten'];

/**
 * The same, where a stop holds without the database: the halt file, which is the graver stop,
 * stands for what cannot be stored; it is written down when the database is back.
 */
export const createChangeTradingState = (deps: Deps): ChangeState => {
  const change = createStoreChange(deps);
  return async (act, by, reason) => {
    try {
      return await change(act, by, reason);
    } catch (error) {
      if (!(error instanceof AppError && error.retryable) || !STOPS.includes(act)) throw error;
      const { haltFile, log } = deps;
      if (haltFile.read() === null)
        haltFile.write(`${act} asked by ${nameActor(by)}, the database being away: ${reason}`);
      log.error('stopped_by_file', { act, ...by, reason, error });
      throw new AppError(
        error.code,
        `the desk is halted by its halt file, since ${error.message}: ${act} is written down when that is over`,
        {},
        error,
      );
    }
  };
};
