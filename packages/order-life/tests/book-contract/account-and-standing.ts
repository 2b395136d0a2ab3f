import { expect, it } from '@jest/globals';
import { add, minute } from './new-rows.ts';
import type { TestedBook } from './tested-book.ts';

/** What the broker says of the account, how far its stream was read, and who halted. */
export const promiseAccountAndStanding = (tested: TestedBook): void => {
  it('moves its place in the stream on, and never back', async () => {
    const { book } = tested;
    for (const seq of [7, 5, 9]) await book.transaction((tx) => tx.moveCursor(seq, minute(1)));
    expect(await book.readCursor()).toBe(9);
  });

  it('keeps what the broker says of money once, and says what was new', async () => {
    const { book } = tested;
    const transfer = {
      id: 't-1',
      trade_date: '2026-03-10',
      amount_usd: '500',
      is_canceled: false,
    };
    const save = (...transfers: (typeof transfer)[]) =>
      book.transaction((tx) => tx.saveTransfers(transfers as never, minute(1)));
    expect(await save(transfer)).toBe(1);
    expect(await save(transfer)).toBe(0);
    expect(await save({ ...transfer, is_canceled: true })).toBe(1);
    expect(await save()).toBe(0);
  });

  it('puts the prices of what is held beside the account, as of one instant', async () => {
    const { book } = tested;
    const position = tested.newPosition();
    await book.transaction((tx) => add(tx, position));
    const mark = {
      position_id: position.position_id,
      last_price: '101.5',
      last_price_at: minute(30),
      unrealized_pnl_usd: '150.00',
    };
    const account = {
      read_at: minute(31),
      account_number: 'PA1',
      equity_usd: '100000',
      last_equity_usd: '100000',
      cash_usd: '90000',
      buying_power_usd: '180000',
      maintenance_margin_usd: null,
      blocked_reason: null,
      fills_seq: 0,
    };
    await book.transaction((tx) => tx.saveAccount(account, [mark]));
    const marked = (await book.readPosition(position.position_id))!;
    expect(marked).toMatchObject({ last_price: '101.5', last_price_at: minute(30) });
    expect(Number(marked.unrealized_pnl_usd)).toBe(150);
    // also as a transaction of its own
    const moved = { ...mark, last_price: '102', unrealized_pnl_usd: '200.00' };
    await book.saveAccount({ ...account, read_at: minute(32) }, [moved]);
    const again = (await book.readPosition(position.position_id))!;
    expect(again).toMatchObject({ last_price: '102', updated_at: minute(32) });
  });

  it('remembers a halt file that is gone by now', async () => {
    const { book } = tested;
    await book.transaction((tx) => tx.noteHaltFile('halted by hand', minute(20)));
    expect(await book.readStanding()).toMatchObject({
      sighted: 'halted by hand',
      stopped_at: minute(20),
    });
  });
};
