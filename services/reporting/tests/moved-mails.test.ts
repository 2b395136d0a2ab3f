import { cpSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { connectDatabase, sharedPostgres } from '@catalyst/platform';
import {
  createDatabase,
  createLog,
  migrate,
  SCHEMA_DIR,
  type Database,
} from '@catalyst/service-kit';

const MOVE = '135-reporting-one-outbox.sql';
const AT = '2026-03-24T20:05:00.000Z';
const name = `catalyst_moved_mails_${process.pid}`;
let admin: Awaited<ReturnType<typeof connectDatabase>>;
let database: Database;

beforeAll(async () => {
  const { url } = await sharedPostgres();
  admin = await connectDatabase(url);
  await admin.query(`CREATE DATABASE ${name}`);
  const own = new URL(url);
  own.pathname = `/${name}`;
  database = createDatabase(own.href, {
    log: createLog('test', 'error'),
    application_name: 'catalyst-test',
    max_connections: 1,
  });
});
afterAll(async () => {
  await database?.close();
  await admin?.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  await admin?.end();
});

it('mails of reports that were written before reports had the outbox are moved there, each with how it went', async () => {
  const earlier = mkdtempSync(join(tmpdir(), 'catalyst-schema-'));
  for (const file of readdirSync(SCHEMA_DIR).filter((one) => one < MOVE))
    cpSync(join(SCHEMA_DIR, file), join(earlier, file));
  await migrate(database, AT, earlier);
  const mails = [
    ['2026-03-20', 'sent', 1, null],
    ['2026-03-23', 'failed', 3, 'the server was busy'],
    ['2026-03-24', 'pending', 0, null],
    ['2026-03-25', 'not_configured', 0, null],
  ] as const;
  for (const [trade_date, status, attempts, error] of mails) {
    await database.query(
      `WITH cycle AS (
         INSERT INTO trading_cycles (cycle_id, trade_date, session_mode, state, universe_size,
           open_at, close_at, is_half_day, created_at, updated_at)
         VALUES (gen_random_uuid(), $1::date, 'autonomous', 'closed', 100, $2, $2, false, $2, $2)
         RETURNING cycle_id),
       report AS (
         INSERT INTO reports (report_id, cycle_id, kind, trade_date, report, html, plain_text,
           equity_curve, created_at)
         SELECT gen_random_uuid(), cycle_id, 'daily', $1::date, jsonb_build_object('subject',
           'report of ' || $1::date), '', 'words', '', $2::timestamptz FROM cycle RETURNING report_id)
       INSERT INTO report_mails (report_id, recipient, status, attempts, message_id, error,
         updated_at)
       SELECT report_id, 'ann@catalyst.test', $3, $4::integer,
         CASE WHEN $3::text <> 'not_configured' THEN gen_random_uuid() || '@catalyst.test' END, $5::text, $2::timestamptz
       FROM report`,
      [trade_date, AT, status, attempts, error],
    );
  }
  await migrate(database, AT);
  expect(
    await database.query(
      `SELECT m.subject, m.status, m.attempts, m.error, m.sent_at,
         m.message_id = m.mail_id || '@catalyst.test' AS named
       FROM reports r JOIN mail_outbox m ON m.mail_id = r.mail_id AND m.report_id = r.report_id
       ORDER BY m.subject`,
    ),
  ).toEqual(
    mails.slice(0, 3).map(([trade_date, status, attempts, error]) => ({
      subject: `report of ${trade_date}`,
      status,
      attempts,
      error,
      sent_at: status === 'sent' ? AT : null,
      named: true,
    })),
  );
});
