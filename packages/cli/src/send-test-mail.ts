import { tellOutside } from '@catalyst/service-kit/calls';
import { createTransport } from 'nodemailer';

const SUBJECT = 'Catalyst: a test of the alerts';
const TEXT = 'This is a test: alerts of the desk come this way.\n';

const sendMail = async ({ SMTP_URL, MAIL_FROM, MAIL_TO }: NodeJS.ProcessEnv): Promise<string> => {
  if (!MAIL_FROM || !MAIL_TO) throw new Error('MAIL_FROM or MAIL_TO is not set');
  const transport = createTransport({
    url: SMTP_URL!,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 20_000,
  });
  try {
    await transport.sendMail({ from: MAIL_FROM, to: MAIL_TO, subject: SUBJECT, text: TEXT });
  } finally {
    transport.close();
  }
  return `the mail server took a test mail to ${MAIL_TO}`;
};

const callWebhook = async (url: string): Promise<string> => {
  const told = await tellOutside(url, JSON.stringify({ text: SUBJECT, content: SUBJECT }));
  if (!told.taken) throw new Error(`the webhook: ${told.error}`);
  return 'the webhook took a test';
};

/**
 * Sends a test by each way that alerts have out of the machine, as the environment says.
 * @throws Error with what every way said, where one of them failed
 */
export const sendTestMail = async (env: NodeJS.ProcessEnv): Promise<string> => {
  const ends = await Promise.allSettled([
    ...(env.SMTP_URL ? [sendMail(env)] : []),
    ...(env.ALERT_WEBHOOK_URL ? [callWebhook(env.ALERT_WEBHOOK_URL)] : []),
  ]);
  if (ends.length === 0)
    throw new Error(
      'nobody can be told of an alert: set SMTP_URL, MAIL_FROM and MAIL_TO, or ALERT_WEBHOOK_URL',
    );
  const words = ends
    .map((end) => (end.status === 'fulfilled' ? end.value : (end.reason as Error).message))
    .join('; ');
  if (ends.some(({ status }) => status === 'rejected')) throw new Error(words);
  return words;
};
