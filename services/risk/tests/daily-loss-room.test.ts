import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Exact, stableId } from '@catalyst/domain';
import fc from 'fast-check';
import { after, NOW, openRisk, type RiskDesk } from './open-risk.ts';

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const SYMBOLS = Array.from(
  { length: 60 },
  (_, index) => `R${letters[Math.floor(index / 26)]}${letters[index % 26]}`,
);
const LIMIT = 2000;
let desk: RiskDesk;

beforeAll(async () => {
  desk = await openRisk(SYMBOLS);
  await desk.arm();
  const set = (name: string, value: number) =>
    desk.at(() =>
      desk.client().updateParameter({
        params: { name },
        body: { value, by: 'test', reason: 'many places' },
      }),
    );
  await set('max_positions', 10);
  await set('max_stop_true_ranges', 5);
}, 60_000);
afterAll(() => desk.close());
beforeEach(() => empty());

const empty = async (): Promise<void> => {
  await desk.truncate('risk_approvals, risk_decisions, positions, orders, fills');
  await desk.database.query('DELETE FROM account_snapshots');
  await desk.setAccount('100000');
};

/** What would be lost today if each stop were hit, by the rows alone. */
const worstCase = async (equity: string): Promise<Exact> => {
  const [row] = await desk.database.query<{ usd: string }>(
    `SELECT (SELECT coalesce(sum(risk_usd), 0) FROM risk_approvals)
       + (SELECT coalesce(sum(qty * greatest(0, last_price - initial_stop_price)), 0)
          FROM positions WHERE status <> 'closed') AS usd`,
  );
  return new Exact(100_000).minus(equity).plus(row!.usd);
};

/** What was promised or is held of each limit but the daily loss, by the rows alone, beside the limit. */
const promised = (): Promise<{ name: string; used: string; limit: string }[]> =>
  desk.database.query(
    `WITH held AS (
       SELECT security_id, qty * last_price AS usd, 0 AS new_usd FROM positions
       WHERE status <> 'closed'
       UNION ALL SELECT security_id, qty * 50.1, qty * 50.1 FROM risk_approvals
     ), account AS (SELECT * FROM v_account_latest)
     SELECT 'places' AS name, count(*)::numeric AS used, 10::numeric AS "limit" FROM held
     UNION ALL SELECT 'gross', coalesce(sum(usd), 0), max(equity_usd) FROM account LEFT JOIN held ON true
     UNION ALL SELECT 'cash', coalesce(sum(new_usd), 0), max(cash_usd)
       FROM account LEFT JOIN held ON true
     UNION ALL SELECT 'buying power', coalesce(sum(new_usd), 0), max(buying_power_usd)
       FROM account LEFT JOIN held ON true
     UNION ALL SELECT 'one position', coalesce(max(new_usd), 0), max(equity_usd) * 0.2
       FROM account LEFT JOIN held ON true
     UNION ALL (SELECT 'one sector', coalesce(sum(usd), 0), max(equity_usd) * 0.6
       FROM account, held JOIN securities USING (security_id)
       GROUP BY sector_id HAVING sum(new_usd) > 0)`,
  );

