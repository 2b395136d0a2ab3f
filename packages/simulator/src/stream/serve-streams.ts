import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { FindAccount } from '../find-account.ts';
import { createTape } from '../market/tape.ts';
import type { Simulation } from '../simulation.ts';
import { STOCK_CHANNELS } from './channels.ts';
import { SLOW_CLIENT_BYTES } from './client-socket.ts';
import { createDataStream, type DataStream } from './data-stream.ts';
import { createNewsFeed } from './news-feed.ts';
import { sendDirectly, type Outgoing } from './outgoing.ts';
import { MAX_MESSAGE_BYTES } from './read-message.ts';
import { createRecordFrame, type RecordFrame } from './record-frame.ts';
import type { StockFeedName } from './stock-events.ts';
import { createStockFeed } from './stock-feed.ts';
import { TEST_CHANNELS, testEventsBetween } from './test-feed.ts';
import { createTradeUpdatesStream } from './trade-updates-stream.ts';
import { createTradingStatuses } from './trading-statuses.ts';

export const STREAM_PATHS = {
  trade_updates: '/stream',
  stock_data: '/v2/sip',
  news: '/v1beta1/news',
} as const;

/**
 * What the keys have paid for: `basic` sees IEX and the delayed feed, at most 30 symbols with
 * trades and quotes, and by REST what is a quarter of an hour old; `plus` everything.
 */
export type DataPlan = 'basic' | 'plus';

export interface StreamOptions {
  /** The one way out of every stream. */
  outgoing?: Outgoing;
  /** Brings a clock that runs by itself to now. */
  advance?: () => void;
  /**
   * Data connections that an account may have to one endpoint; one, as at Alpaca, where nothing is
   * said.
   */
  data_connections?: number;
  data_plan?: DataPlan;
  /** Milliseconds (wall) in which a data client must have authenticated. */
  auth_timeout_ms?: number;
  /** Bytes that may wait for a client that does not read. */
  slow_client_bytes?: number;
}

export interface Streams {
  close(): void;
}

/** Alpaca's stream for trying a client out at any hour. */
const TEST_PATH = '/v2/test';
const FEEDS: readonly StockFeedName[] = ['sip', 'iex', 'delayed_sip'];
const DELAY_MS = 15 * 60_000;
const AUTH_TIMEOUT_MS = 10_000;
const BASIC_SYMBOL_LIMIT = { most: 30, counted: ['trades', 'quotes'] };

/** All of Alpaca's streams that are served, on one server; any other path is 404. */
export const serveStreams = (
  server: Server,
  simulation: Simulation,
  findAccount: FindAccount,
  options: StreamOptions = {},
): Streams => {
  const {
    outgoing = sendDirectly,
    advance = () => undefined,
    data_connections: connections = 1,
    data_plan: plan = 'plus',
    auth_timeout_ms = AUTH_TIMEOUT_MS,
    slow_client_bytes = SLOW_CLIENT_BYTES,
  } = options;
  const { market } = simulation;
  const recordFrame = createRecordFrame(simulation, findAccount);
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: MAX_MESSAGE_BYTES,
  });
  const shared = {
    connections,
    auth_timeout_ms,
    slow_client_bytes,
    find_account: findAccount,
    record_frame: (...frame: Parameters<RecordFrame>) => {
      advance();
      recordFrame(...frame);
    },
    outgoing,
  };

  const tape = createTape(market);
  const statuses = createTradingStatuses(market, simulation.now());
  const newsFeed = createNewsFeed(market.day.news);
  const newsStream = createDataStream({
    ...shared,
    stream: 'news',
    channels: ['news'],
    symbol_limit: null,
    covered: true,
  });
  const testStream = createDataStream({
    ...shared,
    stream: 'stock_data',
    channels: TEST_CHANNELS,
    symbol_limit: null,
    covered: true,
  });
  const stockStreams = FEEDS.map((name) => ({
    path: `/v2/${name}`,
    delay_ms: name === 'delayed_sip' ? DELAY_MS : 0,
    feed: createStockFeed({ market, tape, statuses }, name),
    stream: createDataStream({
      ...shared,
      stream: 'stock_data',
      channels: STOCK_CHANNELS,
      quiet_channels: ['imbalances'],
      implied: { trades: ['corrections', 'cancelErrors'] },
      symbol_limit: plan === 'basic' ? BASIC_SYMBOL_LIMIT : null,
      covered: plan === 'plus' || name !== 'sip',
    }),
  }));
  const tradeUpdates = createTradeUpdatesStream(simulation, shared);

  const acceptAt = new Map<string, Pick<DataStream, 'accept'>>([
    [STREAM_PATHS.trade_updates, tradeUpdates],
    [STREAM_PATHS.news, newsStream],
    [TEST_PATH, testStream],
    ...stockStreams.map(({ path, stream }) => [path, stream] as const),
  ]);
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    advance();
    const [path = ''] = request.url?.split('?') ?? [];
    // alpaca-trade-api-python has always asked for /stream/.
    const endpoint = acceptAt.get(path.replace(/(?<=[^/])\/$/, ''));
    if (!endpoint) {
      socket.on('error', () => socket.destroy());
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket: WebSocket) =>
      endpoint.accept(webSocket, request),
    );
  });

  let previous = simulation.now();
  simulation.onClock((now) => {
    statuses.advanceTo(now);
    for (const { stream, feed, delay_ms } of stockStreams)
      stream.publish(feed.between(previous - delay_ms, now - delay_ms, stream.wanted));
    if (newsStream.wanted('news').size > 0) newsStream.publish(newsFeed.between(previous, now));
    if (TEST_CHANNELS.some((channel) => testStream.wanted(channel).size > 0))
      testStream.publish(testEventsBetween(previous, now));
    previous = now;
  });

  return {
    close: () => {
      tradeUpdates.close();
      newsStream.close();
      testStream.close();
      for (const { stream } of stockStreams) stream.close();
      sockets.close();
    },
  };
};
