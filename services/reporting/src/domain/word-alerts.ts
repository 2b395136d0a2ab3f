import { inNewYork } from '@catalyst/domain';
import type { Severity, UntoldAlert } from './choose-alerts.ts';

export interface AlertWords {
  severity: Severity;
  subject: string;
  plain_text: string;
  /** What the webhook gets; messages, which may state amounts, are left out unless asked for. */
  body: Record<string, unknown>;
}

const when = ({ first_at, last_at, count }: UntoldAlert): string => {
  const [first, last] = [inNewYork(first_at), inNewYork(last_at)];
  return count === 1
    ? `${last.date} ${last.clock} New York`
    : `${count} times, ${first.date} ${first.clock} to ${last.date} ${last.clock} New York`;
};

/** The words of a mail about alerts, gravest first. `desk` says which desk speaks, and how real. */
export const wordAlerts = (
  alerts: readonly UntoldAlert[],
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
