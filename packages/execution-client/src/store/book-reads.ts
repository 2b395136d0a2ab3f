import type {
  ApprovalRow,
  BookReads,
  FillRow,
  OrderRow,
  PositionFill,
  PositionRow,
  StandingRow,
} from '@catalyst/order-life';
import { ASSUMED } from '@catalyst/order-life';
import { add, type DecimalString, type Instant } from '@catalyst/domain';
import type { LocalReads } from './local-database.ts';

const ENDED = "('filled', 'canceled', 'expired', 'replaced', 'rejected', 'refused')";
const IN_ORDER = 'ORDER BY created_at, client_order_id';
/** A list of parameters travels as one JSON text. */
const IN_LIST = 'IN (SELECT value FROM json_each(?))';

/** An order from before entries had parts. */
const WHOLE = { part: 1 };
const asRow = <T>({ row }: { row: string }): T => JSON.parse(row) as T;
const sumOf = (rows: readonly { qty: DecimalString }[]): DecimalString =>
  rows.reduce<DecimalString>((sum, { qty }) => add(sum, qty), '0');

/** What the order life asks of its book, answered from the client's file. */
export const bookReads = (db: LocalReads): BookReads => {
  const orders = (where: string, ...values: (string | null)[]): OrderRow[] =>
    db
      .all<{ row: string }>(`SELECT row FROM orders WHERE ${where} ${IN_ORDER}`, ...values)
      .map((found): OrderRow => ({ ...WHOLE, ...asRow<OrderRow>(found) }));
  const positions = (where: string, ...values: string[]): PositionRow[] =>
    db
      .all<{ row: string }>(
        `SELECT row FROM positions WHERE ${where} ORDER BY created_at, symbol`,
        ...values,
      )
      .map(asRow<PositionRow>);
  const count = (sql: string, ...values: string[]): number =>
    db.one<{ times: number }>(`SELECT count(*) AS times FROM ${sql}`, ...values)!.times;

  return {
    findOrders: async (clientOrderIds, brokerOrderIds) =>
      orders(
        `client_order_id ${IN_LIST} OR broker_order_id ${IN_LIST}`,
        JSON.stringify(clientOrderIds),
        JSON.stringify(brokerOrderIds),
      ),
    readOrder: async (clientOrderId) => orders('client_order_id = ?', clientOrderId)[0],
    listOrdersByApproval: async (approvalId) =>
      orders('approval_id = ?', approvalId).sort((left, right) => left.part - right.part),
    listOrdersOf: async (positionId) => orders('position_id = ?', positionId),
    listLiveOrders: async () => orders(`status NOT IN ${ENDED}`),
    listWatchedOrders: async () =>
      orders(
        `position_id IN (SELECT position_id FROM positions WHERE status <> 'closed')
         OR status NOT IN ${ENDED}`,
      ),
    findAssumed: async ({ symbol, side, filled_qty }) =>
      orders(
        `client_order_id GLOB '${ASSUMED}*' AND broker_order_id IS NULL
         AND symbol = ? AND side = ? AND qty = ?`,
        symbol,
        side,
        filled_qty,
      )[0],
    countOrderEvents: async (clientOrderId, event) =>
      count('order_events WHERE client_order_id = ? AND event = ?', clientOrderId, event),
    listRequested: async (event, requestId) =>
      db.all<{ client_order_id: string; symbol: string }>(
        `SELECT DISTINCT client_order_id, o.symbol FROM order_events e JOIN orders o USING (client_order_id)
         WHERE e.event = ? AND e.details ->> 'request_id' = ? ORDER BY 2, 1`,
        event,
        requestId,
      ),

    readPosition: async (positionId) => positions('position_id = ?', positionId)[0],
    readOpenPosition: async (symbol) => positions("symbol = ? AND status <> 'closed'", symbol)[0],
    listOpenPositions: async () => positions("status <> 'closed'"),
    listFillsOf: async (positionId) =>
      db
        .all<FillRow & { row: string }>(
          `SELECT f.execution_id, f.client_order_id, f.qty, f.price, f.filled_at, o.row
           FROM fills f JOIN orders o USING (client_order_id) WHERE o.position_id = ? ORDER BY f.seq`,
          positionId,
        )
        .map(({ row, ...fill }): PositionFill => {
          const { side, role, exit_reason, is_adopted } = asRow<OrderRow>({ row });
          return { ...fill, side, role, exit_reason, is_adopted };
        }),
    bookedQty: async (clientOrderId) =>
      sumOf(db.all<FillRow>('SELECT qty FROM fills WHERE client_order_id = ?', clientOrderId)),
    knownExecutions: async (executionIds) =>
      new Set(
        db
          .all<FillRow>(
            `SELECT execution_id FROM fills WHERE execution_id ${IN_LIST}`,
            JSON.stringify(executionIds),
          )
          .map(({ execution_id }) => execution_id),
      ),
    lastFillSeq: async () =>
      db.one<{ seq: number }>('SELECT coalesce(max(seq), 0) AS seq FROM fills')!.seq,

    readApproval: async (approvalId) => {
      const found = db.one<Omit<ApprovalRow, 'qty'> & { plan: string }>(
        `SELECT approval_id, intent_hash, plan, decided_at AS approved_at, expires_at
         FROM decisions WHERE approval_id = ?`,
        approvalId,
      );
      if (!found) return undefined;
      const { plan, ...approval } = found;
      return { ...approval, qty: (JSON.parse(plan) as { qty: DecimalString }).qty };
    },
    readStanding: async () => {
      const last = db.one<Pick<StandingRow, 'state' | 'reason'> & { by: string | null }>(
        'SELECT state, reason, by FROM standings ORDER BY number DESC LIMIT 1',
      );
      const { stopped_at, sighted } = db.one<Pick<StandingRow, 'stopped_at' | 'sighted'>>(
        `SELECT (SELECT max(at) FROM (SELECT max(at) AS at FROM standings WHERE act <> 'resume'
             UNION ALL SELECT max(seen_at) FROM halt_sightings)) AS stopped_at,
           (SELECT reason FROM halt_sightings WHERE seen_at > coalesce(
             (SELECT max(at) FROM standings WHERE act = 'resume'), '') ORDER BY seen_at DESC LIMIT 1) AS sighted`,
      )!;
      return {
        state: last?.state ?? null,
        reason: last?.reason ?? null,
        stopped_at,
        sighted,
        on_behalf_of: last?.by ?? null,
        epoch: null,
      };
    },
    readCursor: async () => db.one<{ seq: number }>('SELECT seq FROM cursors')?.seq ?? 0,

    earliestOpen: async (dayStart) =>
      db.one<{ at: Instant | null }>(
        `SELECT min(at) AS at FROM (
           SELECT min(created_at) AS at FROM positions WHERE status <> 'closed' OR exited_at > ?
           UNION ALL SELECT min(created_at) FROM orders WHERE status NOT IN ${ENDED})`,
        dayStart,
      )!.at,
    summarize: async (since, leftOut) => ({
      orders: count('orders WHERE created_at > ?', since),
      fills: count('fills WHERE filled_at > ?', since),
      open_orders: count(`orders WHERE status NOT IN ${ENDED}`),
      open_positions: count("positions WHERE status <> 'closed'"),
      ...(() => {
        const counted = positions('created_at > ?', since).filter(
          ({ symbol }) => !leftOut.includes(symbol),
        );
        return {
          positions: counted.length,
          realized_pnl_usd: add('0', ...counted.map(({ realized_pnl_usd }) => realized_pnl_usd)),
        };
      })(),
    }),
    assumedSymbols: async (since) =>
      db
        .all<{ symbol: string }>(
          `SELECT DISTINCT o.symbol FROM fills f JOIN orders o USING (client_order_id)
           WHERE f.filled_at > ? AND f.execution_id GLOB '${ASSUMED}*' ORDER BY 1`,
          since,
        )
        .map(({ symbol }) => symbol),
  };
};
