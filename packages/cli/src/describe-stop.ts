import type { Order, Position, RiskStatus } from '@catalyst/contracts';
import { count } from './wording.ts';

export type Stop = 'pause' | 'cancel' | 'halt' | 'flatten';

/** What a stop meets: what is held, and the entries that wait at the broker. */
export interface Touched {
  status: Pick<RiskStatus, 'trading_state' | 'reason'>;
  positions: Pick<Position, 'symbol' | 'qty' | 'direction'>[];
  entries: Pick<Order, 'symbol' | 'qty' | 'side'>[];
}

const listed = (rows: readonly { symbol: string; qty: string }[]): string =>
  rows.length === 0 ? '' : ` (${rows.map(({ symbol, qty }) => `${symbol} ${qty}`).join(', ')})`;

/** What a stop does to each of them, in one line each. */
export const describeStop = (
  stop: Stop,
  { status, positions, entries }: Touched,
  now = true,
): string => {
  const held = (fate: string): string =>
    positions.length === 0
      ? 'nothing is held'
      : `${count(positions.length, 'position')}${listed(positions)}: ${fate}`;
  const waiting = (fate: string): string =>
    entries.length === 0
      ? 'no entry waits at the broker'
      : `${entries.length === 1 ? '1 entry' : `${entries.length} entries`} at the broker${listed(entries)}: ${fate}`;
  const keep = positions.length === 1 ? 'keeps its stop' : 'keep their stops';
  const lines: Record<Stop, string[]> = {
    pause: [
      'nothing new is entered until you resume',
      waiting('may still fill'),
      held(`${keep}; the day goes on and closes them`),
    ],
    cancel: [waiting('cancelled'), held(keep), 'new entries may follow: pause or halt ends that'],
    halt: [
      'nothing new is entered until you resume',
      waiting('cancelled'),
      held(`${keep}; flatten sells`),
    ],
    flatten: [
      'nothing new is entered until you resume',
      waiting('cancelled'),
      held('closed at market'),
    ],
  };
  const title = now
    ? `${stop} (trading is ${status.trading_state}: ${status.reason})`
    : `${stop}: done; trading is ${status.trading_state}: ${status.reason}`;
  return [title, ...lines[stop].map((line) => `  ${line}`)].join('\n');
};
