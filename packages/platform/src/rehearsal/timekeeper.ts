import type { ChildProcess } from 'node:child_process';
import { setImmediate as immediate, setTimeout as pause } from 'node:timers/promises';
import { lineNow, type Line } from '@catalyst/domain';
import { z } from 'zod';
import { PlatformError } from '../platform-error.ts';

/** All must have been idle for so long before they are asked whether nothing is on its way to them. */
const SETTLE_MS = 12;
/** A jump ends so long before the next wake, which then comes with the wall's own pace. */
const LEAD_MS = 15;
/** Who does not acknowledge a line in this time is dead, and gets the line of its restart. */
const ACKNOWLEDGE_WITHIN_MS = 2000;
/** The exchange goes through every minute on the way. */
const EXCHANGE_WITHIN_MS = 20_000;
/** Nobody idle and no jump for so long: something hangs. */
const STUCK_AFTER_MS = 30_000;

const report = z.union([
  z.object({ busy: z.literal(true) }),
  z.object({ idle_until: z.number().nullable() }),
  z.object({ ack: z.number() }),
]);

interface Member {
  child: ChildProcess | null;
  /** When its next wake is due on the line; null where nothing waits, 'busy' while it works. */
  wake: number | null | 'busy';
  since: number;
  acknowledge: Map<number, () => void>;
  /** Milliseconds by which its clock is wrong. */
  off: number;
}

export interface Timekeeper {
  /** The line as it is now, for a program that starts now. */
  line(): Line;
  now(): number;
  /**
   * Takes a program in: it is told of each jump, and none is made while it works. A program that
   * ends is waited for until it is taken in again.
   */
  join(name: string, child: ChildProcess): void;
  /** Sets one program's clock wrong by so many milliseconds, until it ends or is set right with 0. */
  setWrong(name: string, off_ms: number): Promise<void>;
  /** Lets an ended program be missing. */
  leave(name: string): void;
  /** Lets time pass up to an instant, over all that is idle; PlatformError where something hangs. */
  runTo(instant: number, options?: { jumps?: boolean; signal?: AbortSignal }): Promise<void>;
  jumps(): number;
}

const wall = (): number => performance.timeOrigin + performance.now();

/** The program whose time moves first, since it holds what the others find on the way. */
export const EXCHANGE = 'simulator';

/**
 * Moves the time of a whole desk and its exchange: it passes as the wall's while anybody works, and
 * jumps to shortly before the next wake where all are idle.
 */
