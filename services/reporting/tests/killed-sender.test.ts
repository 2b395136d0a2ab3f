import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { sharedRedis } from '@catalyst/platform';
import {
  createTestDatabase,
  createTestKeys,
  eventually,
  type TestDatabase,
} from '@catalyst/testkit';
import { startWebhook } from './alert-webhook.ts';
import { startMailCatcher, type MailCatcher } from './mail-catcher.ts';

const ROOT = join(import.meta.dirname, '../../..');
const children: ChildProcess[] = [];
let database: TestDatabase;
let catcher: MailCatcher;
let webhook: Awaited<ReturnType<typeof startWebhook>>;
let redisUrl: string;

/** The service as a process of its own, on paper and the wall's time. */
const startProcess = (): ChildProcess => {
  const child = spawn(
    join(ROOT, 'node_modules/.bin/node'),
    [join(ROOT, 'services/reporting/src/main.ts')],
    {
      stdio: 'ignore',
      env: {
        ...process.env,
        NODE_OPTIONS: '',
        PORT: '0',
        RUN_ID: 'kill-test',
        DATABASE_URL: database.url,
        REDIS_URL: redisUrl,
        SERVICE_KEY: createTestKeys().reporting,
        SERVICE_KEY_HASHES: '{}',
        CATALYST_HOME: mkdtempSync(join(tmpdir(), 'catalyst-reporting-')),
        LOG_LEVEL: 'error',
        SMTP_URL: catcher.url,
        MAIL_FROM: 'desk@catalyst.test',
        MAIL_TO: 'ann@catalyst.test',
        ALERT_WEBHOOK_URL: webhook.url,
      },
    },
  );
  children.push(child);
  return child;
};

beforeAll(async () => {
  [database, catcher, webhook, { url: redisUrl }] = await Promise.all([
    createTestDatabase(),
    startMailCatcher(),
    startWebhook(),
    sharedRedis(),
  ]);
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await Promise.all([database.drop(), catcher.close(), webhook.close()]);
});

it('sends an alert again, as the same mail and call, when it was killed before it had the answer', async () => {
  const at = new Date().toISOString();
  await database.database.query(
    `INSERT INTO alerts (alert_id, source, key, severity, code, message, first_at, last_at, count)
     VALUES (gen_random_uuid(), 'risk', 'A', 'critical', 'A', 'words', $1, $1, 1)`,
    [at],
  );
  for (const door of [catcher.onMail, webhook.onCall]) {
    let child: ChildProcess | null = null;
    const died = new Promise<void>((resolve) => {
      door(() => {
        child?.kill('SIGKILL');
        resolve();
      });
    });
    child = startProcess();
    await died;
    door(() => {});
  }
  startProcess();
  await eventually(async () =>
    expect(
      await database.database.query('SELECT door, status FROM mail_outbox ORDER BY door'),
    ).toEqual([
      { door: 'mail', status: 'sent' },
      { door: 'webhook', status: 'sent' },
    ]),
  );
  expect(catcher.mails.length).toBeGreaterThanOrEqual(2);
  expect(new Set(catcher.mails.map(({ messageId }) => messageId)).size).toBe(1);
  expect(webhook.calls.length).toBeGreaterThanOrEqual(2);
  expect(new Set(webhook.calls.map(({ body }) => body.id)).size).toBe(1);
}, 60_000);
