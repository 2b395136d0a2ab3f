import { line as lineSchema, lineNow, wallOf, type Line } from '@catalyst/domain';
import { z } from 'zod';
import { armTimer, repeat, type Clock, type Repeated, type Stop } from './clock.ts';

/** What a process tells whoever moves its line: that it works, or until when nothing is due. */
export type LineReport = { busy: true } | { idle_until: number | null };

export interface LineClock extends Clock {
  /** Goes on along another line; what is armed is armed anew. */
  follow(line: Line): void;
  /** Tells whether work is under way, and from then on whenever that changes. */
  report(to: (report: LineReport) => void): void;
}

/** The wall in fractions of a millisecond, which no correction of the system's time moves. */
export const steadyWall = (): number => performance.timeOrigin + performance.now();

const toInstant = (ms: number) => new Date(ms).toISOString();

interface Wake {
  /** Milliseconds, on the line. */
  due: number;
  fire(): void;
}

/**
 * The clock of a rehearsal: it shows the instant that the wall has on a line, and another process
 * may give it another line at any time.
 */
export const createLineClock = (startsOn: Line): LineClock => {
  let line = startsOn;
  /** Pieces of work under way, without those that sleep. */
  let working = 0;
  const wakes = new Set<Wake>();
  /** How far the line has jumped since each was last done: many small jumps are one large one. */
  const repeated = new Map<Repeated, { ms: number; jumped_ms: number }>();
  let disarm: Stop = () => {};
  let tell: (report: LineReport) => void = () => {};
  const nowMs = (): number => lineNow(line, steadyWall());
  const earliest = (): number => Math.min(...[...wakes].map(({ due }) => due));

  // one timer for all, so that a line that passes several instants wakes them in their order
  const arm = (): void => {
    disarm();
    if (wakes.size > 0)
      disarm = armTimer(Date.now() + wallOf(line, earliest()) - steadyWall(), wake);
  };
  const wake = (): void => {
    const now = nowMs();
    const due = [...wakes].filter((one) => one.due <= now).sort((a, b) => a.due - b.due);
    for (const one of due) {
      wakes.delete(one);
      one.fire();
    }
    arm();
  };
  const wakeAt = (due: number, fire: () => void): Stop => {
    const one: Wake = { due, fire };
    wakes.add(one);
    arm();
    return () => {
      wakes.delete(one);
      arm();
    };
  };

  const report = (): void =>
    tell(working > 0 ? { busy: true } : { idle_until: wakes.size === 0 ? null : earliest() });
  const change = (by: number): void => {
    const before = working;
    working += by;
    if (before > 0 !== working > 0) report();
  };
  const hold = (): Stop => {
    let held = true;
    change(1);
    return () => {
      if (held) change(-1);
      held = false;
    };
  };

  return {
    now: () => toInstant(nowMs()),
    latest: () => toInstant(nowMs()),
    hold,
    sleep: (ms) =>
      new Promise((resolve) => {
        wakeAt(nowMs() + ms, () => {
          change(1);
          resolve();
        });
        change(-1);
      }),
    at: (instant, work) =>
      wakeAt(Date.parse(instant), () => {
        const release = hold();
        void Promise.resolve(work()).finally(release);
      }),
    together: async (works) => {
      change(works.length - 1);
      const ends = works.map(async (work) => work());
      for (const end of ends) void end.catch(() => {}).then(() => change(-1));
      const settled = await Promise.allSettled(ends);
      change(1);
      return settled as never;
    },
    beside: (ms, work) => {
      const since = { ms, jumped_ms: 0 };
      const one = repeat(ms, async () => {
        since.jumped_ms = 0;
        const release = hold();
        await work().finally(release);
      });
      repeated.set(one, since);
      return () => {
        one.stop();
        repeated.delete(one);
      };
    },
    follow: (next) => {
      const before = nowMs();
      line = next;
      const jumped_ms = nowMs() - before;
      for (const [one, since] of repeated) {
        since.jumped_ms += Math.max(0, jumped_ms);
        if (since.jumped_ms >= since.ms) one.atOnce();
      }
      arm();
    },
    report: (to) => {
      tell = to;
      report();
    },
  };
};

/** What the process that moves the line sends: the line, and a number to acknowledge it by. */
const lineMessage = z.object({ line: lineSchema, id: z.number() });

/** Lets the process that started this one move its clock, over the channel between them. */
export const followParent = (clock: LineClock): void => {
  const send = (message: object): void => {
    if (process.connected) process.send!(message);
  };
  process.on('message', (message) => {
    const parsed = lineMessage.safeParse(message);
    if (!parsed.success) return;
    clock.follow(parsed.data.line);
    send({ ack: parsed.data.id });
  });
  // it must not keep a process that has nothing else to do
  process.channel?.unref();
  clock.report(send);
};
