import { REHEARSAL_RUN } from '../check-mode.ts';
import type { Metrics } from '../metrics.ts';
import { mailSettings, type DoorsConfig } from './doors-environment.ts';
import { createMailer, type Delivery, type Mailer } from './mailer.ts';
import { createWebhook, type Webhook } from './webhook.ts';

export type Door = 'mail' | 'webhook';

/** What goes out by a door. */
export interface Outgoing {
  mail_id: string;
  door: Door;
  /** Without brackets. */
  message_id: string;
  recipient: string | null;
  subject: string;
  plain_text: string;
  /** What the webhook gets. */
  body: object | null;
  written_at: string;
}

export interface Doors {
  mailer: Mailer | null;
  webhook: Webhook | null;
  names: readonly Door[];
  /** Which desk speaks, for subjects: PAPER, LIVE, REPLAY, REHEARSAL. */
  desk: string;
  /** Whether the webhook is told the messages too, which may state amounts. */
  with_messages: boolean;
  send(row: Outgoing): Promise<Delivery>;
  close(): void;
}

/**
 * Opens the doors of a configuration; a service whose configuration has none of them has none.
 * @throws nothing: half of the mail settings are a fault of `mailSettings`
 */
export const openDoors = (
  config: Partial<DoorsConfig> & { RUN_ID: string; TRADING_MODE: string },
  metrics: Metrics,
): Doors => {
  const { settings } = mailSettings(config as DoorsConfig);
  const mailer = settings && createMailer(settings, metrics);
  const webhook = config.ALERT_WEBHOOK_URL
    ? createWebhook(config.ALERT_WEBHOOK_URL, config.ALERT_WEBHOOK_SECRET)
    : null;
  return {
    mailer,
    webhook,
    names: [...(mailer ? ['mail' as const] : []), ...(webhook ? ['webhook' as const] : [])],
    desk: REHEARSAL_RUN.test(config.RUN_ID) ? 'REHEARSAL' : config.TRADING_MODE.toUpperCase(),
    with_messages: config.ALERT_WEBHOOK_MESSAGES === 'true',
    send: ({ door, mail_id, message_id, recipient, subject, plain_text, body, written_at }) =>
      door === 'mail'
        ? mailer!.send({ message_id, to: recipient!, subject, plain_text, date: written_at })
        : webhook!.call(mail_id, body!),
    close: () => mailer?.close(),
  };
};
