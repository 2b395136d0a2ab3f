import { AsyncLocalStorage } from 'node:async_hooks';
import { line as lineSchema, lineNow, wallOf, type Line } from '@catalyst/domain';
import { z } from 'zod';
import { armTimer, repeat, type Clock, type Hold, type Repeated, type Stop } from './clock.ts';

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

/** One hold: how many parts of it go on at the same time, and how many of these sleep. */
interface Work {
  parts: number;
  asleep: number;
}

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
  const underWay = new Set<Work>();
  /** Whose work it is that sleeps: no hold is kept from the time by what another left behind. */
  const atHand = new AsyncLocalStorage<Work>();
  let wasBusy = false;
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

  const isBusy = (): boolean => [...underWay].some(({ parts, asleep }) => asleep < parts);
  const report = (): void => {
    wasBusy = isBusy();
    tell(wasBusy ? { busy: true } : { idle_until: wakes.size === 0 ? null : earliest() });
  };
  const look = (): void => {
    if (isBusy() !== wasBusy) report();
  };
  const hold = (): Hold => {
    const work: Work = { parts: 1, asleep: 0 };
    underWay.add(work);
    look();
    return {
      run: (part) => atHand.run(work, part),
      release: () => {
        underWay.delete(work);
        look();
      },
    };
  };
  const held = async (work: () => void | Promise<void>): Promise<void> => {
    const { run, release } = hold();
    await Promise.resolve(run(work)).finally(release);
  };

  return {
    now: () => toInstant(nowMs()),
    latest: () => toInstant(nowMs()),
    hold,
    sleep: (ms) =>
      new Promise((resolve) => {
        const work = atHand.getStore();
        const turn = (by: number): void => {
          if (work) work.asleep += by;
          look();
        };
        wakeAt(nowMs() + ms, () => {
          turn(-1);
          resolve();
        });
        turn(1);
      }),
    at: (instant, work) => wakeAt(Date.parse(instant), () => void held(work)),
    together: async (works) => {
      const work = atHand.getStore();
      const part = (by: number): void => {
        if (work) work.parts += by;
        look();
      };
      part(works.length - 1);
      const ends = works.map(async (one) => one());
      for (const end of ends) void end.catch(() => {}).then(() => part(-1));
      const settled = await Promise.allSettled(ends);
      part(1);
      return settled as never;
    },
    beside: (ms, work) => {
      const since = { ms, jumped_ms: 0 };
      const one = repeat(ms, async () => {
        since.jumped_ms = 0;
        await held(work);
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

/**
 * What the process that moves the line sends, with a number to acknowledge it by: a line, or the
 * question whether nothing has come that was not read yet.
 */
const lineMessage = z.object({ line: lineSchema.optional(), id: z.number() });

/** Lets the process that started this one move its clock, over the channel between them. */
export const followParent = (clock: LineClock): void => {
  const send = (message: object): void => {
    if (process.connected) process.send!(message);
  };
  process.on('message', (message) => {
    const parsed = lineMessage.safeParse(message);
    if (!parsed.success) return;
    const { line, id } = parsed.data;
    if (line) {
      clock.follow(line);
      send({ ack: id });
    } else setImmediate(send, { ack: id }); // its sockets are read by then, and who works has said so
  });
  // it must not keep a process that has nothing else to do
  process.channel?.unref();
  clock.report(send);
};
