import { cpSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@catalyst/testkit';
import { ConfigError } from '@catalyst/runtime';
import { claimDesk, migrate, SCHEMA_DIR } from '../src/storage/migrate.ts';

const AT = '2026-03-24T08:00:00.000Z';
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

describe('the schema', () => {
  it('is migrated once when many services start at the same moment', async () => {
    await database.database.query('DROP SCHEMA public CASCADE');
    await database.database.query('CREATE SCHEMA public');
    const runs = await Promise.all(Array.from({ length: 5 }, () => migrate(database.database, AT)));
    expect(runs.filter((applied) => applied.length > 0)).toHaveLength(1);
    expect(await migrate(database.database, AT)).toEqual([]);
  });
  it('refuses a migration that was edited after it ran, and a database of a newer version', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'catalyst-schema-'));
    cpSync(SCHEMA_DIR, dir, { recursive: true });
    writeFileSync(join(dir, '006-reporting.sql'), '-- edited');
    await expect(migrate(database.database, AT, dir)).rejects.toThrow(
      'schema/006-reporting.sql was changed after it ran',
    );
    await expect(
      migrate(database.database, AT, mkdtempSync(join(tmpdir(), 'catalyst-schema-'))),
    ).rejects.toThrow('migrations that this version does not know');
  });
  it('belongs to one desk: a replay refuses the database of a paper desk, and an account that of another', async () => {
    const desk = { mode: 'paper' as const, account: 'PA1', run_id: 'desk' };
    await claimDesk(database.database, desk, AT);
    await claimDesk(database.database, { ...desk, run_id: 'again' }, AT);
    for (const other of [
      { ...desk, mode: 'replay' as const },
      { ...desk, mode: 'live' as const },
      { ...desk, account: 'PA2' },
    ]) {
      await expect(claimDesk(database.database, other, AT)).rejects.toBeInstanceOf(ConfigError);
    }
  });
  it("knows New York's session of a minute from the calendar, half days and daylight saving included", async () => {
    const { database: db } = database;
    await db.query(
      "INSERT INTO market_calendar VALUES ('2015-12-24', '09:30', '13:00'), ('2026-03-06', '09:30', '16:00'), ('2026-03-09', '09:30', '16:00')",
    );
    const minute = (at: string): number => Date.parse(at) / 60_000;
    const cases: [string, string][] = [
      ['2015-12-24T17:59:00Z', 'regular'],
      ['2015-12-24T18:00:00Z', 'after_hours'],
      ['2015-12-24T22:00:00Z', 'closed'],
      ['2026-03-06T14:29:00Z', 'pre_market'],
      ['2026-03-06T14:30:00Z', 'regular'],
      ['2026-03-09T13:29:00Z', 'pre_market'],
      ['2026-03-09T13:30:00Z', 'regular'],
      ['2026-03-09T20:00:00Z', 'after_hours'],
      ['2026-03-08T15:00:00Z', 'closed'],
    ];
    await db.query('SELECT get_or_create_times($1)', [cases.map(([at]) => minute(at))]);
    const rows = await db.query<{ time_id: number; session: string }>(
      'SELECT time_id, session FROM time_dimension',
    );
    const sessions = new Map(rows.map((row) => [row.time_id, row.session]));
    expect(cases.map(([at]) => [at, sessions.get(minute(at))])).toEqual(cases);
  });
  it('refuses bars that break OHLC and entries without an approval', async () => {
    const { database: db } = database;
    await db.query("SELECT * FROM get_or_create_securities(ARRAY['AAAA'])");
    await db.query('SELECT get_or_create_times(ARRAY[29500000])');
    await expect(
      db.query(
        "INSERT INTO trading_history SELECT security_id, 29500000, '1min', 'iex', 10, 9, 8, 10, 1 FROM securities WHERE symbol = 'AAAA'",
      ),
    ).rejects.toThrow('check');
    await expect(
      db.query(
        "INSERT INTO orders (client_order_id, security_id, side, role, type, order_class, time_in_force, qty, status, request, created_at, updated_at) SELECT 'x', security_id, 'buy', 'entry', 'market', 'simple', 'day', 1, 'intended', '{}', $1, $1 FROM securities WHERE symbol = 'AAAA'",
        [AT],
      ),
    ).rejects.toThrow('check');
  });
});
