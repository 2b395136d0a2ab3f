import type { ClientConfiguration, ClientStanding } from '@catalyst/contracts';
import { inNewYork } from '@catalyst/domain';
import type { Terminal } from './terminal.ts';
import { typed } from './typed.ts';

const when = (at: string | null): string => {
  if (at === null) return 'never';
  const { date, clock } = inNewYork(at);
  return `${date} ${clock}`;
};
const shown = (value: number | null, unit: string): string =>
  value === null ? 'n/a' : `${value.toFixed(1)}${unit}`;

/** The clients in a table, times in New York. */
export const describeClients = (
  clients: readonly ClientStanding[],
  seq: number,
  terminal: Terminal,
): string =>
  clients.length === 0
    ? `no client yet; invite one with: ${typed('invite NAME')}`
    : `${terminal.table(
        [
          'name',
          'state',
          'may',
          'health',
          'seen',
          'sent',
          'acked',
          'behind',
          'slippage',
          'delay',
          'agrees',
        ],
        clients.map((client) => [
          client.name,
          client.state,
          client.scope ?? '',
          client.health,
          when(client.last_seen_at),
          String(client.last_delivered_seq),
          String(client.last_acked_seq),
          String(client.lag),
          shown(client.slippage_bps, ' bps'),
          shown(client.delay_ms, ' ms'),
          client.agreement_ratio === null ? 'n/a' : `${Math.round(client.agreement_ratio * 100)} %`,
        ]),
      )}\nthe log is at ${seq}`;

/** One client with what holds for it. */
export const describeClient = (
  client: ClientStanding,
  { version, effective, flags }: ClientConfiguration,
): string =>
  [
    `client    ${client.name} (${client.client_id}), ${client.state}, ${client.health}, seen ${when(client.last_seen_at)}`,
    `log       sent to ${client.last_delivered_seq}, acknowledged to ${client.last_acked_seq}, ${client.deliveries} rows in all`,
    `feedback  ${
      Object.entries(client.feedback)
        .map(([outcome, times]) => `${outcome} ${times}`)
        .join(', ') || 'none'
    }`,
    `enters    ${effective.may_enter ? 'as far as its own file lets it' : `nothing: ${effective.why_not.join('; ')}`}`,
    `limits    ${
      Object.entries(effective.risk)
        .map(([name, value]) => `${name} ${value}`)
        .join(', ') || "its own file's alone"
    }`,
    `filters   ${JSON.stringify(effective.filters)}`,
    `flags     ${Object.entries(flags)
      .map(([flag, on]) => `${flag} ${on ? 'on' : 'off'}`)
      .join(', ')}`,
    `version   ${version}`,
  ].join('\n');