export const createTimekeeper = (
  starts_at: number,
  stuck_after_ms = STUCK_AFTER_MS,
): Timekeeper => {
  let line: Line = { w0: wall(), s0: starts_at, f: 1 };
  const members = new Map<string, Member>();
  let messages = 0;
  let jumps = 0;
  /** How often a program has said that it works, or that it does no more. */
  let reports = 0;
  let changed = Promise.withResolvers<void>();
  const change = (): void => {
    changed.resolve();
    changed = Promise.withResolvers();
  };
  const now = (): number => lineNow(line, wall());

  const setWake = (member: Member, wake: Member['wake']): void => {
    if (member.wake !== wake) member.since = wall();
    member.wake = wake;
    reports += 1;
    change();
  };

  const send = async (name: string, member: Member, told: { line?: Line }): Promise<void> => {
    const { child } = member;
    if (!child?.connected) return;
    const id = (messages += 1);
    const acknowledged = new Promise<void>((resolve) => member.acknowledge.set(id, resolve));
    child.send({ ...told, id }, () => {}); // one that ends meanwhile acknowledges nothing
    const within = name === EXCHANGE ? EXCHANGE_WITHIN_MS : ACKNOWLEDGE_WITHIN_MS;
    const timer = new AbortController();
    await Promise.race([
      acknowledged,
      pause(within, undefined, { signal: timer.signal }).catch(() => {}),
    ]);
    timer.abort();
    member.acknowledge.delete(id);
  };

  const sendLine = (name: string, member: Member): Promise<void> =>
    send(name, member, { line: { ...line, s0: line.s0 + member.off } });

  /**
   * Whether all are idle still once each has read what was on its way to it: on a busy machine that
   * may lie in a socket for longer than any wait.
   */
  const isAllRead = async (): Promise<boolean> => {
    await immediate(); // what goes through this process goes on
    const since = reports;
    await Promise.all([...members].map(([name, member]) => send(name, member, {})));
    return reports === since;
  };

  const jumpTo = async (instant: number): Promise<void> => {
    line = { w0: wall(), s0: instant, f: 1 };
    jumps += 1;
    const exchange = members.get(EXCHANGE);
    if (exchange) await sendLine(EXCHANGE, exchange);
    await Promise.all(
      [...members]
        .filter(([name]) => name !== EXCHANGE)
        .map(([name, member]) => sendLine(name, member)),
    );
  };

  /** When the next of all wakes is due; null while anybody works. */
  const nextWake = (): number | null => {
    let next = Infinity;
    for (const { wake } of members.values()) {
      if (wake === 'busy') return null;
      if (wake !== null && wake < next) next = wake;
    }
    return next;
  };

  /** Waits for a report, at most so long; false where none came. */
  const awaitChange = async (ms: number, signal: AbortSignal | undefined): Promise<boolean> => {
    const before = changed.promise;
    const timer = new AbortController();
    const came = await Promise.race([
      before.then(() => true),
      pause(ms, false, {
        signal: signal ? AbortSignal.any([signal, timer.signal]) : timer.signal,
      }).catch(() => false),
    ]);
    timer.abort();
    signal?.throwIfAborted();
    return came;
  };

  const describeBusy = (): string =>
    [...members]
      .filter(([, { wake }]) => wake === 'busy' || (wake !== null && wake <= now()))
      .map(
        ([name, { child, since }]) =>
          `${name} ${child ? 'has worked' : 'has been away'} for ${Math.round((wall() - since) / 1000)} s`,
      )
      .join(', ');

  return {
    line: () => ({ w0: wall(), s0: now(), f: 1 }),
    now,
    jumps: () => jumps,
    join: (name, child) => {
      const member: Member = {
        child,
        wake: 'busy',
        since: wall(),
        acknowledge: members.get(name)?.acknowledge ?? new Map(),
        off: 0,
      };
      members.set(name, member);
      child.on('message', (message) => {
        const { data } = report.safeParse(message);
        if (!data) return;
        if ('busy' in data) setWake(member, 'busy');
        else if ('idle_until' in data)
          setWake(member, data.idle_until === null ? null : data.idle_until - member.off);
        else if ('ack' in data) member.acknowledge.get(data.ack)?.();
      });
      child.once('exit', () => {
        for (const resolve of member.acknowledge.values()) resolve();
        if (members.get(name) !== member) return;
        member.child = null;
        setWake(member, 'busy');
      });
    },
    setWrong: async (name, off_ms) => {
      const member = members.get(name);
      if (!member) throw new Error(`${name} does not follow this time`);
      member.off = off_ms;
      await sendLine(name, member);
    },
    leave: (name) => {
      members.delete(name);
      change();
    },
    runTo: async (instant, { jumps: mayJump = true, signal } = {}) => {
      let movedAt = wall();
      while (now() < instant) {
        if (wall() - movedAt > stuck_after_ms && mayJump)
          throw new PlatformError(`the rehearsal does not go on: ${describeBusy()}`, {
            exit_code: 1,
          });
        const left = instant - now();
        const next = nextWake();
        if (next === null || next <= now() || !mayJump) {
          await awaitChange(Math.min(left, 1000), signal);
          continue;
        }
        if (await awaitChange(SETTLE_MS, signal)) continue;
        const target = Math.min(next - LEAD_MS, instant);
        if (target > now() + LEAD_MS) {
          if (!(await isAllRead())) continue;
          await jumpTo(target);
          movedAt = wall();
        } else await awaitChange(Math.max(1, Math.min(next, instant) - now()), signal);
      }
    },
  };
};
