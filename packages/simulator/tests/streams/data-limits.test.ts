import { describe, expect, it } from '@jest/globals';
import { CLOSE, OPEN, flat, smallDay } from '../small-day.ts';
import { error } from './error.ts';
import { openStream } from './open-stream.ts';
import { testQuietDay } from './quiet-day.ts';
import { asAccount, serveStreamsAlone } from './streams-alone.ts';

const quiet = testQuietDay();
const { start, open } = quiet;

describe('the limits of a data stream', () => {
  it('are one connection for each account and endpoint, and a place is free again after a close', async () => {
    await start({ accounts: 2 });
    const first = await open('/v2/sip');
    await first.authenticate();
    const second = await open('/v2/sip');
    second.send({
      action: 'auth',
      key: quiet.account.simulator.accounts[0]!.key_id,
      secret: quiet.account.simulator.accounts[0]!.secret_key,
    });
    await second.closed;
    expect(second.arrays.at(-1)).toEqual(error(406, 'connection limit exceeded'));
    for (const [path, index] of [
      ['/v2/iex', 0],
      ['/v1beta1/news', 0],
      ['/v2/sip', 1],
    ] as const) {
      const other = await open(path, { index });
      await other.authenticate();
      expect(other.arrays.at(-1)).toEqual([{ T: 'success', msg: 'authenticated' }]);
    }
    first.socket.close();
    await first.closed;
    const third = await open('/v2/sip');
    await third.authenticate();
    expect(third.arrays.at(-1)).toEqual([{ T: 'success', msg: 'authenticated' }]);
  });

  it('may be more connections', async () => {
    await start({ data_connections: 2 });
    for (let count = 0; count < 2; count += 1) {
      const stream = await open('/v2/sip');
      await stream.authenticate();
      expect(stream.arrays.at(-1)).toEqual([{ T: 'success', msg: 'authenticated' }]);
    }
  });

  it('of the basic plan are IEX and thirty symbols, and a refusal leaves subscriptions as they were', async () => {
    await start({ data_plan: 'basic' });
    const consolidated = await open('/v2/sip');
    await consolidated.authenticate();
    expect(consolidated.arrays.at(-1)).toEqual(error(409, 'insufficient subscription'));
    const stream = await open('/v2/iex');
    await stream.authenticate();
    const symbols = Array.from({ length: 30 }, (_, index) => `S${index}`);
    await stream.subscribe({ trades: symbols });
    await stream.subscribe({ quotes: ['ONE'] });
    expect(stream.arrays.at(-1)).toEqual(error(405, 'symbol limit exceeded'));
    await stream.subscribe({ bars: ['*'] });
    expect(stream.arrays.at(-1)![0]).toMatchObject({ trades: symbols, quotes: [], bars: ['*'] });
  });

  it('close a client that does not authenticate in time', async () => {
    const served = await serveStreamsAlone({ auth_timeout_ms: 50 });
    const stream = await openStream(asAccount(served.url), '/v2/sip');
    await stream.closed;
    expect(stream.arrays.at(-1)).toEqual(error(404, 'auth timeout'));
    served.streams.close();
    served.server.close();
  });

  it('close a client that does not read', async () => {
    const symbols = Array.from({ length: 20 }, (_, index) => `S${index}`);
    const served = await serveStreamsAlone(
      { slow_client_bytes: 1_000 },
      smallDay({
        bars: Object.fromEntries(symbols.map((symbol) => [symbol, flat(OPEN, CLOSE, 100)])),
      }),
    );
    const stream = await openStream(asAccount(served.url), '/v2/sip');
    await stream.authenticate();
    await stream.subscribe({ trades: ['*'], quotes: ['*'] });
    stream.socket.pause();
    for (let minute = 1; minute <= 360; minute += 1) {
      served.simulation.stepTo(served.simulation.now() + 60_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    stream.socket.resume();
    await stream.closed;
    const told = stream.messages('error');
    // The socket may break before the last word is read; what is never true is that everything
    // arrives.
    expect(told.length === 0 || told[0]!.code === 407).toBe(true);
    served.streams.close();
    served.server.close();
  }, 20_000);

  it('do not hold for one long step', async () => {
    await start();
    const stream = await open('/v2/sip');
    await stream.authenticate();
    await stream.subscribe({ trades: ['*'], quotes: ['*'] });
    await quiet.account.step('16:30');
    await stream.settled();
    expect(stream.messages('t').reduce((sum, { s }) => sum + s, 0)).toBe(390 * 10_000);
    expect(Math.max(...stream.arrays.map(({ length }) => length))).toBeLessThanOrEqual(500);
  });

  it('are a 404 on any other path', async () => {
    await start();
    await expect(open('/v2/otc')).rejects.toThrow('404');
  });
});
