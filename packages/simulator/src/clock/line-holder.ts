import type { Line } from '@catalyst/domain';
import { LineError, readLine } from './read-line.ts';

/** What the holder of the line is told: whether time may jump, and how far at most. */
export type HolderMessage = { busy: true } | { idle_until: number | null };

export interface Work {
  /** Something has come that is to be answered; to be called back once it is. */
  begin(): () => void;
  /** To be called when the clock has moved. */
  look(): void;
}

/** Tells the holder of the line, each time that it changes, whether there is work at hand. */
export const createWork = (
  nextWake: () => number | null,
  tell: (message: HolderMessage) => void,
): Work => {
  let atHand = 0;
  let told: number | null | undefined;
  const look = (): void => {
    if (atHand > 0) return;
    const wake = nextWake();
    if (wake === told) return;
    told = wake;
    tell({ idle_until: wake });
  };
  return {
    begin: () => {
      atHand += 1;
      if (atHand === 1) {
        told = undefined;
        tell({ busy: true });
      }
      return () => {
        atHand -= 1;
        look();
      };
    },
    look,
  };
};

type Send = (message: object) => void;

/**
 * What the process that holds the line says: another line, which it wants acknowledged, or a number
 * alone, to be sent back once all that has come is read and its `busy` told.
 */
export const answerHolder = (message: unknown, follow: (line: Line) => void, send: Send): void => {
  const { line, id } = (message ?? {}) as { line?: unknown; id?: unknown };
  if (line === undefined) {
    if (id !== undefined) setImmediate(send, { ack: id });
    return;
  }
  try {
    follow(readLine(line));
    send({ ack: id });
  } catch (error) {
    if (!(error instanceof LineError)) throw error;
    send({ refused: error.message, id });
  }
};
