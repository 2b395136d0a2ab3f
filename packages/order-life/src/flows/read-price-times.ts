import { setTimeout as sleep } from 'node:timers/promises';
import type { Instant } from '@catalyst/domain';
import { AppError } from '@catalyst/runtime';
import type { LifeDeps } from './life-deps.ts';

/** Wall time that the age of prices may keep the monitoring; market data away must not hold it up. */
const WITHIN_MS = 1000;

/**
 * When each held stock was last traded or quoted. Of market data that is away nothing is known: what
 * was known ages.
 */
export const createReadPriceTimes =
  ({ broker, settings, log }: LifeDeps) =>
  async (symbols: readonly string[]): Promise<ReadonlyMap<string, Instant>> => {
    if (symbols.length === 0) return new Map();
    const none = new Map<string, Instant>();
    const read = broker.market_data.latestPriceTimes(symbols).catch((error: unknown) => {
      if (!(error instanceof AppError)) throw error;
      log.warn('price_times_unread', { error });
      return none;
    });
    // nothing in a replay may depend on the wall's time
    if (settings.mode === 'replay') return read;
    return Promise.race([read, sleep(WITHIN_MS, none, { ref: false })]);
  };
