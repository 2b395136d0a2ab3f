import type { Position } from '@catalyst/contracts';
import type { Told } from './claude-clients.ts';

/** What every tool that reads says of today, by its name and what it was asked; `own` was traded today. */
export const answersOfToday = async (
  call: (name: string, given: Record<string, unknown>) => Promise<Told>,
  own: Position,
): Promise<Record<string, Told>> => {
  const { symbol, position_id } = own;
  const asked: [string, Record<string, unknown>?][] = [
    ['get_cycle_status'],
    ['get_timeline'],
    ['get_alerts'],
    ['get_positions'],
    ['get_positions', { position_id }],
    ['get_orders'],
    ['get_scan_results'],
    ['get_candidate_analysis', { symbol }],
    ['explain_symbol', { symbol }],
    ...['daily', 'weekly', 'monthly'].map((period): [string, Record<string, unknown>] => [
      'get_performance_report',
      { period },
    ]),
    ['get_trade_journal'],
    ['get_risk_status'],
    ['list_proposals'],
    ['get_watches'],
  ];
  const all: Record<string, Told> = {};
  for (const [name, given = {}] of asked)
    all[JSON.stringify([name, given])] = await call(name, given);
  // the nonce of a fence is new each time
  return JSON.parse(
    JSON.stringify(all).replaceAll(/untrusted [0-9a-f]{16}/g, 'untrusted'),
  ) as typeof all;
};
