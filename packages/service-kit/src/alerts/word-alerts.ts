import { inNewYork } from '@catalyst/domain';
import { randomUUID } from 'node:crypto';
import type { Doors, Outgoing } from '../doors/open-doors.ts';

export type Severity = 'info' | 'warning' | 'critical';

/** An alert as it is told. */
export interface ToldAlert {
  alert_id: string;
  source: string;
  key: string;
  code: string;
  severity: Severity;
  message: string;
  first_at: string;
  last_at: string;
  count: number;
}

interface AlertWords {
  severity: Severity;
  subject: string;
  plain_text: string;
  /** What the webhook gets; messages, which may state amounts, are left out unless asked for. */
  body: Record<string, unknown>;
}

const when = ({ first_at, last_at, count }: ToldAlert): string => {
  const [first, last] = [inNewYork(first_at), inNewYork(last_at)];
  return count === 1
    ? `${last.date} ${last.clock} New York`
    : `${count} times, ${first.date} ${first.clock} to ${last.date} ${last.clock} New York`;
};

/** The words of a mail about alerts, gravest first. `desk` says which desk speaks, and how real. */
const wordAlerts = (
  alerts: readonly ToldAlert[],
  desk: string,
  with_messages: boolean,
): AlertWords => {
  const [gravest] = alerts;
  const { severity, key } = gravest!;
  const more = alerts.length > 1 ? ` and ${alerts.length - 1} more` : '';
  const subject = `Catalyst ${desk}: ${severity} ${key}${more}`;
  const lines = alerts.map(
    (alert) =>
      `${alert.severity.toUpperCase()} ${alert.key} (${alert.source}, ${when(alert)})\n  ${alert.message}`,
  );
  return {
    severity,
    subject,
    plain_text: `${lines.join('\n\n')}\n`,
    body: {
      // what Slack and Discord show of it
      text: subject,
      content: subject,
      desk,
      alerts: alerts.map(
        ({ alert_id, source, code, key: of, severity: grave, message, ...times }) => ({
          alert_id,
          source,
          code,
          key: of,
          severity: grave,
          first_at: times.first_at,
          last_at: times.last_at,
          count: times.count,
          ...(with_messages && { message }),
        }),
      ),
    },
  };
};

/** What tells alerts by each door that is there, gravest first. */
export const writeAlerts = (
  alerts: readonly ToldAlert[],
  { desk, with_messages, names, mailer }: Doors,
  written_at: string,
): (Outgoing & { severity: Severity })[] => {
  const words = wordAlerts(alerts, desk, with_messages);
  return names.map((door) => {
    const mail_id = randomUUID();
    return {
      ...words,
      mail_id,
      door,
      message_id: `${mail_id}@${mailer?.from_domain ?? 'catalyst'}`,
      recipient: door === 'mail' ? mailer!.to : null,
      written_at,
    };
  });
};
