import { z } from 'zod';
import { outgoingUrl, smtpUrl } from '@catalyst/runtime';

const mailAddress = z
  .string()
  .max(320)
  .regex(
    /^[^\r\n]*[^\s@<>]+@[^\s@<>]+>?$/,
    'expected an address such as desk@example.com or "Catalyst <desk@example.com>"',
  );

/**
 * The doors by which words leave the machine, for services that tell something: each is optional.
 * Mail is so as a whole: without all three a report is stored and served, and says that it was not
 * mailed.
 */
export const doorsEnvironment = z.object({
  SMTP_URL: smtpUrl.optional(),
  MAIL_FROM: mailAddress.optional(),
  MAIL_TO: mailAddress.optional(),
  /** Where alerts are posted as JSON, beside the mail or instead of it. */
  ALERT_WEBHOOK_URL: outgoingUrl.optional(),
  /** With it the bodies are signed: x-catalyst-signature, sha256= and the HMAC in hex. */
  ALERT_WEBHOOK_SECRET: z.string().min(16, 'expected at least 16 characters').optional(),
  /** The messages of alerts may state amounts: the webhook gets them only where this says so. */
  ALERT_WEBHOOK_MESSAGES: z.enum(['true', 'false']).default('false'),
});
export type DoorsConfig = z.output<typeof doorsEnvironment>;

export interface MailSettings {
  smtp_url: string;
  from: string;
  to: string;
}

/**
 * The mail settings, null when there are none; half of them is a fault for each that is missing.
 */
export const mailSettings = ({
  SMTP_URL,
  MAIL_FROM,
  MAIL_TO,
}: DoorsConfig): { settings: MailSettings | null; faults: string[] } => {
  if (!SMTP_URL && !MAIL_FROM && !MAIL_TO) return { settings: null, faults: [] };
  const missing = Object.entries({ SMTP_URL, MAIL_FROM, MAIL_TO })
    .filter(([, value]) => !value)
    .map(([name]) => name);
  if (SMTP_URL && MAIL_FROM && MAIL_TO)
    return { settings: { smtp_url: SMTP_URL, from: MAIL_FROM, to: MAIL_TO }, faults: [] };
  return {
    settings: null,
    faults: missing.map(
      (name) =>
        `${name} is not set although other mail settings are: set SMTP_URL, MAIL_FROM and MAIL_TO, or none of them`,
    ),
  };
};
