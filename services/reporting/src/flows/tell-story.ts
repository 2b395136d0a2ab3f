import type { SymbolStory } from '@catalyst/contracts';
import { inNewYork, rMultiple, type Instant } from '@catalyst/domain';
import { AppError, type Clock } from '@catalyst/service-kit';
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
 * From when on what the stock did concerned the desk no more: its last exit, else the last word on
 * it; null while it is held, and where nobody looked at it.
 */
const overAt = ({
  scans,
  decisions,
  positions,
}: Pick<SymbolStory, 'scans' | 'decisions'> & {
  positions: readonly StoryPosition[];
}): Instant | null => {
  const held = positions.filter(({ entered_at }) => entered_at !== null);
  if (held.some(({ status }) => status !== 'closed')) return null;
  const [exited, decided, scanned] = [
    held.map(({ exited_at }) => exited_at),
    decisions.map(({ decided_at }) => decided_at),
    scans.map(({ completed_at }) => completed_at),
  ];
  const words = [exited, decided, scanned].find((times) => times.length > 0) ?? [];
  return words.reduce(
    (last, at) => (last === null || (at !== null && at > last) ? at : last),
    null,
  );
};

/**
 * The chain from headline to result of one stock on one date, by default the latest.
 * @throws AppError UNKNOWN_SYMBOL, naming the stocks that were perhaps meant, or NOT_FOUND for a date
 */
export const createTellStory =
  ({ store, clock }: { store: StoryStore; clock: Pick<Clock, 'latest'> }) =>
  async (symbol: string, tradeDate: string | null): Promise<SymbolStory> => {
    const day = await store.findDay(tradeDate, inNewYork(clock.latest()).date);
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
    const [news, scans, decisions, signals, reviews, proposals, orders, changes, fills, positions] =
      await Promise.all([
        store.news(symbol, day),
        store.scans(symbol, day),
        store.decisions(symbol, day),
        store.signals(symbol, day),
        store.reviews(symbol, day),
        store.proposals(symbol, day),
        store.orders(symbol, day),
        store.changes(symbol, day),
        store.fills(symbol, day),
        store.positions(symbol, day),
      ]);
    const over_at = overAt({ scans, decisions, positions });
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
      proposals,
      orders: orders.map((order) => {
        const isOf = ({ client_order_id }: { client_order_id: string }): boolean =>
          client_order_id === order.client_order_id;
        return { ...order, changes: changes.filter(isOf), fills: fills.filter(isOf) };
      }),
      positions: positions.map(withResult),
      afterwards: over_at === null ? null : await store.priceMove(symbol, day, over_at),
    };
    return { ...story, verdict: storyVerdict(story) };
  };
export type TellStory = ReturnType<typeof createTellStory>;
