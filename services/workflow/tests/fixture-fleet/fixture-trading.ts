import type { Order, OrderIntent, Position, tradingApi } from '@catalyst/contracts';
import { stableId } from '@catalyst/domain';
import { AppError, type Database, type Handlers } from '@catalyst/service-kit';
import type { FixtureExchange } from './fixture-exchange.ts';
import { nobodyAsks } from './nobody-asks.ts';

interface Book {
  intent: OrderIntent;
  position_id: string;
  status: Position['status'];
  qty: string;
}

/**
 * A broker's desk that fills an entry at once and an exit in the minute after it was asked for;
 * what it holds is in the positions table, as the real one's.
 */
export const createFixtureTrading = (
  database: Database,
  exchange: FixtureExchange,
  clock: () => string,
) => {
  const books = new Map<string, Book>();
  const drained: number[] = [];
  /** Tests turn it off to see a desk that does not get flat. */
  const behaviour = { fills_exits: true, reconciles: true, takes_entries: true };

  const position = ({ intent, position_id, status, qty }: Book): Position => ({
    position_id,
    cycle_id: intent.cycle_id,
    symbol: intent.symbol,
    direction: intent.direction,
    status,
    qty: status === 'closed' ? '0' : qty,
    entered_qty: qty,
    entry_price: intent.entry_price,
    entered_at: clock(),
    exit_price: null,
    exited_at: null,
    exit_reason: null,
    initial_stop_price: intent.stop_price,
    target_price: intent.target_price,
    last_price: intent.entry_price,
    last_price_at: clock(),
    unrealized_pnl_usd: '0',
    realized_pnl_usd: '0',
    r_multiple: null,
    is_protected: true,
    is_adopted: false,
    intent_id: intent.intent_id,
  });
  const order = ({ intent, position_id, qty }: Book): Order => ({
    client_order_id: `entry-${intent.intent_id}`,
    broker_order_id: null,
    cycle_id: intent.cycle_id,
    position_id,
    symbol: intent.symbol,
    side: 'buy',
    role: 'entry',
    type: 'limit',
    order_class: 'bracket',
    time_in_force: 'day',
    qty,
    filled_qty: qty,
    filled_avg_price: intent.entry_price,
    limit_price: intent.limit_price,
    stop_price: null,
    status: 'filled',
    reason: null,
    created_at: clock(),
    updated_at: clock(),
  });
  const store = async ({ intent, position_id, status, qty }: Book): Promise<void> => {
    await database.query(
      `INSERT INTO positions (position_id, cycle_id, security_id, intent_id, direction, status, qty, entered_qty, realized_pnl_usd, created_at, updated_at)
       VALUES ($1, $2, get_or_create_security($3), $4, $5, $6, $7, $8, '12.5', $9, $9) ON CONFLICT (position_id) DO UPDATE SET status = excluded.status, qty = excluded.qty`,
      [
        position_id,
        intent.cycle_id,
        intent.symbol,
        intent.intent_id,
        intent.direction,
        status,
        status === 'closed' ? '0' : qty,
        qty,
        clock(),
      ],
    );
  };
  const open = (): Book[] => [...books.values()].filter(({ status }) => status !== 'closed');
  const close = async (book: Book): Promise<void> => {
    book.status = 'closing';
    await store(book);
  };

  exchange.onStep = async () => {
    if (!behaviour.fills_exits) return;
    for (const book of open().filter(({ status }) => status === 'closing')) {
      book.status = 'closed';
      await store(book);
      exchange.seq += 1;
    }
  };

  const handlers: Handlers<typeof tradingApi> = {
    submitOrder: async ({ body: { intent } }) => {
      if (!behaviour.takes_entries) {
        const refused: Book = {
          intent,
          position_id: stableId('position', intent.intent_id),
          status: 'closed',
          qty: '100',
        };
        const reason = 'the broker did not take it in 3 tries';
        return {
          order: {
            ...order(refused),
            status: 'refused',
            filled_qty: '0',
            filled_avg_price: null,
            reason,
          },
          position: position(refused),
        };
      }
      let book = books.get(intent.intent_id);
      if (!book) {
        book = {
          intent,
          position_id: stableId('position', intent.intent_id),
          status: 'open',
          qty: intent.qty ?? '100',
        };
        books.set(intent.intent_id, book);
        await store(book);
        exchange.seq += 2;
      }
      return { order: order(book), position: position(book) };
    },
    listOrders: () => ({ orders: [] }),
    listPositions: () => ({ positions: open().map(position) }),
    showPosition: ({ params }) =>
      position([...books.values()].find(({ position_id }) => position_id === params.position_id)!),
    moveStop: () => {
      throw new AppError('NOT_FOUND', 'the fixture moves no stops');
    },
    placeExit: () => {
      throw new AppError('NOT_FOUND', 'the fixture exchanges no exits');
    },
    reducePosition: () => {
      throw new AppError('NOT_FOUND', 'the fixture sells no parts');
    },
    closePosition: async ({ params }) => {
      const book = [...books.values()].find(
        ({ position_id }) => position_id === params.position_id,
      )!;
      await close(book);
      return { position: position(book), left: null };
    },
    closeAllPositions: async () => {
      const closing = open();
      for (const book of closing) await close(book);
      return { closing: closing.map(({ intent }) => intent.symbol), canceled_orders: 0, left: [] };
    },
    stop: nobodyAsks,
    cancelAllOrders: () => ({ canceled_orders: 0 }),
    listReconciliations: () => ({ reconciliations: [] }),
    rebuildBook: () => ({
      orders: 0,
      positions: 0,
      events: 0,
      fills: 0,
      left_out: [],
      differences: [],
    }),
    monitorPositions: () => ({
      account: {
        account_number: 'X',
        mode: 'replay',
        equity_usd: '100000',
        last_equity_usd: '100000',
        cash_usd: '100000',
        buying_power_usd: '200000',
        read_at: clock(),
      },
      positions: open().map(position),
      mended: [],
      acts_mark: clock(),
    }),
    reconcile: () => ({
      reconciliation_id: stableId('reconciliation', clock()),
      reconciled: behaviour.reconciles,
      checked_at: clock(),
      orders: books.size,
      fills: books.size,
      open_positions: open().length,
      open_orders: 0,
      desk_realized_pnl_usd: '0',
      broker_realized_pnl_usd: '0',
      differences: behaviour.reconciles
        ? []
        : [{ kind: 'cash', symbol: null, desk: '1', broker: '2', action: 'none' }],
    }),
    drainStream: ({ body }) => {
      drained.push(body.to_seq);
      // the first fill moves the protective legs, which is an update more
      if (body.to_seq === 2 && exchange.seq === 2) exchange.seq = 3;
      return { seq: body.to_seq };
    },
    showAccount: nobodyAsks,
  };
  return { handlers, drained, behaviour, open };
};
