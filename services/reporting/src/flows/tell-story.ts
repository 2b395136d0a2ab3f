import type { SymbolStory } from '@catalyst/contracts';
import { rMultiple } from '@catalyst/domain';
import { AppError } from '@catalyst/service-kit';
import { nearSymbols } from '../domain/near-symbols.ts';
import { storyVerdict } from '../domain/story-verdict.ts';
import type { StoryPosition, StoryStore } from '../store/story.ts';

const withResult = (position: StoryPosition): SymbolStory['positions'][number] => {
  const { direction, status, entry_price, exit_price, initial_stop_price } = position;
  const isOver = status === 'closed' && entry_price !== null && exit_price !== null;
  return {
    ...position,
    r_multiple: isOver ? rMultiple(direction, entry_price, exit_price, initial_stop_price) : null,
  };
};

/**
 * The chain from headline to result of one stock on one date, by default the latest.
 * @throws AppError UNKNOWN_SYMBOL, naming the stocks that were perhaps meant, or NOT_FOUND for a date
 */
export const createTellStory =
  ({ store }: { store: StoryStore }) =>
  async (symbol: string, tradeDate: string | null): Promise<SymbolStory> => {
    const day = await store.findDay(tradeDate);
    if (!day)
      throw new AppError(
        'NOT_FOUND',
        `the desk has no cycle${tradeDate ? ` of ${tradeDate}` : ''}`,
      );
    const known = await store.securities();
    const security = known.find((one) => one.symbol === symbol);
    if (!security) {
      const near = nearSymbols(symbol, known);
      const traded = await store.tradedSymbols(day.cycle_id);
      const instead =
        near.length > 0
          ? `did you mean ${near.map((one) => (one.name === '' ? one.symbol : `${one.symbol} (${one.name})`)).join(' or ')}?`
          : `it knows ${known.length} stocks, and traded ${traded.join(', ') || 'none'} on ${day.trade_date}`;
      throw new AppError('UNKNOWN_SYMBOL', `the desk knows no stock ${symbol}; ${instead}`, {
        near: near.map((one) => one.symbol),
        traded,
      });
    }
    const [news, scans, decisions, signals, reviews, orders, fills, positions] = await Promise.all([
      store.news(symbol, day),
      store.scans(symbol, day),
      store.decisions(symbol, day),
      store.signals(symbol, day),
      store.reviews(symbol, day),
      store.orders(symbol, day),
      store.fills(symbol, day),
      store.positions(symbol, day),
    ]);
    const story = {
      ...security,
      cycle_id: day.cycle_id,
      trade_date: day.trade_date,
      cycle_state: day.state,
      news,
      scans,
      decisions,
      signals,
      reviews,
      orders: orders.map((order) => ({
        ...order,
        fills: fills.filter((fill) => fill.client_order_id === order.client_order_id),
      })),
      positions: positions.map(withResult),
    };
    return { ...story, verdict: storyVerdict(story) };
  };
export type TellStory = ReturnType<typeof createTellStory>;
