import { seededNumber } from '../market/seeded-number.ts';
import type { TradingTime } from '../market/trading-time.ts';
import type { SecretHider } from '../secret-hider.ts';
import type { Ledger } from '../ledger.ts';
import { placeOf, type Fault, type WhenCalled } from './fault-schema.ts';
import { FaultError } from './read-faults.ts';

/** A fault in the list, with how often it was asked and how often it answered. */
export interface ListedFault<F extends Fault = Fault> {
  id: string;
  fault: F;
  /** Requests, frames or orders that matched `where` while `when` had them counted. */
  calls: number;
  fired: number;
}

export interface FaultListDeps {
  ledger: Ledger;
  secrets: SecretHider;
  time: TradingTime;
  seed: number;
  now(): number;
}

/** All faults in the order in which they were added. */
export interface FaultList {
  /** Adds all or, where an id is taken, none and throws `FaultError`. */
  add(faults: readonly Fault[]): ListedFault[];
  /** Takes faults away, all of them without an id; false where the id is unknown. */
  remove(id?: string): boolean;
  listed(): readonly ListedFault[];
  /** The first fault of those that match which is due now; every one of them counts the call. */
  due<F extends Fault>(matching: readonly ListedFault<F>[]): ListedFault<F> | null;
  /** Writes into the ledger that a fault has fired, and counts it. */
  record(listed: ListedFault, concerned: Record<string, unknown>): void;
  /** The instant of a New York clock time, with seconds where it has them. */
  instantOf(clock: string): number;
  /** Calls `listener` with all that were added at once. */
  onAdd(listener: (added: readonly ListedFault[]) => void): void;
  onRemove(listener: (removed: readonly ListedFault[]) => void): void;
}

export const createFaultList = ({ ledger, secrets, time, seed, now }: FaultListDeps): FaultList => {
  let faults: ListedFault[] = [];
  let named = 0;
  const addListeners: ((added: readonly ListedFault[]) => void)[] = [];
  const removeListeners: ((removed: readonly ListedFault[]) => void)[] = [];
  const instantOf = (clock: string): number =>
    time.at(clock.slice(0, 5)) + Number(clock.slice(6, 8) || 0) * 1_000;

  const isNow = ({ from, to }: { from?: string | undefined; to?: string | undefined }): boolean =>
    (from === undefined || now() >= instantOf(from)) && (to === undefined || now() < instantOf(to));

  const hits = (listed: ListedFault, when: WhenCalled): boolean => {
    if (when.times !== undefined && listed.fired >= when.times) return false;
    if (when.nth !== undefined)
      return Array.isArray(when.nth) ? when.nth.includes(listed.calls) : when.nth === listed.calls;
    if (when.every !== undefined) return listed.calls % when.every === 0;
    if (when.first !== undefined) return listed.calls <= when.first;
    return (
      when.probability === undefined ||
      seededNumber(seed, 'fault', listed.id, listed.calls) < when.probability
    );
  };

  return {
    instantOf,
    add: (wanted) => {
      const taken = new Set(faults.map(({ id }) => id));
      const entering = wanted.map((fault, index): ListedFault => {
        let { id } = fault;
        while (id === undefined || (fault.id === undefined && taken.has(id))) {
          named += 1;
          id = `fault-${named}`;
        }
        if (taken.has(id)) throw new FaultError([index, 'id'], 'an id that no other fault has', id);
        taken.add(id);
        return { id, fault, calls: 0, fired: 0 };
      });
      faults = [...faults, ...entering];
      for (const listener of addListeners) listener(entering);
      return entering;
    },
    remove: (id) => {
      const leaving = faults.filter((one) => id === undefined || one.id === id);
      faults = id === undefined ? [] : faults.filter((one) => one.id !== id);
      for (const listener of removeListeners) listener(leaving);
      return id === undefined || leaving.length > 0;
    },
    listed: () => faults,
    due: (matching) => {
      let due: (typeof matching)[number] | null = null;
      for (const listed of matching) {
        if (!isNow(listed.fault.when)) continue;
        listed.calls += 1;
        if (due === null && hits(listed, listed.fault.when)) due = listed;
      }
      return due;
    },
    record: (listed, concerned) => {
      listed.fired += 1;
      const { where, what } = listed.fault;
      ledger.append('fault', now(), {
        id: listed.id,
        place: placeOf(where),
        where,
        what,
        ...(secrets.value(concerned) as object),
      });
    },
    onAdd: (listener) => void addListeners.push(listener),
    onRemove: (listener) => void removeListeners.push(listener),
  };
};
