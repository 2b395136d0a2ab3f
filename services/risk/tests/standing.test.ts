import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { stableId } from '@catalyst/domain';
import { NOW, openRisk, type RiskDesk } from './open-risk.ts';

let desk: RiskDesk;
beforeAll(async () => {
  desk = await openRisk(['AAA', 'BBB', 'CCC', 'DDD', 'EEE', 'FFF', 'GGG']);
  await desk.arm();
});
afterAll(() => desk.close());

describe('a limit that cannot be checked in full', () => {
  it('is shown in status and health, and told once a day for the alerts and the report', async () => {
    const { database: db } = desk;
    const held = stableId('position', 'unknown');
    await db.query("SELECT * FROM get_or_create_securities(ARRAY['NEWCO'])");
    await db.query(
      `INSERT INTO positions (position_id, cycle_id, security_id, direction, status, qty,
         entered_qty, entry_price, last_price, created_at, updated_at)
       SELECT $1, $2, security_id, 'long', 'open', 100, 100, 50, 50, $3, $3
       FROM securities WHERE symbol = 'NEWCO'`,
      [held, desk.cycle_id, NOW],
    );
    const body = { cycle_id: desk.cycle_id };
    const { status } = await desk.at(() => desk.client().checkLimits({ body }));
    await desk.at(() => desk.client().checkLimits({ body }));
    const sector = '1 of 1 held symbols have no known sector; they count as one sector';
    expect(status.limits_in_part).toEqual([
      { limit: 'max_sector_ratio', reason: sector },
      { limit: 'max_correlation', reason: expect.stringContaining('fewer than 20 daily returns') },
    ]);
    expect(await (await fetch(`${desk.url()}/health`)).json()).toMatchObject({
      status: 'healthy',
      notes: [
        `max_sector_ratio is not checked in full: ${sector}`,
        expect.stringContaining('max_correlation is not checked in full'),
      ],
    });
    expect(
      await db.query('SELECT message FROM v_report_limits_in_part WHERE cycle_id = $1 ORDER BY 1', [
        desk.cycle_id,
      ]),
    ).toEqual([
      { message: expect.stringContaining('max_correlation') },
      { message: `max_sector_ratio is not checked in full: ${sector}` },
    ]);
    await db.query("UPDATE positions SET status = 'closed', qty = 0 WHERE position_id = $1", [
      held,
    ]);
    expect((await desk.at(() => desk.client().showStatus())).limits_in_part).toEqual([]);
  });
});

describe('the price of what is held', () => {
  it('is told with its age once it is older than two minutes, and not before', async () => {
    const { database: db } = desk;
    const held = stableId('position', 'priced');
    const ago = (seconds: number) => new Date(Date.parse(NOW) - seconds * 1000).toISOString();
    await db.query("SELECT * FROM get_or_create_securities(ARRAY['NEWCO'])");
    await db.query(
      `INSERT INTO positions (position_id, cycle_id, security_id, direction, status, qty,
         entered_qty, entry_price, entered_at, last_price, last_price_at, created_at, updated_at)
       SELECT $1, $2, security_id, 'long', 'open', 100, 100, 50, $4, 50, $4, $3, $3
       FROM securities WHERE symbol = 'NEWCO'`,
      [held, desk.cycle_id, NOW, ago(121)],
    );
    const stale = async () => (await desk.at(() => desk.client().showStatus())).stale_prices;
    expect(await stale()).toEqual([{ symbol: 'NEWCO', last_price_at: ago(121), age_seconds: 121 }]);
    const setPrice = (time: string | null) =>
      db.query('UPDATE positions SET last_price_at = $2 WHERE position_id = $1', [held, time]);
    await setPrice(ago(120));
    expect(await stale()).toEqual([]);
    await setPrice(null);
    expect(await stale()).toEqual([{ symbol: 'NEWCO', last_price_at: null, age_seconds: null }]);
    await db.query("UPDATE positions SET status = 'closed', qty = 0 WHERE position_id = $1", [
      held,
    ]);
    expect(await stale()).toEqual([]);
  });
});

describe('a limit that is nearly used', () => {
  it('is told once at 75 %, and once when it is reached', async () => {
    const ids = [];
    for (const symbol of ['AAA', 'BBB', 'CCC', 'DDD'])
      ids.push(await desk.hold({ symbol, stop_price: 49 }));
    const check = () =>
      desk.at(() => desk.client().checkLimits({ body: { cycle_id: desk.cycle_id } }));
    const { status } = await check();
    expect(status.limits_used[0]).toMatchObject({ limit: 'max_positions', used_ratio: 0.8 });
    await check();
    ids.push(await desk.hold({ symbol: 'EEE', stop_price: 49 }));
    await check();
    expect(
      await desk.database.query(
        "SELECT code, severity, message FROM risk_events WHERE code LIKE 'LIMIT\\_%' AND message LIKE 'max_positions%' ORDER BY at, code DESC",
      ),
    ).toEqual([
      { code: 'LIMIT_WARNING', severity: 'info', message: 'max_positions is used to 80.0 % (4)' },
      {
        code: 'LIMIT_REACHED',
        severity: 'info',
        message: 'max_positions is used to 100.0 % (5): what would go beyond it is refused',
      },
    ]);
    for (const id of ids) await desk.release(id);
  });
});
