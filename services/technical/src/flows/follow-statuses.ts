import type { Brokerage } from '@catalyst/brokerage';
import type { Instant } from '@catalyst/domain';
import { createTurns, inContext, type Clock, type Log } from '@catalyst/service-kit';
import type { Store } from '../store/create-store.ts';

/** How often it is said that the stream is still listened to; whoever reads it allows a minute. */
const EVERY_MS = 15_000;

interface Deps {
  store: Store;
  broker: Pick<Brokerage, 'market_statuses'>;
  clock: Clock;
  log: Log;
}

/**
 * Keeps the halts that the exchange tells, in their order, and since when it is listened to. What
 * cannot be written is told by nobody else: then nothing was heard.
 */
export const followStatuses = ({ store, broker, clock, log }: Deps) => {
  const inTurn = createTurns();
  let since: Instant | null = null;
  const write = (work: () => Promise<void>): Promise<void> =>
    inTurn(() => inContext({ at: null, caller: 'technical' }, work)).catch((error: unknown) => {
      since = null;
      log.warn('status_not_kept', { error });
    });
  const beat = async (): Promise<void> => {
    const at = clock.latest();
    if (since !== null) await store.saveListening(since, at);
  };
  const { close } = broker.market_statuses.subscribe({
    onStatus: ({ symbol, is_halted, reason }) => {
      const told_at = clock.latest();
      log.info('trading_status', { symbol, is_halted, reason });
      void write(() => store.saveStatus(symbol, { is_halted, reason, told_at }));
    },
    onListening: () => {
      since = clock.latest();
      void write(beat);
    },
    onAway: () => {
      since = null;
    },
  });
  const stopBeating = clock.beside(EVERY_MS, () => write(beat));
  return {
    isListening: (): boolean => since !== null,
    stop: async (): Promise<void> => {
      stopBeating();
      close();
      await inTurn(async () => {});
    },
  };
};
