import { describe, expect, it } from '@jest/globals';
import { streamLimits } from '@catalyst/contracts';
import type { OpenedDesk } from './opened-desk.ts';

/** What becomes of a client that does not keep to the protocol. */
export const describeBadSpeech = (shared: OpenedDesk): void => {
  describe('who speaks the protocol badly', () => {
    it.each([
      ['a half frame', '{"type":"sub', 'NOT_JSON'],
      ['a list', '[1]', 'UNKNOWN_TYPE'],
      ['null', 'null', 'UNKNOWN_TYPE'],
      ['an unknown type', { type: 'buy_everything' }, 'UNKNOWN_TYPE'],
      ['a property of every object as a type', { type: 'constructor' }, 'UNKNOWN_TYPE'],
      [
        'a filter that there is not',
        { type: 'subscribe', filters: { colour: 1 } },
        'INVALID_FRAME',
      ],
      ['a forged seq', { type: 'subscribe', after_seq: 10_000 }, 'SEQ_AHEAD'],
      ['a second auth', { type: 'auth', key: 'x' }, 'ALREADY_AUTHENTICATED'],
      ['filters before a subscription', { type: 'update_filters', filters: {} }, 'NOT_SUBSCRIBED'],
    ])('is told of %s, and stays', async (_, frame, code) => {
      const stream = await shared.open(shared.ann.key);
      await stream.next('welcome');
      stream.say(frame);
      expect(await stream.next('error')).toMatchObject({ code });
      stream.say({ type: 'ping', id: 'still here' });
      expect(await stream.next('pong')).toMatchObject({ id: 'still here' });
    });
    it('is told before any key that a key comes first', async () => {
      const stream = await shared.open();
      stream.say({ type: 'subscribe' });
      expect(await stream.next('error')).toMatchObject({ code: 'NOT_AUTHENTICATED' });
    });
    it.each([
      ['a binary frame', Buffer.from([1, 2, 3]), 'binary_frame', 1003],
      ['a frame over the limit', 'x'.repeat(streamLimits.frame_bytes + 1), 'frame_too_large', 1009],
    ])('is left for %s, with a word', async (_, frame, reason, code) => {
      const stream = await shared.open(shared.ann.key);
      await stream.next('welcome');
      stream.socket.send(frame);
      expect(await stream.next('goodbye')).toMatchObject({ reason });
      expect(await stream.closed).toBe(code);
    });
    it('is cut off by a frame that no reader should hold', async () => {
      const stream = await shared.open(shared.ann.key);
      await stream.next('welcome');
      stream.socket.send('x'.repeat(1_000_000));
      expect(await stream.closed).toBe(1009);
    });
    it('is not read beyond eight messages a second, and left when it goes on', async () => {
      const stream = await shared.open(shared.ann.key);
      await stream.next('welcome');
      for (let n = 0; n < 100; n += 1) stream.say({ type: 'ping' });
      expect(await stream.next('error')).toMatchObject({ code: 'TOO_MANY_MESSAGES' });
      expect(await stream.closed).toBe(4007);
      expect(stream.of('pong').length).toBeLessThanOrEqual(streamLimits.messages_per_second + 2);
    });
    it('as the page of another site, or by another name of this machine, does not get a stream', async () => {
      for (const headers of [{ origin: 'https://evil.example' }, { host: 'rebound.example' }])
        await expect(shared.open(undefined, { headers })).rejects.toThrow('403');
    });
  });
};
