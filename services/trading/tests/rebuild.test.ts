import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bar, dayWith, type OpenDesk, openDesk } from './open-desk.ts';

let desk: OpenDesk;
beforeAll(async () => {
  // bought at 100, its target at 104 reached six minutes later
  desk = await openDesk(dayWith(bar('10:05', 100, 105, 100, 105)));
  await desk.step('10:00');
  await desk.enter();
  await desk.step('10:01');
  await desk.enter({ symbol: 'OTHR' });
  await desk.step('10:10');
});
afterAll(() => desk?.close());

const rebuilt = () => desk.trading.rebuildBook({});

describe('the book, made again from what happened', () => {
  it('is the one that the rows show, of what is closed and of what is held', async () => {
    expect((await desk.position()).status).toBe('closed');
    const { positions, fills, left_out, differences } = await rebuilt();
    expect([positions, fills]).toEqual([2, 3]);
    expect([left_out, differences]).toEqual([[], []]);
  });

  it.each([
    ['a size', 'orders', 'qty', "qty + 1 WHERE role = 'entry'"],
    ['a status', 'orders', 'status', "'accepted' WHERE role = 'entry'"],
    ['a price', 'orders', 'limit_price', "limit_price + 1 WHERE role = 'target'"],
    ['a profit', 'positions', 'realized_pnl_usd', "0 WHERE status = 'closed'"],
    ['an exit that was asked for', 'positions', 'exit_asked', "'manual' WHERE status = 'open'"],
  ])('is told from %s that nothing led to', async (_what, table, column, rest) => {
    const [was] = await desk.database.database.query(`SELECT jsonb_agg(t) AS rows FROM ${table} t`);
    await desk.byHand(`UPDATE ${table} SET ${column} = ${rest}`);
    const { differences } = await rebuilt();
    expect(differences.length).toBeGreaterThan(0);
    for (const { field, id } of differences) {
      expect([column, 'status', 'exit_reason']).toContain(field);
      expect(id).toMatch(/^[\w-]{8,}$/);
    }
    await desk.database.database.query(
      `UPDATE ${table} t SET ${column} = n.${column}
       FROM jsonb_populate_recordset(NULL::${table}, $1::jsonb) n
       WHERE ${table === 'orders' ? 't.client_order_id = n.client_order_id' : 't.position_id = n.position_id'}`,
      [JSON.stringify(was!.rows)],
    );
    expect((await rebuilt()).differences).toEqual([]);
  });

  it('is told from an order that went where none goes, and from a number that is missing', async () => {
    await desk.byHand(
      `INSERT INTO order_events (seq, client_order_id, event, status, source, details, occurred_at, order_state)
       SELECT max(seq) + 2, min(client_order_id) FILTER (WHERE event = 'fill'), 'odd', 'new', 'desk', '{}', max(occurred_at), '{"status":"new"}'
       FROM order_events`,
    );
    const { differences } = await rebuilt();
    expect(differences.map(({ of, field, row }) => [of, field, row.replace(/\d+/, 'n')])).toEqual(
      expect.arrayContaining([
        ['history', 'seq', 'n'],
        ['history', 'status', 'filled, then new'],
        ['order', 'status', 'filled'],
      ]),
    );
  });
});
