import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { stableId } from '@catalyst/domain';
import { migrate, SCHEMA_DIR } from '@catalyst/service-kit';
import { createTestDatabase, type TestDatabase } from '@catalyst/testkit';
import { verifyToolCalls } from '../src/flows/verify-tool-calls.ts';
import { insertToolCalls, listActChains } from '../src/store/tool-calls.ts';

const BEFORE = '2026-03-24T13:00:00.000Z';
const SINCE = '2026-03-24T14:00:00.000Z';

let test: TestDatabase;

/** The schema as it was before calls and acts were chained. */
const migrateToOld = async (): Promise<void> => {
  const old = mkdtempSync(join(tmpdir(), 'catalyst-old-schema-'));
  for (const name of readdirSync(SCHEMA_DIR))
    if (name < '176') cpSync(join(SCHEMA_DIR, name), join(old, name));
  await migrate(test.database, BEFORE, old);
  rmSync(old, { recursive: true });
};
const act = (service: string, at: string): Promise<unknown> =>
  test.database.query(
    `INSERT INTO audit_log (service, seq, at, actor, action, subject, request_id)
     VALUES ($1, next_seq('audit:' || $1), $2, 'ann', 'order_intended', 'ACME', 'none')`,
    [service, at],
  );

beforeAll(async () => {
  test = await createTestDatabase();
  await test.database.query('DROP SCHEMA public CASCADE');
  await test.database.query('CREATE SCHEMA public');
  await migrateToOld();
  for (const service of ['trading', 'trading', 'trading', 'risk']) await act(service, BEFORE);
  await test.database.query(
    `INSERT INTO mcp_calls (call_id, at, caller, tool, arguments, outcome)
     VALUES ($1, $2, 'mcp:claude', 'get_positions', '{}', 'ok')`,
    [stableId('call', 'before'), BEFORE],
  );
  await migrate(test.database, SINCE);
  for (const service of ['trading', 'trading', 'news']) await act(service, SINCE);
});
afterAll(() => test.drop());

it('counts the acts from before the chain, and says since when it holds', async () => {
  const hash = expect.stringMatching(/^[0-9a-f]{64}$/);
  expect(await listActChains(test.database)).toEqual([
    {
      service: 'news',
      rows: 1,
      head_sha256: hash,
      broken_seq: null,
      outside_rows: 0,
      began_at: SINCE,
    },
    {
      service: 'risk',
      rows: 0,
      head_sha256: null,
      broken_seq: null,
      outside_rows: 1,
      began_at: null,
    },
    {
      service: 'trading',
      rows: 2,
      head_sha256: hash,
      broken_seq: null,
      outside_rows: 3,
      began_at: SINCE,
    },
  ]);
});
it('counts the calls from before the chain', async () => {
  expect(await verifyToolCalls(test)).toMatchObject({ rows: 0, outside_rows: 1, began_at: null });
  await test.database.transaction((tx) =>
    insertToolCalls(tx, [
      {
        call_id: stableId('call', 'now'),
        at: SINCE,
        caller: 'mcp:claude',
        tool: 'get_positions',
        arguments: {},
        outcome: 'ok',
        act_id: null,
        scope: 'read',
        touched: [],
        duration_ms: 3,
        answer_sha256: null,
      },
    ]),
  );
  expect(await verifyToolCalls(test)).toMatchObject({
    rows: 1,
    broken: null,
    outside_rows: 1,
    began_at: SINCE,
  });
});
it('sees rows that are taken from the chain, though those before it stay', async () => {
  await test.database.query('ALTER TABLE audit_log DISABLE TRIGGER audit_log_is_kept');
  await test.database.query("DELETE FROM audit_log WHERE service = 'trading' AND seq > 3");
  const [, , trading] = await listActChains(test.database);
  expect(trading).toMatchObject({ service: 'trading', rows: 0, outside_rows: 3, broken_seq: 4 });
});
it('sees a row that is put among those from before, so that no hash holds it', async () => {
  await act('risk', SINCE);
  await act('risk', SINCE);
  await test.database.query(
    "UPDATE audit_log SET row_sha256 = NULL, subject = 'BOLT' WHERE service = 'risk' AND seq = 2",
  );
  const [, risk] = await listActChains(test.database);
  expect(risk).toMatchObject({ outside_rows: 2, rows: 1, broken_seq: 3 });
});
