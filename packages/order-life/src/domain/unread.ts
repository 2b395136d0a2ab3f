import type { Reconciliation } from '@catalyst/contracts';

type Difference = Reconciliation['differences'][number];

/** An item of one of the broker's lists that could not be read. */
export interface UnreadItem {
  list: string;
  symbol: string | null;
  id: string | null;
  field: string;
  reason: string;
}

/**
 * True when an item that could not be read may be about the symbol: then nothing that is missing
 * from the list is known to be gone.
 */
export const hides = (unread: readonly UnreadItem[], symbol: string): boolean =>
  unread.some((item) => item.symbol === null || item.symbol === symbol);

const KINDS: Readonly<Record<string, Difference['kind']>> = {
  orders: 'order',
  legs: 'order',
  positions: 'position',
  fees: 'cash',
};

/** An item that could not be read, told as what it is: something the desk does not know. */
export const unreadDifference = ({ list, symbol, id, field, reason }: UnreadItem): Difference => ({
  kind: KINDS[list] ?? 'fill',
  symbol,
  desk: `cannot read it in ${list}`,
  broker: `${id ?? 'no id'}: ${field}: ${reason}`,
  action: 'left as it was known; a person should look',
});

/** Each once: the same order stands in more than one list, and a leg in its parent or alone. */
export const eachOnce = (unread: readonly UnreadItem[]): UnreadItem[] => [
  ...new Map(
    unread.map((item) => [`${item.id ?? item.list} ${item.symbol} ${item.field}`, item]),
  ).values(),
];
