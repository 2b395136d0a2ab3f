import { symbol as stockSymbol } from '@catalyst/domain';
import type { Log, CallMetrics } from '@catalyst/runtime';
import type { z } from 'zod';

/** An item of a list that is a stock's and cannot be read, or that says what the desk has no word for. */
export interface UnreadItem {
  list: string;
  symbol: string | null;
  id: string | null;
  field: string;
  reason: string;
}
export type TellUnread = (item: UnreadItem) => void;

const US_STOCK = 'us_equity';

const fieldsOf = (item: unknown): Record<string, unknown> =>
  item !== null && typeof item === 'object' ? (item as Record<string, unknown>) : {};
const textOf = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value : null;

/** What should be a list, as one; what is none is its only item, and will not be readable. */
export const asList = (sent: unknown): readonly unknown[] =>
  Array.isArray(sent) ? sent : sent === null || sent === undefined ? [] : [sent];

/** The broker's id of an item as it came; null where it has none. */
export const idOf = (item: unknown): string | null => {
  const { id } = fieldsOf(item);
  return typeof id === 'number' ? String(id) : textOf(id);
};

/**
 * True for options, crypto and whatever else is no US stock. Executions and corporate actions do
 * not say their class; there the symbol's spelling does.
 */
export const isForeign = (item: unknown): boolean => {
  const { asset_class, class: assetClass, order_class, symbol } = fieldsOf(item);
  if (order_class === 'mleg') return true;
  const told = textOf(asset_class) ?? textOf(assetClass);
  if (told !== null) return told !== US_STOCK;
  const spelled = textOf(symbol);
  return spelled !== null && !stockSymbol.safeParse(spelled).success;
};

/** Bounds what is remembered of what was logged; beyond it the log begins anew. */
const REMEMBERED = 10_000;

/**
 * Reads what Alpaca lists, each item by itself: what is no US stock is passed over and counted; a
 * stock's item that cannot be read is told and logged once, and never takes the others with it.
 */
export const createItemReader = ({ log, metrics }: { log: Log; metrics?: CallMetrics }) => {
  const logged = new Set<string>();

  const tell = (item: UnreadItem, tellUnread?: TellUnread): void => {
    metrics?.listItems.inc({ list: item.list, outcome: 'unread' });
    tellUnread?.(item);
    const key = `${item.list} ${item.symbol} ${item.list === 'bars' ? '' : item.id} ${item.field}`;
    if (logged.has(key)) return;
    if (logged.size >= REMEMBERED) logged.clear();
    logged.add(key);
    log.warn('item_unread', { vendor: 'alpaca', ...item });
  };

  const read = <S extends z.ZodType>(
    list: string,
    schema: S,
    sent: readonly unknown[],
    tellUnread?: TellUnread,
    /** For lists that are kept by symbol. */
    symbol: string | null = null,
  ): z.output<S>[] =>
    sent.flatMap((item) => {
      if (isForeign(item)) {
        metrics?.listItems.inc({ list, outcome: 'passed_over' });
        return [];
      }
      const parsed = schema.safeParse(item);
      if (parsed.success) return [parsed.data];
      const [issue] = parsed.error.issues;
      const { symbol: said, date, t } = fieldsOf(item);
      tell(
        {
          list,
          symbol: symbol ?? textOf(said),
          id: idOf(item) ?? textOf(date) ?? textOf(t),
          field: issue?.path.map(String).join('.') || 'item',
          reason: issue?.message ?? 'unreadable',
        },
        tellUnread,
      );
      return [];
    });

  return { read, tell };
};
export type ItemReader = ReturnType<typeof createItemReader>;
