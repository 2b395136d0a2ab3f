import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { createMailer, createMetrics, createWebhook, systemClock } from '@catalyst/service-kit';
import { createTellDatabaseAway } from '../src/flows/tell-database-away.ts';
import { startWebhook } from './alert-webhook.ts';
import { startMailCatcher, type MailCatcher } from './mail-catcher.ts';

let catcher: MailCatcher;
let webhook: Awaited<ReturnType<typeof startWebhook>>;
let now = 0;
let why: string | null = null;
let look: () => Promise<void>;
const errors: string[] = [];
const quiet = () => {};

beforeEach(async () => {
  [catcher, webhook] = await Promise.all([startMailCatcher(), startWebhook()]);
  look = createTellDatabaseAway({
    ask: async () => why,
    mailer: createMailer(
      { smtp_url: catcher.url, from: 'desk@catalyst.test', to: 'ann@catalyst.test' },
      createMetrics('test'),
    ),
    webhook: createWebhook(webhook.url, undefined),
    desk: 'PAPER',
    clock: systemClock,
    log: { debug: quiet, info: quiet, warn: quiet, error: (event) => void errors.push(event) },
    now: () => now,
  });
});
afterEach(() => Promise.all([catcher.close(), webhook.close()]));

it('tells directly of a database that is away for half a minute, then every 15 minutes', async () => {
  const lookAt = async (seconds: number): Promise<number> => {
    now = seconds * 1000;
    await look();
    return catcher.mails.length;
  };
  expect(await lookAt(0)).toBe(0);
  why = 'the database does not answer';
  expect(await lookAt(5)).toBe(0);
  expect(await lookAt(34)).toBe(0);
  expect(await lookAt(35)).toBe(1);
  expect(await lookAt(40)).toBe(1);
  expect(await lookAt(35 + 900)).toBe(2);
  why = null;
  expect(await lookAt(2000)).toBe(2);
  expect(catcher.mails[0]).toMatchObject({
    subject: 'Catalyst PAPER: critical DATABASE_AWAY',
    text: expect.stringContaining('the database does not answer'),
  });
  expect(webhook.calls).toHaveLength(2);
  expect(errors).toEqual(['database_of_no_use', 'database_of_no_use']);
});
