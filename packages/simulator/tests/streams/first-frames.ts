/** What a public client says first on a stream, as its source writes it. */
export interface FirstFrames {
  client: string;
  path: string;
  codec: 'json' | 'msgpack';
  /** With KEY and SECRET in the place of the keys. */
  frames: readonly Record<string, unknown>[];
  /** The answer to the last of them. */
  answered: Record<string, unknown>;
}

const AUTH = { action: 'auth', key: 'KEY', secret: 'SECRET' };
const LISTENING = { stream: 'listening', data: { streams: ['trade_updates'] } };
const LISTEN = { action: 'listen', data: { streams: ['trade_updates'] } };
const AUTHENTICATE = { action: 'authenticate', data: { key_id: 'KEY', secret_key: 'SECRET' } };

/** Alpaca's answer names every channel of the feed. */
const subscribed = (channels: Record<string, string[]>): Record<string, unknown> => ({
  T: 'subscription',
  trades: [],
  quotes: [],
  bars: [],
  updatedBars: [],
  dailyBars: [],
  statuses: [],
  lulds: [],
  corrections: [],
  cancelErrors: [],
  ...channels,
});

/** marketdata/stream/subscription.go: all that it knows, nil where nothing is asked for. */
const GO_NOTHING = {
  trades: null,
  quotes: null,
  bars: null,
  updatedBars: null,
  dailyBars: null,
  statuses: null,
  imbalances: null,
  lulds: null,
  orderbooks: null,
  news: null,
  pricing: null,
};

export const firstFrames: readonly FirstFrames[] = [
  {
    client: 'alpaca-trade-api-go, bars',
    path: '/v2/sip',
    codec: 'msgpack',
    frames: [AUTH, { action: 'subscribe', ...GO_NOTHING, bars: ['*'] }],
    answered: subscribed({ bars: ['*'] }),
  },
  {
    client: 'alpaca-trade-api-go, with nothing as empty lists',
    path: '/v2/iex',
    codec: 'msgpack',
    frames: [
      AUTH,
      {
        action: 'subscribe',
        ...Object.fromEntries(Object.keys(GO_NOTHING).map((name) => [name, []])),
        quotes: ['ACME'],
      },
    ],
    answered: subscribed({ quotes: ['ACME'] }),
  },
  {
    client: 'alpaca-trade-api-go, news',
    path: '/v1beta1/news',
    codec: 'msgpack',
    frames: [AUTH, { action: 'subscribe', ...GO_NOTHING, news: ['*'] }],
    answered: { T: 'subscription', news: ['*'] },
  },
  {
    client: 'alpaca-py, StockDataStream',
    path: '/v2/iex',
    codec: 'msgpack',
    frames: [AUTH, { trades: ['ACME'], bars: ['ACME', '*'], action: 'subscribe' }],
    answered: subscribed({
      trades: ['ACME'],
      bars: ['ACME', '*'],
      corrections: ['ACME'],
      cancelErrors: ['ACME'],
    }),
  },
  {
    client: 'alpaca-py, NewsDataStream',
    path: '/v1beta1/news',
    codec: 'msgpack',
    frames: [AUTH, { news: ['*'], action: 'subscribe' }],
    answered: { T: 'subscription', news: ['*'] },
  },
  {
    client: 'alpaca-py, TradingStream',
    path: '/stream',
    codec: 'json',
    frames: [AUTHENTICATE, LISTEN],
    answered: LISTENING,
  },
  {
    client: 'alpaca-trade-api-python, which asks for a slash at the end',
    path: '/stream/',
    codec: 'json',
    frames: [AUTHENTICATE, LISTEN],
    answered: LISTENING,
  },
  {
    client: 'alpaca-trade-api-js 3, data_stream_v2',
    path: '/v2/sip',
    codec: 'msgpack',
    frames: [
      AUTH,
      {
        action: 'subscribe',
        trades: ['ACME'],
        quotes: [],
        bars: [],
        updatedBars: [],
        dailyBars: [],
        statuses: [],
        lulds: [],
      },
    ],
    answered: subscribed({ trades: ['ACME'], corrections: ['ACME'], cancelErrors: ['ACME'] }),
  },
  {
    client: 'alpaca-trade-api-js 3, news_stream',
    path: '/v1beta1/news',
    codec: 'msgpack',
    frames: [AUTH, { action: 'subscribe', news: ['ACME'] }],
    answered: { T: 'subscription', news: ['ACME'] },
  },
  {
    client: 'alpaca-trade-api-js 3, trade_ws',
    path: '/stream',
    codec: 'json',
    frames: [AUTHENTICATE, LISTEN],
    answered: LISTENING,
  },
  {
    client: 'alpaca-trade-api-js 4, stockStream',
    path: '/v2/iex',
    codec: 'msgpack',
    frames: [AUTH, { action: 'subscribe', quotes: ['ACME'] }],
    answered: subscribed({ quotes: ['ACME'] }),
  },
  {
    client: 'alpaca-trade-api-js 4, stream',
    path: '/stream',
    codec: 'json',
    frames: [AUTHENTICATE, LISTEN],
    answered: LISTENING,
  },
  {
    client: 'alpaca-trade-api-csharp, data',
    path: '/v2/iex',
    codec: 'json',
    frames: [
      AUTH,
      {
        action: 'subscribe',
        trades: ['ACME'],
        quotes: [],
        bars: [],
        dailyBars: [],
        statuses: [],
        lulds: [],
        news: [],
        updatedBars: [],
        orderbooks: [],
      },
    ],
    answered: subscribed({ trades: ['ACME'], corrections: ['ACME'], cancelErrors: ['ACME'] }),
  },
  {
    client: 'alpaca-trade-api-csharp, trade updates',
    path: '/stream',
    codec: 'json',
    frames: [AUTHENTICATE, LISTEN],
    answered: LISTENING,
  },
];
