import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { later } from '@catalyst/domain';
import { createLog, createMetrics, openDoors, systemClock } from '@catalyst/service-kit';
import { createTestDatabase, type TestDatabase } from '@catalyst/testkit';
import { createSendAlerts, type SendAlerts } from '../src/flows/send-alerts.ts';
import { createSendOutgoing, type SendOutgoing } from '../src/flows/send-outgoing.ts';
import { createOutgoingStore } from '../src/store/outgoing.ts';
import { startWebhook } from './alert-webhook.ts';
import { startMailCatcher, type MailCatcher } from './mail-catcher.ts';

const START = '2026-03-24T14:00:00.000Z';
const SECRET = 'a secret of enough letters';
let database: TestDatabase;
let catcher: MailCatcher;
let webhook: Awaited<ReturnType<typeof startWebhook>>;
let now: string;
let sendAlerts: SendAlerts;
let outgoing: SendOutgoing;

const raise = (code: string, severity: string, at = now) =>
  database.database.query(
    `INSERT INTO alerts AS a (alert_id, source, key, severity, code, message, first_at, last_at, count)
     VALUES (gen_random_uuid(), 'risk', $1, $2, $1, 'lost 2000 USD', $3, $3, 1)
     ON CONFLICT (source, key, cycle_id) WHERE acknowledged_at IS NULL
     DO UPDATE SET count = a.count + 1, last_at = excluded.last_at`,
    [code, severity, at],
  );
const subjects = () => catcher.mails.map(({ subject }) => subject);
const sentAt = () => database.database.query('SELECT code, sent_at FROM v_alerts ORDER BY code');

beforeEach(async () => {
  now = START;
  [database, catcher, webhook] = await Promise.all([
    createTestDatabase(),
    startMailCatcher(),
    startWebhook(),
  ]);
  const store = createOutgoingStore(database.database);
  const doors = openDoors(
    {
      RUN_ID: 'desk',
      TRADING_MODE: 'paper',
      SMTP_URL: catcher.url,
      MAIL_FROM: 'Catalyst <desk@catalyst.test>',
      MAIL_TO: 'ann@catalyst.test',
      ALERT_WEBHOOK_URL: webhook.url,
      ALERT_WEBHOOK_SECRET: SECRET,
    },
    createMetrics('test'),
  );
  const clock = { ...systemClock, latest: () => now };
  const log = createLog('test', 'error');
  outgoing = createSendOutgoing({ store, doors, clock, log, backoff_ms: [5] });
  sendAlerts = createSendAlerts({ store, outgoing, doors, is_replay: true, clock, log });
});
afterEach(async () => {
  await sendAlerts.stop();
  await Promise.all([database.drop(), catcher.close(), webhook.close()]);
});

describe('alerts that leave the machine', () => {
  it('go at once by mail and signed webhook when critical; the webhook is told no amounts', async () => {
    await raise('DAILY_LOSS_WARNING', 'warning');
    await sendAlerts.wake();
    expect(subjects()).toEqual([]);
    await raise('DAILY_LOSS_LIMIT', 'critical');
    await sendAlerts.wake();
    expect(subjects()).toEqual(['Catalyst PAPER: critical DAILY_LOSS_LIMIT and 1 more']);
    expect(catcher.mails[0]!.text).toContain('lost 2000 USD');
    const [call] = webhook.calls;
    expect(call!.body.alerts).toMatchObject([
      { code: 'DAILY_LOSS_LIMIT', severity: 'critical' },
      { code: 'DAILY_LOSS_WARNING', severity: 'warning' },
    ]);
    expect(call!.text).not.toContain('2000');
    expect(call!.headers['x-catalyst-signature']).toBe(
      `sha256=${createHmac('sha256', SECRET).update(call!.text).digest('hex')}`,
    );
    expect(await sentAt()).toMatchObject([{ sent_at: START }, { sent_at: START }]);
  });

  it('are told once, and again after 15 minutes when they came again', async () => {
    await raise('NOT_FLAT', 'critical');
    await sendAlerts.wake();
    await sendAlerts.wake();
    await raise('NOT_FLAT', 'critical', later(START, 60_000));
    now = later(START, 14 * 60_000);
    await sendAlerts.wake();
    expect(subjects()).toHaveLength(1);
    now = later(START, 15 * 60_000);
    await sendAlerts.wake();
    expect(subjects()).toHaveLength(2);
    expect(catcher.mails[1]!.text).toContain('2 times');
  });

  it('wait while the mail server is busy, with the same Message-ID, and the webhook waits for none', async () => {
    catcher.setBusy(true);
    await raise('NOT_FLAT', 'critical');
    await sendAlerts.wake();
    expect([subjects(), webhook.calls.length]).toEqual([[], 1]);
    expect(outgoing.trouble()).toEqual(['alerts cannot leave by mail']);
    const [row] = await database.database.query<{ message_id: string }>(
      "SELECT message_id FROM mail_outbox WHERE status = 'failed' AND attempts = 2",
    );
    catcher.setBusy(false);
    await outgoing.retry(30);
    expect(catcher.mails.map(({ messageId }) => messageId)).toEqual([`<${row!.message_id}>`]);
    expect([outgoing.trouble(), webhook.calls.length]).toEqual([[], 1]);
  });

  it('follow no redirect of the webhook, and keep no word of its answer', async () => {
    webhook.answer(307);
    await raise('NOT_FLAT', 'critical');
    await sendAlerts.wake();
    expect(
      await database.database.query(
        "SELECT status, attempts, error FROM mail_outbox WHERE door = 'webhook'",
      ),
    ).toEqual([{ status: 'failed', attempts: 1, error: 'the webhook: it answered 307' }]);
  });

  it('are not told any more once somebody has acknowledged them, nor after a day', async () => {
    await raise('NOT_FLAT', 'critical');
    await database.database.query(
      "UPDATE alerts SET acknowledged_at = first_at, acknowledged_by = 'ann'",
    );
    await raise('JOB_FAILED', 'critical', later(START, -25 * 3_600_000));
    await sendAlerts.flush();
    expect(subjects()).toEqual([]);
  });
});
