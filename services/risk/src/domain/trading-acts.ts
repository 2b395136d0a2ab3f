import type { TradingState } from '@catalyst/contracts';

export type Act = 'arm' | 'pause' | 'halt' | 'flatten' | 'resume';

/** Who acts: the key that was shown, and the name that its holder gave. */
export interface Actor {
  actor: string;
  on_behalf_of: string | null;
}
/** Both in words; workflow hands on whose key it was shown, with the name. */
export const nameActor = ({ actor, on_behalf_of }: Actor): string =>
  on_behalf_of === null
    ? actor
    : actor === 'workflow'
      ? on_behalf_of
      : `${actor} for ${on_behalf_of}`;

/** A trading state with who made it so. */
export interface Standing {
  state: TradingState;
  reason: string;
  /** The act that made it; null for a desk on which nobody has acted yet. */
  act: Act | null;
  set_by: string;
  set_at: string | null;
}

export const NEVER_ARMED: Standing = {
  state: 'halted',
  reason: 'never armed',
  act: null,
  set_by: 'nobody',
  set_at: null,
};

/** True for what a person or a limit set, and what only a resume lifts. */
export const isStop = ({ act }: Standing): boolean =>
  act === 'pause' || act === 'halt' || act === 'flatten';

// from the loosest to the strictest
const STRICTNESS: readonly TradingState[] = ['active', 'reducing', 'halted', 'flattening'];
const STOPS_AT = { pause: 'reducing', halt: 'halted', flatten: 'flattening' } as const;

const stricter = (a: TradingState, b: TradingState): TradingState =>
  STRICTNESS.indexOf(a) >= STRICTNESS.indexOf(b) ? a : b;

/** What the halt file says rules over the stored state, unless that is stricter. */
export const stateInForce = (stored: Standing, haltFile: string | null): Standing => {
  if (haltFile === null || stored.state === 'flattening') return stored;
  const isKnown = stored.state === 'halted' && isStop(stored);
  return {
    state: 'halted',
    reason: haltFile,
    act: 'halt',
    set_by: isKnown ? stored.set_by : 'the halt file',
    set_at: isKnown ? stored.set_at : null,
  };
};

export type Outcome =
  | { kind: 'unchanged' }
  | { kind: 'changed'; state: TradingState; reason: string }
  | { kind: 'refused'; code: 'DESK_STOPPED' | 'INVALID_REQUEST'; message: string };

/**
 * What an act makes of the state in force. A stop never loosens another; arming lifts none, and a
 * desk that was stopped before it was armed is as it was installed once that stop is lifted.
 */
export const applyAct = (
  act: Act,
  reason: string,
  inForce: Standing,
  wasArmed: boolean,
): Outcome => {
  if (act === 'arm') {
    if (inForce.state === 'active') return { kind: 'unchanged' };
    if (!isStop(inForce)) return { kind: 'changed', state: 'active', reason };
    const { state, set_by, set_at } = inForce;
    return {
      kind: 'refused',
      code: 'DESK_STOPPED',
      message: `the desk is ${state}, set by ${set_by}${set_at === null ? '' : ` at ${set_at}`}: ${inForce.reason}; arming lifts no stop, resume it with a reason`,
    };
  }
  if (act === 'resume') {
    if (isStop(inForce))
      return wasArmed
        ? { kind: 'changed', state: 'active', reason }
        : { kind: 'changed', state: 'halted', reason: NEVER_ARMED.reason };
    if (inForce.state === 'active') return { kind: 'unchanged' };
    return {
      kind: 'refused',
      code: 'INVALID_REQUEST',
      message: 'the desk was never armed: a person arms it once, then it can be resumed',
    };
  }
  const state = stricter(STOPS_AT[act], inForce.state);
  return isStop(inForce) && state === inForce.state
    ? { kind: 'unchanged' }
    : { kind: 'changed', state, reason };
};
