import { checkLedger, nakedWindows, type LedgerRow } from '@catalyst/platform';
import { isClosedStatus, type ToldOrderStatus } from '@catalyst/domain';
import type { Database } from '@catalyst/service-kit';
import type { BrokerView } from './broker-view.ts';

/** Shares may be without a live stop for so long, beside the time that trading was away. */
const NAKED_ALLOWED_MS = 2000;

/** What the desk's own book says of the trades of the drill. */
interface Book {
  held: { symbol: string; qty: string; status: string; is_protected: boolean }[];
  orders: {
    client_order_id: string;
    broker_order_id: string | null;
    symbol: string;
    role: string;
    status: string;
  }[];
}

const HELD = `SELECT s.symbol, trim_scale(p.qty)::text AS qty, p.status, p.is_protected
  FROM positions p JOIN securities s USING (security_id) WHERE p.status <> 'closed'`;
const ORDERS = `SELECT o.client_order_id, o.broker_order_id, s.symbol, o.role, o.status
  FROM orders o JOIN securities s USING (security_id)`;

export const readBook = async (database: Database): Promise<Book> => {
  const [held, orders] = await Promise.all([
    database.query<Book['held'][number]>(HELD),
    database.query<Book['orders'][number]>(ORDERS),
  ]);
  return { held, orders };
};

const isOver = (status: string): boolean =>
  status === 'refused' || isClosedStatus(status as ToldOrderStatus);

/** Where book and broker differ, or shares are unprotected, in words; empty where all is at rest. */
export const unsettled = (book: Book, broker: BrokerView): string[] => {
  const differences: string[] = [];
  const bookQty = new Map(
    book.held.filter(({ qty }) => qty !== '0').map(({ symbol, qty }) => [symbol, qty]),
  );
  for (const symbol of new Set([...bookQty.keys(), ...broker.positions.keys()])) {
    const [here, there] = [bookQty.get(symbol) ?? '0', broker.positions.get(symbol) ?? '0'];
    if (Number(here) !== Number(there))
      differences.push(`${symbol}: the book has ${here} shares, the broker ${there}`);
  }
  const alive = new Set(broker.orders.map(({ id }) => id));
  const works = (symbol: string, role: string): boolean =>
    book.orders.some(
      (order) =>
        order.symbol === symbol &&
        order.role === role &&
        order.broker_order_id !== null &&
        alive.has(order.broker_order_id),
    );
  for (const { symbol, qty, status, is_protected } of book.held) {
    if (works(symbol, 'exit')) continue; // on its way out, at the market's pace
    if (qty !== '0' && !is_protected) differences.push(`${qty} ${symbol} are not protected`);
    if (status === 'closing' || (status === 'opening' && !works(symbol, 'entry')))
      differences.push(
        `${symbol} is ${status} with ${qty} shares and no order that works (${
          book.orders
            .filter((order) => order.symbol === symbol)
            .map((order) => `${order.role} ${order.status}`)
            .join(', ') || 'no order'
        })`,
      );
  }
  const known = new Map(book.orders.map((order) => [order.broker_order_id, order]));
  for (const { id, symbol, side, status } of broker.orders) {
    const here = known.get(id);
    if (!here) differences.push(`the book does not know the broker's ${side} of ${symbol}`);
    else if (isOver(here.status))
      differences.push(`${here.role} of ${symbol} is ${here.status} here, ${status} at the broker`);
  }
  for (const { broker_order_id, symbol, role, status } of book.orders)
    if (!isOver(status) && (broker_order_id === null || !alive.has(broker_order_id)))
      differences.push(`${role} of ${symbol} is ${status} here, the broker does not have it`);
  return differences;
};

/** When a part of the desk was hit, and when the desk was whole again; on the desk's clock. */
export interface Outage {
  from: number;
  to: number;
}

/** What a case did to the money; each list is empty where nothing went wrong. */
export interface Verdict {
  lost: string[];
  doubled: string[];
  naked: string[];
  limits: string[];
  other: string[];
}

const LIMIT_RULES = new Set(['max_gross_usd', 'max_open_positions', 'min_cash_usd']);

const overlap = (from: number, to: number, outages: readonly Outage[]): number =>
  outages.reduce(
    (sum, outage) => sum + Math.max(0, Math.min(to, outage.to) - Math.max(from, outage.from)),
    0,
  );

/** What the desk asked the broker about orders and positions, with the milliseconds since the beginning. */
const askedWithin = (ledger: readonly LedgerRow[], from: string, length_ms: number): string =>
  ledger
    .flatMap(({ kind, at, method, url }) => {
      const after_ms = Date.parse(at) - Date.parse(from);
      const [path] = String(url).split('?');
      return kind === 'request' &&
        after_ms >= 0 &&
        after_ms <= length_ms &&
        /^\/v2\/(orders|positions)/.test(path!)
        ? `+${after_ms} ${String(method)} ${path}`
        : [];
    })
    .join(', ') || 'nothing';

/**
 * Judges everything that the exchange wrote down after row `after`: an order lost or doubled, shares
 * without a stop beyond the time allowed, a limit exceeded, whatever else a ledger must not hold.
 */
export const judge = (
  ledger: readonly LedgerRow[],
  after: number,
  outages: readonly Outage[],
): Verdict => {
  const verdict: Verdict = { lost: [], doubled: [], naked: [], limits: [], other: [] };
  const violations = checkLedger(ledger, {
    max_open_positions: 5,
    max_gross_usd: '110000',
    min_cash_usd: '0',
  }).filter(({ seq }) => seq > after);
  for (const { rule, message } of violations) {
    if (rule === 'lost_order') verdict.lost.push(message);
    else if (rule === 'doubled_order') verdict.doubled.push(message);
    else if (LIMIT_RULES.has(rule)) verdict.limits.push(message);
    else verdict.other.push(`${rule}: ${message}`);
  }
  for (const { from_seq, from, to, symbol, naked_qty, length_ms } of nakedWindows(ledger)) {
    if (from_seq <= after) continue;
    const allowed = NAKED_ALLOWED_MS + overlap(Date.parse(from), Date.parse(to), outages);
    if (length_ms > allowed)
      verdict.naked.push(
        `${naked_qty} ${symbol} had no stop for ${length_ms} ms from ${from}, ${Math.round(allowed)} were allowed; the desk asked meanwhile: ${askedWithin(ledger, from, length_ms)}`,
      );
  }
  return verdict;
};

/** Entries of a symbol that the broker took after row `after`; more than one is one too many. */
export const entriesTaken = (
  ledger: readonly LedgerRow[],
  symbol: string,
  after: number,
): number => {
  const taken = new Set<string>();
  for (const row of ledger) {
    if (row.seq <= after || row.kind !== 'order') continue;
    const order = row.order as { id: string; symbol: string; side: string; order_class: string };
    if (order.symbol === symbol && order.side === 'buy' && order.order_class === 'bracket')
      taken.add(order.id);
  }
  return taken.size;
};
