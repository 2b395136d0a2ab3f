import { describe, expect, it } from '@jest/globals';
import { error } from './error.ts';
import { testQuietDay } from './quiet-day.ts';

const quiet = testQuietDay();
const { start, open } = quiet;

describe.each([
  ['json', false],
  ['msgpack', true],
])('a data stream in %s', (_name, msgpack) => {
  it('says that it is connected, takes the keys and answers with all subscriptions', async () => {
    await start();
    const stream = await open('/v2/sip', { msgpack });
    await stream.authenticate();
    await stream.subscribe({ trades: ['ACME'], bars: ['*'] });
    stream.send({ action: 'unsubscribe', bars: ['*'] });
    await stream.subscribe({ statuses: ['*'], imbalances: ['ACME'] });
    const none = { quotes: [], bars: [], updatedBars: [], dailyBars: [], statuses: [], lulds: [] };
    const subscription = {
      T: 'subscription',
      trades: ['ACME'],
      ...none,
      corrections: ['ACME'],
      cancelErrors: ['ACME'],
    };
    expect(stream.arrays).toEqual([
      [{ T: 'success', msg: 'connected' }],
      [{ T: 'success', msg: 'authenticated' }],
      [{ ...subscription, bars: ['*'] }],
      [subscription],
      [{ ...subscription, statuses: ['*'], imbalances: ['ACME'] }],
    ]);
  });

  it('takes the keys from the handshake', async () => {
    await start();
    const { key_id, secret_key } = quiet.account.simulator.accounts[0]!;
    const stream = await open('/v1beta1/news', {
      msgpack,
      headers: { 'APCA-API-KEY-ID': key_id, 'APCA-API-SECRET-KEY': secret_key },
    });
    await stream.subscribe({ news: ['*'] });
    expect(stream.arrays).toEqual([
      [{ T: 'success', msg: 'connected' }],
      [{ T: 'success', msg: 'authenticated' }],
      [{ T: 'subscription', news: ['*'] }],
    ]);
  });

  it('refuses with the codes of Alpaca', async () => {
    await start();
    const stream = await open('/v1beta1/news', { msgpack });
    stream.socket.send(msgpack ? Buffer.from([0xc1]) : '{"broken');
    stream.send({ action: 'subscribe', news: ['*'] });
    stream.send({ action: 'auth', key: 'a', secret: 'b' });
    await stream.authenticate();
    await stream.authenticate();
    stream.send({ action: 'dance' });
    stream.send({ action: 'subscribe' });
    stream.send({ action: 'subscribe', news: 'ACME' });
    await stream.subscribe({ news: ['not a symbol'] });
    await stream.subscribe({ trades: ['ACME'] });
    expect(stream.arrays.slice(1)).toEqual([
      error(400, 'invalid syntax'),
      error(401, 'not authenticated'),
      error(402, 'auth failed'),
      [{ T: 'success', msg: 'authenticated' }],
      error(403, 'already authenticated'),
      error(400, 'invalid syntax'),
      error(400, 'invalid syntax'),
      error(400, 'invalid syntax'),
      error(400, 'invalid syntax'),
      error(410, 'invalid subscribe action for this feed'),
    ]);
  });
});
