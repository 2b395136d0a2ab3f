import { describe, expect, it } from '@jest/globals';
import { encode } from '@msgpack/msgpack';
import fc from 'fast-check';
import { testQuietDay } from './quiet-day.ts';

const quiet = testQuietDay();
const { start, open } = quiet;

describe('whatever a client sends', () => {
  it.each([
    ['/stream', false],
    ['/stream', true],
    ['/v2/sip', false],
    ['/v2/sip', true],
    ['/v1beta1/news', false],
  ])('%s (msgpack %s) still answers the next client', async (path, msgpack) => {
    await start();
    const stream = await open(path, { msgpack });
    await stream.authenticate();
    const value = fc.oneof(
      fc.string({ maxLength: 20 }),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(fc.string({ maxLength: 8 }), { maxLength: 5 }),
      fc.dictionary(fc.string({ maxLength: 8 }), fc.string({ maxLength: 8 }), { maxKeys: 3 }),
    );
    const message = fc
      .record({
        action: fc.constantFrom(
          'subscribe',
          'unsubscribe',
          'listen',
          'unlisten',
          'auth',
          'authenticate',
        ),
        data: value,
        trades: value,
        news: value,
        key: value,
      })
      .map((one) => (msgpack ? encode(one) : JSON.stringify(one)));
    const sent = fc.sample(
      fc.oneof(
        fc.uint8Array({ maxLength: 60 }),
        value.map((one) => encode(one)),
        value.map((one) => JSON.stringify(one)),
        message,
      ),
      { numRuns: 300, seed: 11 },
    );
    for (const [index, bytes] of sent.entries()) {
      stream.socket.send(bytes);
      // Keys that are wrong take the account away on /stream, and too much is not taken from
      // strangers.
      if (index % 20 === 0) await stream.authenticate();
    }
    await stream.settled();
    expect((await quiet.account.get('/sim/status')).status).toBe(200);
  });
});
