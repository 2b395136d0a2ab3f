import type { EventEmitter } from 'node:events';
import { streaming } from '@alpacahq/alpaca-trade-api';
import {
  AppError,
  outsideContext,
  type AlpacaConfig,
  type Log,
  type TradingMode,
  giveUpAfter,
} from '@catalyst/runtime';
import { readAnswer, type AlpacaConnection } from './alpaca-connection.ts';
import { isForeign } from './read-items.ts';
import { createOrderReader } from './read-orders.ts';
import { refusedKeys } from './vendor-errors.ts';
import { wireTradeUpdate, type TradeUpdate } from './wire/order.ts';

export interface TradeUpdateHandlers {
  /**
   * Called synchronously with each update, in the order of arrival: queue it at once, before any
   * await.
   */
  onUpdate(update: TradeUpdate): void;
  /**
   * The stream listens again after a break: whatever happened in between was not sent and must be
   * fetched by REST.
   */
  onReconnect(): void;
  onDisconnect?(): void;
  /**
   * A frame of a stock's order that cannot be read: an update may be lost and must be fetched by
   * REST. Frames of options and crypto are passed over.
   */
  onGarbage(error: AppError): void;
}

export interface TradeUpdateSubscription {
  /**
   * Resolves once the broker says that it streams the updates; rejects when it refuses the keys.
   */
  ready: Promise<void>;
  isListening(): boolean;
  /** A round trip over the socket: every frame sent before it has reached the handler. */
  ping(timeout_ms?: number): Promise<void>;
  close(): void;
}

export interface TradeUpdates {
  subscribe(handlers: TradeUpdateHandlers): TradeUpdateSubscription;
}

interface Frame {
  stream?: unknown;
  data?: unknown;
}

/** What the SDK's socket is in Node: the one of the package `ws`. */
type Socket = EventEmitter & { readyState: number; ping(): void };
const OPEN = 1;

/**
 * The SDK's stream with its frames taken as they come, so that they are validated like every other
 * answer, and with a ping of our own.
 */
class ValidatedTradingStream extends streaming.TradingStream {
  readonly #onFrame: (data: unknown) => void;

  constructor(options: streaming.TradingStreamOptions, onFrame: (data: unknown) => void) {
    super(options);
    this.#onFrame = onFrame;
  }

  protected override handleMessage(message: unknown): void {
    const frame = message as Frame | null;
    if (frame?.stream === 'trade_updates') this.#onFrame(frame.data);
    else super.handleMessage(message);
  }

  async ping(timeoutMs: number): Promise<void> {
    const socket = this.conn as Socket | undefined;
    if (socket?.readyState !== OPEN)
      throw new AppError('VENDOR_UNAVAILABLE', 'the trade stream is not connected', {
        vendor: 'alpaca',
      });
    await new Promise<void>((resolve, reject) => {
      const answered = (): void => {
        callOff();
        resolve();
      };
      const callOff = giveUpAfter(timeoutMs, () => {
        socket.off('pong', answered);
        reject(
          new AppError(
            'TIMED_OUT',
            `the trade stream did not answer a ping within ${timeoutMs} ms`,
            { vendor: 'alpaca' },
          ),
        );
      });
      socket.once('pong', answered);
      socket.ping();
    });
  }
}

export const createTradeUpdates = (
  {
    config,
    log,
    mode,
  }: {
    config: AlpacaConfig;
    log: Log;
    mode: TradingMode;
  },
  { items }: Pick<AlpacaConnection, 'items'>,
): TradeUpdates => ({
  subscribe: (handlers) => {
    const isReplay = mode === 'replay';
    const { withLegs } = createOrderReader(items);
    let listening = false;
    const take = (data: unknown): void => {
      let update: TradeUpdate;
      try {
        if (isForeign((data as { order?: unknown } | null)?.order)) return;
        const told = readAnswer('trade update', wireTradeUpdate, data);
        update = { ...told, order: withLegs(told.order) };
      } catch (error) {
        handlers.onGarbage(error as AppError);
        return;
      }
      handlers.onUpdate(update);
    };
    const stream = new ValidatedTradingStream(
      {
        credentials: { keyId: config.ALPACA_API_KEY, secret: config.ALPACA_SECRET_KEY },
        url: config.ALPACA_STREAM_URL,
        maxReconnectAttempts: -1,
        initialReconnectMs: isReplay ? 50 : 1000,
        maxReconnectMs: isReplay ? 500 : 30_000,
        // nothing in a replay may depend on chance or on the wall's time
        reconnectJitter: isReplay ? 0 : 0.2,
        pingIntervalMs: isReplay ? 0 : 10_000,
      },
      take,
    );
    const ready = new Promise<void>((resolve, reject) => {
      let wasReady = false;
      stream.on(streaming.EVENT.SUBSCRIPTION, () => {
        listening = true;
        if (wasReady) handlers.onReconnect();
        wasReady = true;
        resolve();
      });
      void stream.whenAuthenticated().then(({ status }) => {
        if (status === streaming.STREAM_AUTH_STATUS.SERVER_REJECTED)
          reject(refusedKeys('the trade stream', config));
      });
    });
    // who does not wait for it learns of a refusal by isListening()
    ready.catch((error: unknown) => log.error('trade_stream_refused', { error }));
    stream.onDisconnect(() => {
      if (listening) log.warn('trade_stream_lost');
      listening = false;
      handlers.onDisconnect?.();
    });
    stream.onError((error) => log.warn('trade_stream_error', { reason: error }));
    stream.subscribeTradeUpdates();
    outsideContext(() => stream.connect());
    return {
      ready,
      isListening: () => listening,
      ping: (timeout_ms = 5000) => stream.ping(timeout_ms),
      close: () => stream.disconnect(),
    };
  },
});
