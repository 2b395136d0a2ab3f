import type { Alert } from '@catalyst/contracts';
import { inNewYork } from '@catalyst/domain';
import type { Terminal } from './terminal.ts';
import { typed } from './typed.ts';
import { count } from './wording.ts';

const when = (at: string): string => {
  const { date, clock } = inNewYork(at);
  return `${date} ${clock}`;
};

/** Alerts for a person, newest first; times are New York's. */
export const describeAlerts = (
  alerts: readonly Alert[],
  { has_more, acknowledged }: { has_more: boolean; acknowledged: number },
  { colors }: Pick<Terminal, 'colors'>,
): string => {
  if (alerts.length === 0) return 'no alerts';
  const paint = { critical: colors.red, warning: colors.yellow, info: (text: string) => text };
  return [
    ...alerts.map(
      ({ at, severity, code, message, source, first_at, count: times, acknowledged_at }) =>
        `${when(at)}  ${paint[severity](severity.padEnd(8))}  ${code} (${source})${times === 1 ? '' : `, ${times} times since ${when(first_at)}`}${acknowledged_at === null ? '' : ', seen'}\n  ${message}`,
    ),
    ...(has_more ? ['and more; those shown first are the newest'] : []),
    acknowledged > 0
      ? `${count(acknowledged, 'alert')} acknowledged`
      : `${typed('alerts --ack')} says that you have seen them`,
  ].join('\n');
};