describe('the room that a limit leaves', () => {
  it('is never promised twice, however many of seven hundred ask at once, by a cent', async () => {
    const cents = (min: number, max: number) =>
      fc.integer({ min, max }).map((value) => (value / 100).toFixed(2));
    const means = [
      [100_000, 200_000],
      [30_000, 200_000],
      [100_000, 45_000],
    ] as const;
    let draws = 0;
    let approved = 0;
    const refused = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(
        cents(9_805_000, 10_100_000),
        fc.array(fc.integer({ min: 50, max: 400 }), { maxLength: 4 }),
        fc.array(fc.integer({ min: 15, max: 480 }), { minLength: 40, maxLength: 56 }),
        async (drawn, heldRisks, stopDistances) => {
          // in turn, so that few draws meet each of them
          const [cash, buyingPower] = means[(draws += 1) % means.length]!;
          // each second time without a loss, which would refuse before anything else does
          const equity = draws % 2 === 0 && Number(drawn) < 100_000 ? '100000.00' : drawn;
          await empty();
          await desk.setAccount(equity);
          await desk.database.query(
            'UPDATE account_snapshots SET cash_usd = $1, buying_power_usd = $2',
            [cash, buyingPower],
          );
          for (const [index, risk] of heldRisks.entries())
            await desk.hold({
              symbol: SYMBOLS[index]!,
              last_price: 50,
              stop_price: 50 - risk / 100,
            });
          const decisions = await Promise.all(
            stopDistances.map((distance, index) =>
              desk.check(
                desk.intentFor(SYMBOLS[index + 4]!, {
                  stop_price: (50 - distance / 100).toFixed(2),
                  target_price: (50 + (distance * 2) / 100).toFixed(2),
                }),
              ),
            ),
          );
          const isAny = decisions.some(({ verdict }) => verdict === 'approved');
          for (const one of decisions)
            if (one.verdict === 'approved') approved += 1;
            else refused.set(one.code, (refused.get(one.code) ?? 0) + 1);
          if (!isAny) return;
          expect((await worstCase(equity)).toNumber()).toBeLessThanOrEqual(LIMIT);
          const beyond = (await promised()).filter(({ used, limit }) => new Exact(used).gt(limit));
          expect(beyond).toEqual([]);
        },
      ),
      { numRuns: 15 },
    );
    expect(approved).toBeGreaterThan(14);
    for (const code of ['DAILY_LOSS_LIMIT', 'CASH', 'BUYING_POWER'])
      expect([code, (refused.get(code) ?? 0) > 7]).toEqual([code, true]);
  }, 240_000);

  const wide = { stop_price: '46', target_price: '60' };
  /** Shares that a stop 4.10 USD below the limit lets in, of those that the room holds. */
  const askFor = async (symbol: string) => {
    const decision = await desk.check(desk.intentFor(symbol, wide));
    return decision.verdict === 'approved'
      ? decision.sizing.daily_loss_room
      : `${decision.code} ${decision.max_qty}`;
  };

  it('is the limit and the result of the day: 2,000 USD hold 487 shares at 4.10 USD, 1,500 hold 365', async () => {
    expect(await askFor('RAA')).toBe('487');
    await empty();
    await desk.setAccount('99500');
    expect(await askFor('RAA')).toBe('365');
    await empty();
    await desk.setAccount('100500');
    expect(await askFor('RAA')).toBe('609');
  });

  it('is less what positions lose from here to their stops, and all that they are worth without one', async () => {
    await desk.hold({ symbol: 'RAB', last_price: 52, stop_price: 47 });
    expect(await askFor('RAA')).toBe('365');
    await desk.hold({ symbol: 'RAC', qty: 40, stop_price: null });
    expect(await askFor('RAD')).toBe('DAILY_LOSS_LIMIT 0');
  });

  it('counts the stop that is live at the broker, where it was moved', async () => {
    const position = await desk.hold({ symbol: 'RAB', last_price: 52, stop_price: 47 });
    await desk.database.query(
      `INSERT INTO orders (client_order_id, position_id, security_id, side, role, type, order_class,
         time_in_force, qty, stop_price, status, request, created_at, updated_at)
       SELECT 'moved', $1, security_id, 'sell', 'stop', 'stop', 'oco', 'gtc', 100, 51, 'new', '{}', $2, $2
       FROM securities WHERE symbol = 'RAB'`,
      [position, NOW],
    );
    expect(await askFor('RAA')).toBe('463');
  });

  it('is less what approvals and entries on their way may lose, once each, at their limits', async () => {
    const approval = await desk.check(desk.intentFor('RAB', { ...wide, qty: '50' }));
    expect(approval).toMatchObject({ verdict: 'approved', risk_usd: '205.00' });
    if (approval.verdict !== 'approved') throw new Error('expected an approval');
    expect(await askFor('RAC')).toBe('437');
    await desk.database.query('DELETE FROM risk_approvals WHERE approval_id <> $1', [
      approval.approval_id,
    ]);
    const position = await desk.hold({ symbol: 'RAB', qty: 20, stop_price: 46, status: 'opening' });
    await desk.database.query(
      `INSERT INTO orders (client_order_id, approval_id, position_id, security_id, side, role, type,
         order_class, time_in_force, qty, filled_qty, limit_price, status, request, created_at, updated_at)
       SELECT 'entry', $1, $2, security_id, 'buy', 'entry', 'limit', 'bracket', 'gtc', 50, 20, 50.1,
         'partially_filled', '{}', $3, $3 FROM securities WHERE symbol = 'RAB'`,
      [approval.approval_id, position, NOW],
    );
    // 20 held at 50 lose 80 to 46, 30 on their way lose 123 from 50.10
    expect(await askFor('RAD')).toBe('438');
    // and of an entry in parts once over all of them
    await desk.database.query('DELETE FROM risk_approvals WHERE approval_id <> $1', [
      approval.approval_id,
    ]);
    await desk.database.query(
      "UPDATE orders SET qty = 20, status = 'filled' WHERE client_order_id = 'entry'",
    );
    await desk.database.query(
      `INSERT INTO orders (client_order_id, approval_id, part, position_id, security_id, side, role,
         type, order_class, time_in_force, qty, limit_price, status, request, created_at, updated_at)
       SELECT 'entry-2', $1, 2, $2, security_id, 'buy', 'entry', 'limit', 'bracket', 'gtc', 30, 50.1,
         'new', '{}', $3, $3 FROM securities WHERE symbol = 'RAB'`,
      [approval.approval_id, position, NOW],
    );
    expect(await askFor('RAD')).toBe('438');
  });

  it('knows a stop that was hit after the account was read', async () => {
    await desk.database.query('DELETE FROM account_snapshots');
    await desk.setAccount('100000', after(-30));
    const position = await desk.hold({ symbol: 'RAB', last_price: 50, stop_price: 47 });
    const book = async (seq: number, side: 'buy' | 'sell', price: number, at: string) => {
      const order = stableId('order', seq);
      await desk.database.query(
        `INSERT INTO orders (client_order_id, position_id, security_id, side, role, type, order_class,
           time_in_force, qty, filled_qty, status, request, is_adopted, created_at, updated_at)
         SELECT $1, $2, security_id, $3, 'exit', 'market', 'simple', 'day', 100, 100, 'filled', '{}',
           true, $4, $4 FROM securities WHERE symbol = 'RAB'`,
        [order, position, side, at],
      );
      await desk.database.query('INSERT INTO fills VALUES ($1, $2, $3, 100, $4, $5)', [
        seq,
        `x${seq}`,
        order,
        price,
        at,
      ]);
    };
    await book(1, 'sell', 45, after(-20));
    await desk.release(position);
    // the account of 30 s ago still has the shares at 50
    expect(await askFor('RAA')).toBe('365');
  });

  it('frees an approval that expired, some seconds later: an order may have begun with it', async () => {
    const room = async (symbol: string, seconds: number) => {
      const answer = await desk.preview(desk.intentFor(symbol, wide), after(seconds));
      return answer.verdict === 'approved' ? answer.sizing.daily_loss_room : answer.code;
    };
    await desk.check(desk.intentFor('RAB', { ...wide, qty: '50' }));
    expect(await room('RAC', 69)).toBe('437');
    expect(await room('RAC', 70)).toBe('487');
  });
});
