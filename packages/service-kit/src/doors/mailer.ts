import type { Transporter } from 'nodemailer';
import { redact } from '@catalyst/runtime';
import type { Metrics } from '../metrics.ts';
import type { MailSettings } from './doors-environment.ts';

export interface Mail {
  /**
   * Without brackets; the same for every try of the same mail, so that a repeat can be recognized.
   */
  message_id: string;
  to: string;
  subject: string;
  plain_text: string;
  html?: string;
  /** Shown inside the HTML as cid:equity. */
  equity_curve?: Buffer;
  date: string;
}

/** Taken by the server, or not: why, and whether trying again may help. */
export type Delivery =
  { delivered: true } | { delivered: false; error: string; permanent: boolean };

export interface Mailer {
  to: string;
  from_domain: string;
  send(mail: Mail): Promise<Delivery>;
  close(): void;
}

/** Sends through the SMTP server of SMTP_URL. An answer of 5xx is final, anything else may pass. */
export const createMailer = ({ smtp_url, from, to }: MailSettings, metrics: Metrics): Mailer => {
  // its library is loaded for the first mail: most services never send one
  const open = async (): Promise<Transporter> => {
    const { createTransport } = await import('nodemailer');
    return createTransport({
      url: smtp_url,
      connectionTimeout: 10_000,
      greetingTimeout: 10_000,
      socketTimeout: 20_000,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  };
  let transport: Transporter | undefined;
  return {
    to,
    from_domain: /@([^\s>]+)>?$/.exec(from)![1]!,
    send: async ({ message_id, subject, html, plain_text, equity_curve, date, to: recipient }) => {
      const stop = metrics.outsideCalls.startTimer({ target: 'smtp' });
      try {
        transport ??= await open();
        await transport.sendMail({
          from,
          to: recipient,
          subject,
          html,
          text: plain_text,
          messageId: `<${message_id}>`,
          date: new Date(date),
          headers: { 'Auto-Submitted': 'auto-generated' },
          attachments: equity_curve && [
            {
              filename: 'equity.png',
              content: equity_curve,
              contentType: 'image/png',
              cid: 'equity',
              contentDisposition: 'inline',
            },
          ],
        });
        stop({ outcome: 'ok' });
        return { delivered: true };
      } catch (error) {
        stop({ outcome: 'failed' });
        const { message, responseCode } = error as { message: string; responseCode?: number };
        return {
          delivered: false,
          error: String(redact(message)).slice(0, 500),
          permanent: responseCode !== undefined && responseCode >= 500,
        };
      }
    },
    close: () => transport?.close(),
  };
};
