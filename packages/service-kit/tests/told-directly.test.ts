import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  createTestDatabase,
  eventually,
  startCutOff,
  type CutOff,
  type TestDatabase,
} from '@catalyst/testkit';
import { createAlerts, type AlertDraft, type Alerts } from '../src/alerts/create-alerts.ts';
import { createTellDirectly, type TellDirectly } from '../src/alerts/tell-directly.ts';
import { type Log, systemClock } from '@catalyst/runtime';
import { openDoors } from '../src/doors/open-doors.ts';
import { createMetrics } from '../src/metrics.ts';
import { createDatabase, type Database } from '../src/storage/database.ts';

const quiet = () => {};
const log: Log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
let test: TestDatabase;
let network: CutOff;
let database: Database;
let webhook: Server;
let answer: number;
let calls: { id: string; text: string }[];
let path: string;
let now: number;
let directly: TellDirectly;
let alerts: Alerts;

const open = (unsent_ms = 1e6, gather_ms = 50): void => {
  directly = createTellDirectly({
    doors: openDoors(
      {
        RUN_ID: 'desk',
        TRADING_MODE: 'paper',
        ALERT_WEBHOOK_URL: `http://127.0.0.1:${(webhook.address() as AddressInfo).port}/hook`,
      },
      createMetrics('test'),
    ),
    database,
    journal_path: path,
    clock: systemClock,
    log,
    now: () => now,
    gather_ms,
    unsent_ms,
  });
  alerts = createAlerts({
    service: 'workflow',
    database,
    clock: systemClock,
    bus: { stage: quiet } as unknown as Parameters<typeof createAlerts>[0]['bus'],
    log,
    directly,
  });
};
const draft = (
  code: AlertDraft['code'],
  severity: AlertDraft['severity'] = 'critical',
): AlertDraft => ({
  severity,
  code,
  message: `${code} happened`,
});
const rows = () =>
  test.database.query<{ key: string; count: number; mails: number; status: string }>(
    `SELECT a.key, a.count, count(m.*) AS mails, min(m.status) AS status FROM alerts a
     LEFT JOIN alert_mails t USING (alert_id) LEFT JOIN mail_outbox m USING (mail_id)
     GROUP BY a.alert_id ORDER BY a.key`,
  );

beforeEach(async () => {
  test = await createTestDatabase();
  network = await startCutOff(test.url);
  database = createDatabase(network.url, { log, application_name: 'catalyst-test' });
  path = join(mkdtempSync(join(tmpdir(), 'catalyst-told-')), 'alerts.jsonl');
  now = 0;
  answer = 200;
  calls = [];
  webhook = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { id, text } = JSON.parse(Buffer.concat(chunks).toString()) as (typeof calls)[number];
      calls.push({ id, text });
      response.writeHead(answer).end();
    });
  });
  await new Promise<void>((resolve) => webhook.listen(0, '127.0.0.1', resolve));
  open();
});
afterEach(async () => {
  network.mend();
  await directly.stop();
  await database.close();
  await network.close();
  await new Promise((resolve) => webhook.close(resolve));
  await test.drop();
});

describe('a critical alert while the database is away', () => {
  it('leaves the machine at once, those that come together in one, each once in fifteen minutes', async () => {
    await directly.stop();
    open(1e6, 1_000); // on a busy machine three refusals are not there within 50 ms
    network.cut();
    await Promise.all(
      (['NOT_FLAT', 'NOT_FLAT', 'SERVICE_DOWN'] as const).map((code) => alerts.raise(draft(code))),
    );
    await eventually(() =>
      expect(calls.map(({ text }) => text)).toEqual([
        'Catalyst PAPER: critical NOT_FLAT and 1 more',
      ]),
    );
    now = 14 * 60_000;
    await alerts.raise(draft('NOT_FLAT'));
    now = 16 * 60_000;
    await alerts.raise(draft('NOT_FLAT'));
    await eventually(() => expect(calls).toHaveLength(2));
    expect(calls[1]!.text).toBe('Catalyst PAPER: critical NOT_FLAT');
  });

  it('has its row when the database is back, as told: nobody tells it a second time, nor after a crash', async () => {
    network.cut();
    await alerts.raise(draft('NOT_FLAT'));
    await eventually(() => expect(readFileSync(path, 'utf8')).toContain('"sent"'));
    const before = readFileSync(path, 'utf8');
    network.mend();
    const told = [{ key: 'NOT_FLAT', count: 1, mails: 1, status: 'sent' }];
    await eventually(async () => expect(await rows()).toEqual(told));
    await directly.stop();
    writeFileSync(path, before);
    open();
    await eventually(() => expect(readFileSync(path, 'utf8')).toBe(''));
    expect(await rows()).toEqual(told);
    expect(calls).toHaveLength(1);
  });

  it('that could not be sent either waits in the outbox then, under the id that was tried', async () => {
    answer = 503;
    network.cut();
    await alerts.raise(draft('NOT_FLAT'));
    await eventually(() => expect(calls).toHaveLength(1));
    network.mend();
    await eventually(async () =>
      expect(await rows()).toEqual([{ key: 'NOT_FLAT', count: 1, mails: 1, status: 'pending' }]),
    );
    expect(await test.database.query('SELECT mail_id FROM mail_outbox')).toEqual([
      { mail_id: calls[0]!.id },
    ]);
  });

  it('that belongs to a transaction which an outage ends is told too, and of one that was refused it is not', async () => {
    await expect(
      database.transaction(async (tx) => {
        alerts.stage(tx, draft('REPORT_FAILED'));
        throw new Error('not for the sake of the database');
      }),
    ).rejects.toThrow();
    await expect(
      database.transaction(async (tx) => {
        alerts.stage(tx, draft('JOB_FAILED'));
        network.cut();
        await tx.query('SELECT 1');
      }),
    ).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    await eventually(() =>
      expect(calls.map(({ text }) => text)).toEqual(['Catalyst PAPER: critical JOB_FAILED']),
    );
  });

  it('is the only kind that does not wait: a warning that cannot be written fails as it did', async () => {
    network.cut();
    await expect(alerts.raise(draft('SLOW_ANSWERS', 'warning'))).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
    });
  });
});

describe('a critical alert that is written', () => {
  it('is told by who raised it where nobody has told it in time, once, and by nobody else then', async () => {
    await directly.stop();
    open(100);
    await alerts.raise(draft('NOT_FLAT'));
    await alerts.raise(draft('NOT_FLAT'));
    await eventually(async () =>
      expect(await rows()).toMatchObject([{ key: 'NOT_FLAT', mails: 1, status: 'sent' }]),
    );
    expect(calls).toHaveLength(1);
  });

  it('is left to reporting where that has taken it up', async () => {
    await alerts.raise(draft('NOT_FLAT'));
    await test.database.query(
      `INSERT INTO mail_outbox (mail_id, door, kind, severity, message_id, subject, plain_text,
         written_at, status) VALUES ('00000000-0000-4000-8000-000000000001', 'webhook', 'alerts',
         'critical', 'x', 'x', 'x', $1, 'pending')`,
      [systemClock.latest()],
    );
    await test.database.query(
      `INSERT INTO alert_mails SELECT alert_id, '00000000-0000-4000-8000-000000000001', severity, 1,
         $1 FROM alerts`,
      [systemClock.latest()],
    );
    await directly.stop();
    open(50);
    await alerts.raise(draft('NOT_FLAT'));
    await alerts.raise(draft('SCAN_FAILED'));
    await eventually(() =>
      expect(calls.map(({ text }) => text)).toEqual(['Catalyst PAPER: critical SCAN_FAILED']),
    );
  });
});
