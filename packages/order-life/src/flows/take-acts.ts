import type { Book, BookTransaction } from '../book.ts';
import type { OrderRow, PositionRow } from '../book-rows.ts';
import type { AssumeShares } from './assume-shares.ts';
import type { TakeActs, UnbookedAct } from '../unbooked.ts';

const CAUSE = 'the book was away';
const CANCELED = 'canceled_without_book';

/**
 * Takes into the book what was done at the broker while it was away, as if it had been written
 * before it was sent. What the broker made of it is read as that of every other order is.
 */
export const createTakeActs = (book: Book, assume: AssumeShares): TakeActs => {
  /** The position whose order it is. Shares that the book did not know are assumed, as at a sync. */
  const positionOf = async (
    tx: BookTransaction,
    { position_id, symbol, side }: OrderRow,
    shares: (UnbookedAct & { kind: 'intended' })['shares'],
  ): Promise<PositionRow | undefined> => {
    const read = async () =>
      (await tx.readPosition(position_id!)) ?? (await tx.readOpenPosition(symbol));
    const position = await read();
    if (position || shares === null) return position;
    await assume(tx, symbol, side === 'sell' ? 'buy' : 'sell', shares.qty, shares.price, 0);
    return read();
  };
  const takeOrder = async (
    tx: BookTransaction,
    { at, row, cause, shares }: UnbookedAct & { kind: 'intended' },
  ): Promise<void> => {
    const details = { cause, booked_later: CAUSE, sent_at: at };
    const { client_order_id, symbol, role, qty } = row;
    const known = await tx.readOrder(client_order_id);
    if (known) {
      if (known.status !== 'intended' || known.qty === qty) return;
      // it was intended before the book went away, for other shares than there were
      return tx.changeOrder(
        { ...known, qty, request: row.request, updated_at: at },
        { event: 'resized', source: 'desk', details: { ...details, from: known.qty, to: qty } },
      );
    }
    const position = await positionOf(tx, row, shares);
    if (
      position &&
      role === 'exit' &&
      position.status !== 'closing' &&
      position.status !== 'closed'
    ) {
      const reason = row.exit_reason ?? 'unprotected';
      await tx.changePosition(
        { ...position, status: 'closing', exit_asked: reason, exit_reason: reason, updated_at: at },
        { event: 'exit_asked', details: { ...details, reason, by: 'trading' }, occurred_at: at },
      );
    }
    const event = { event: `${role}_intended`, source: 'desk' as const, details };
    if (position && !(await tx.addOrder({ ...row, position_id: position.position_id }, event)))
      return;
    tx.audit({
      actor: 'trading',
      action: event.event,
      subject: symbol,
      details: { ...details, client_order_id, qty, is_in_book: position !== undefined },
    });
  };

  const takeAnswer = async (
    tx: BookTransaction,
    { at, client_order_id, outcome, reason }: UnbookedAct & { kind: 'answered' },
  ): Promise<void> => {
    // what the broker took is found there, with what has become of it
    if (outcome === 'accepted') return;
    const known = await tx.readOrder(client_order_id);
    if (known?.status !== 'intended') return;
    await tx.changeOrder(
      { ...known, status: 'refused', reason, updated_at: at },
      { event: 'refused', source: 'desk', details: { reason, booked_later: CAUSE } },
    );
  };

  const takeCancel = async (
    tx: BookTransaction,
    { at, symbol, client_order_id, cause }: UnbookedAct & { kind: 'canceled' },
  ): Promise<void> => {
    const details = { client_order_id, cause, booked_later: CAUSE, sent_at: at };
    const known = await tx.readOrder(client_order_id);
    if (known) {
      if ((await tx.countOrderEvents(client_order_id, CANCELED)) > 0) return;
      await tx.addOrderEvent(known, { event: CANCELED, source: 'desk', details }, at);
    }
    tx.audit({ actor: 'trading', action: CANCELED, subject: symbol, details });
  };

  return (acts) =>
    book.transaction(async (tx) => {
      for (const act of acts)
        if (act.kind === 'intended') await takeOrder(tx, act);
        else if (act.kind === 'answered') await takeAnswer(tx, act);
        else await takeCancel(tx, act);
    });
};
