import { randomBytes } from 'node:crypto';
import type { ServerFrame } from '@catalyst/contracts';
import { eventually } from '@catalyst/testkit';
import { WebSocket, type ClientOptions } from 'ws';

export const randomAddress = (): string => `10.${[...randomBytes(3)].join('.')}`;

/** A client that only keeps what it is told. */
export const openStream = (url: string, options: ClientOptions = {}) => {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws/signals`, options);
  const frames: ServerFrame[] = [];
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  socket.on('message', (data: Buffer) => frames.push(JSON.parse(data.toString()) as ServerFrame));
  socket.on('error', () => {});
  const of = <T extends ServerFrame['type']>(type: T) =>
    frames.filter((frame): frame is Extract<ServerFrame, { type: T }> => frame.type === type);
  return {
    socket,
    frames,
    closed,
    of,
    opened: () =>
      new Promise<void>((resolve, reject) => socket.once('open', resolve).once('error', reject)),
    say: (frame: object | string) =>
      socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame)),
    /** The next frame of a type, or the one that is there. */
    next: async <T extends ServerFrame['type']>(type: T, nth = 1) => {
      await eventually(async () => {
        if (of(type).length < nth)
          throw new Error(`no ${type} yet: ${JSON.stringify(frames.slice(-3))}`);
      });
      return of(type)[nth - 1]!;
    },
  };
};
