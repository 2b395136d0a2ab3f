import { afterAll, expect, it } from '@jest/globals';
import { startWebhook } from '../../../services/reporting/tests/alert-webhook.ts';
import { startMailCatcher } from '../../../services/reporting/tests/mail-catcher.ts';
import { sendTestMail } from '../src/send-test-mail.ts';

const catcher = await startMailCatcher();
const webhook = await startWebhook();
afterAll(() => Promise.all([catcher.close(), webhook.close()]));

const env = {
  SMTP_URL: catcher.url,
  MAIL_FROM: 'Catalyst <desk@catalyst.test>',
  MAIL_TO: 'ann@catalyst.test',
  ALERT_WEBHOOK_URL: webhook.url,
};

it('sends a test by every way that alerts have', async () => {
  expect(await sendTestMail(env)).toBe(
    'the mail server took a test mail to ann@catalyst.test; the webhook took a test',
  );
  expect(catcher.mails.map(({ subject }) => subject)).toEqual(['Catalyst: a test of the alerts']);
  expect(webhook.calls).toHaveLength(1);
});

it('says what each way said where one of them failed, and where there is none', async () => {
  catcher.setBusy(true);
  await expect(sendTestMail(env)).rejects.toThrow(/come again later; the webhook took a test$/);
  await expect(sendTestMail({ ...env, MAIL_TO: '' })).rejects.toThrow('MAIL_TO is not set');
  await expect(sendTestMail({})).rejects.toThrow('nobody can be told');
});
