import { streaming } from '@alpacahq/alpaca-trade-api';
import { outsideContext, type AlpacaConfig, type Log } from '@catalyst/runtime';
import { readStatus, type MarketStatus } from './wire/status.ts';

export interface MarketStatusHandlers {
  onStatus(status: MarketStatus): void;
  /**
   * The stream listens, at first or again: it tells of changes alone, so that of what did not change
   * since nothing is known.
   */
  onListening(): void;
  onAway(): void;
}

export interface MarketStatuses {
  /** Follows the halts of every stock; whoever calls it ends it. */
  subscribe(handlers: MarketStatusHandlers): { close(): void };
}

/** Alpaca streams its data from a host of its own; any other serves both at one address. */
export const dataStreamUrl = (dataUrl: string, feed: string): string => {
  const url = new URL(dataUrl);
  url.protocol = url.protocol === 'http:' ? 'ws:' : 'wss:';
  if (/(^|\.)alpaca\.markets$/.test(url.hostname)) url.hostname = `stream.${url.hostname}`;
  url.pathname = `/v2/${feed}`;
  return url.href;
};

/** The SDK's stream with statuses taken as they come: their words are the vendor's, and validated. */
class StatusStream extends streaming.StockDataStream {
  readonly #onStatus: (status: MarketStatus) => void;

  constructor(options: streaming.StockDataStreamOptions, onStatus: (status: MarketStatus) => void) {
    super(options);
    this.#onStatus = onStatus;
  }

  protected override handleMessage(message: unknown): void {
    const isStatus = (frame: unknown): boolean => (frame as { T?: unknown } | null)?.T === 's';
    if (!Array.isArray(message)) return super.handleMessage(message);
    for (const frame of message.filter(isStatus)) {
      const status = readStatus(frame);
      if (status) this.#onStatus(status);
    }
    const rest = message.filter((frame) => !isStatus(frame));
    if (rest.length > 0) super.handleMessage(rest);
  }
}

export const createMarketStatuses = ({
  config,
  log,
}: {
  config: AlpacaConfig;
  log: Log;
}): MarketStatuses => ({
  subscribe: ({ onStatus, onListening, onAway }) => {
    let isListening = false;
    const stream = new StatusStream(
      {
        credentials: { keyId: config.ALPACA_API_KEY, secret: config.ALPACA_SECRET_KEY },
        url: dataStreamUrl(config.ALPACA_DATA_URL, config.ALPACA_DATA_FEED),
        maxReconnectAttempts: -1,
        maxReconnectMs: 30_000,
      },
      onStatus,
    );
    stream.on(streaming.EVENT.SUBSCRIPTION, () => {
      isListening = true;
      onListening();
    });
    stream.onDisconnect(() => {
      if (isListening) log.warn('status_stream_lost');
      isListening = false;
      onAway();
    });
    stream.onError((error) => log.warn('status_stream_error', { reason: error }));
    stream.subscribeForStatuses(['*']);
    outsideContext(() => stream.connect());
    return { close: () => stream.disconnect() };
  },
});
