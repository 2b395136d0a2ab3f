import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { openAccount, type OpenAccount } from '../open-account.ts';
import { quietDay } from '../small-day.ts';
import { firstFrames, type FirstFrames } from './first-frames.ts';
import { openStream, type OpenStream } from './open-stream.ts';

let account: OpenAccount | null = null;
let stream: OpenStream | null = null;
afterEach(async () => {
  stream?.socket.terminate();
  await account?.close();
});

/** The last that a client is told once it has said all of `frames`. */
const lastTold = async ({ path, codec, frames }: Omit<FirstFrames, 'client' | 'answered'>) => {
  account = await openAccount(quietDay([]));
  const { key_id: key, secret_key: secret } = account.simulator.accounts[0]!;
  stream = await openStream(account, path, { msgpack: codec === 'msgpack' });
  for (const frame of frames)
    stream.send(
      JSON.parse(
        JSON.stringify(frame).replace('"KEY"', `"${key}"`).replace('"SECRET"', `"${secret}"`),
      ),
    );
  await stream.settled();
  return [stream.arrays.at(-1)].flat();
};

describe('what public clients say first on a stream', () => {
  it.each(firstFrames.map((one) => [one.client, one] as const))(
    'is understood: %s',
    async (_client, { answered, ...said }) => {
      expect(await lastTold(said)).toEqual([answered]);
    },
  );
});

const AUTH = { action: 'auth', key: 'KEY', secret: 'SECRET' };
const onSip = (message: Record<string, unknown>) =>
  lastTold({ path: '/v2/sip', codec: 'json', frames: [AUTH, { action: 'subscribe', ...message }] });

describe('a channel of another feed', () => {
  it('is refused where it has symbols, and not asked for where it has none', async () => {
    expect(await onSip({ bars: ['*'], orderbooks: null, news: [] })).toMatchObject([
      { T: 'subscription', bars: ['*'] },
    ]);
  });

  it.each([{ bars: ['*'], news: ['ACME'] }, { pricing: ['*'] }])('is 410: %j', async (message) => {
    expect(await onSip(message)).toMatchObject([{ T: 'error', code: 410 }]);
  });

  it.each([{}, { bars: 'ACME' }, { bars: {} }, { bars: [null] }])(
    'is not needed for a message to be 400: %j',
    async (message) => {
      expect(await onSip(message)).toMatchObject([{ T: 'error', code: 400 }]);
    },
  );
});

describe('the path of a stream', () => {
  const statusOf = async (path: string): Promise<number | undefined> => {
    account = await openAccount(quietDay([]));
    const socket = new WebSocket(account.simulator.url.replace('http', 'ws') + path);
    const [request, answer] = await Promise.race([
      once(socket, 'unexpected-response'),
      once(socket, 'open').then(() => [null, { statusCode: 101 }]),
    ]);
    request?.destroy();
    socket.on('error', () => {});
    socket.terminate();
    return (answer as { statusCode?: number }).statusCode;
  };

  it.each(['/stream/', '/v2/sip/', '/v2/iex/', '/v2/test/', '/v1beta1/news/?a=b'])(
    'may end in a slash: %s',
    async (path) => {
      expect(await statusOf(path)).toBe(101);
    },
  );

  it.each(['/stream//', '/Stream', '/', '/v2/sip/x'])('is 404: %s', async (path) => {
    expect(await statusOf(path)).toBe(404);
  });
});

describe('news in msgpack', () => {
  it('has timestamps, as alpaca-py reads them, and text in JSON', async () => {
    const at = '2026-03-10T14:00:30Z';
    const article = {
      id: 9,
      created_at: at,
      updated_at: at,
      headline: 'Acme wins',
      summary: 's',
      content: 'long',
      author: 'a',
      source: 'northwire',
      url: 'https://news.example/9',
      symbols: ['ACME'],
    };
    account = await openAccount(quietDay([], { news: [article] }), {
      at: '10:00',
      data_connections: 2,
    });
    stream = await openStream(account, '/v1beta1/news', { msgpack: true });
    const text = await openStream(account, '/v1beta1/news');
    for (const one of [stream, text]) {
      await one.authenticate();
      await one.subscribe({ news: ['*'] });
    }
    await account.step('10:01');
    await Promise.all([stream.settled(), text.settled()]);
    text.socket.terminate();
    expect(stream.messages('n')).toMatchObject([{ created_at: new Date(at) }]);
    expect(text.messages('n')).toMatchObject([{ created_at: at, updated_at: at }]);
  });
});
