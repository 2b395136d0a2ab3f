import type { Account } from '../exchange/account.ts';
import type { Ledger } from '../ledger.ts';
import { MINUTE_MS } from '../market/trading-time.ts';
import {
  createFrame,
  type FrameReader,
  type Outgoing,
  type OutgoingFrame,
  type SendFrame,
  type StreamName,
} from '../stream/outgoing.ts';
import type { FaultList, ListedFault } from './fault-list.ts';
import { placeOf, type StreamFault } from './fault-schema.ts';

interface Deps {
  list: FaultList;
  ledger: Ledger;
  now(): number;
  onClock(listener: (now: number) => void): void;
}

/**
 * A frame that waits: until `frames` more have left on its stream for the same client, or until an
 * instant, whichever comes first.
 */
interface Waiting {
  stream: StreamName;
  send: SendFrame;
  frame: OutgoingFrame;
  frames: number;
  until: number;
  reader: FrameReader;
}

const isStream = (listed: ListedFault): listed is ListedFault<StreamFault> =>
  placeOf(listed.fault.where) === 'stream';

interface Told {
  event: string | null;
  symbols: readonly string[];
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/**
 * What a message is about: a trade update's event and symbol, or a data message's kind and symbol;
 * an article names several.
 */
const told = (stream: StreamName, message: object): Told => {
  const fields = message as {
    data?: { event?: unknown; order?: { symbol?: unknown } };
    T?: unknown;
    S?: unknown;
    symbols?: unknown;
  };
  if (stream === 'trade_updates')
    return { event: text(fields.data?.event), symbols: [text(fields.data?.order?.symbol) ?? ''] };
  const symbols = Array.isArray(fields.symbols)
    ? fields.symbols.filter((one) => typeof one === 'string')
    : [text(fields.S) ?? ''];
  return { event: text(fields.T), symbols };
};

const concerns = (
  { fault: { where } }: ListedFault<StreamFault>,
  stream: StreamName,
  account: Account | null,
  message: object,
): boolean => {
  if (
    where.stream !== stream ||
    (where.account !== undefined && where.account !== account?.account_number)
  )
    return false;
  if (where.event === undefined && where.symbol === undefined) return true;
  const { event, symbols } = told(stream, message);
  return (
    (where.event === undefined || where.event === event) &&
    (where.symbol === undefined || symbols.includes(where.symbol))
  );
};

/** What the ledger says of a frame. */
const described = (
  stream: StreamName,
  account: Account | null,
  frame: OutgoingFrame,
): Record<string, unknown> => {
  const [message] = frame.messages as { data?: { event?: unknown; seq?: unknown } }[];
  const update =
    stream === 'trade_updates'
      ? { event: message?.data?.event, update_seq: message?.data?.seq }
      : { messages: frame.messages.length };
  return { stream, account_number: account?.account_number ?? null, ...update };
};

export interface StreamFaults {
  outgoing: Outgoing;
  /** Until when, at most, the frames wait that are late. */
  waiting(): number[];
}

/**
 * The one way out of every stream with the list's stream faults in it. A fault that names an event
 * or a symbol concerns those messages of a data frame alone, the others leave as they are. A frame
 * that no fault concerns leaves at once, so that a pong still follows it; what protocol answers say
 * is never touched. Each frame that leaves is a row of the ledger.
 */
export const createStreamFaults = ({ list, ledger, now, onClock }: Deps): StreamFaults => {
  let waiting: Waiting[] = [];

  const release = (isDue: (one: Waiting) => boolean): void => {
    const due = waiting.filter(isDue);
    if (due.length === 0) return;
    waiting = waiting.filter((one) => !due.includes(one));
    for (const { frame, send } of due) send(frame);
  };
  onClock((instant) => release(({ until }) => until <= instant));

  const until = (listed: ListedFault<StreamFault>): { frames: number; until: number } => {
    const { what } = listed.fault;
    const never = Number.POSITIVE_INFINITY;
    // A frame that nothing follows does not wait for ever: it leaves once the minute after is over
    // and has told what it tells.
    if (what.kind !== 'late') return { frames: 1, until: now() + MINUTE_MS + 1 };
    if (what.frames !== undefined) return { frames: what.frames, until: never };
    return {
      frames: never,
      until:
        what.until === undefined ? now() + what.minutes! * MINUTE_MS : list.instantOf(what.until),
    };
  };

  const outgoing: Outgoing = (stream, account, frame, send, reader) => {
    if (frame.kind === 'control') return send(frame);
    const leave: SendFrame = (one) => {
      if (!reader.isOpen()) return;
      ledger.append('message', now(), described(stream, account, one));
      send(one);
    };
    const passed = (): void => {
      for (const one of waiting)
        if (one.stream === stream && one.reader === reader) one.frames -= 1;
      release((one) => one.stream === stream && one.reader === reader && one.frames <= 0);
    };
    const candidates = list
      .listed()
      .filter(
        (listed): listed is ListedFault<StreamFault> =>
          isStream(listed) &&
          frame.messages.some((message) => concerns(listed, stream, account, message)),
      );
    const listed = candidates.length === 0 ? null : list.due(candidates);
    if (!listed) {
      leave(frame);
      return passed();
    }
    const enclosed = stream !== 'trade_updates';
    const hit = frame.messages.filter((message) => concerns(listed, stream, account, message));
    const rest = frame.messages.filter((message) => !hit.includes(message));
    const struck = rest.length === 0 ? frame : createFrame('data', hit, enclosed);
    list.record(listed, described(stream, account, struck));
    if (rest.length > 0) leave(createFrame('data', rest, enclosed));
    switch (listed.fault.what.kind) {
      case 'silence':
      case 'missing':
        return;
      case 'drop':
        return reader.disconnect();
      case 'duplicate':
        leave(struck);
        leave(struck);
        return passed();
      case 'reorder':
      case 'late': {
        const { frames, until: instant } = until(listed);
        waiting.push({ stream, send: leave, frame: struck, frames, until: instant, reader });
      }
    }
  };
  return { outgoing, waiting: () => waiting.map((one) => one.until) };
};
