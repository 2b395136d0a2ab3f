import { expect, test } from '@jest/globals';
import pico from 'picocolors';
import type { ClientStatus } from '../client-status.ts';
import { describeStatus } from './describe-status.ts';

const at = '2026-03-24T15:00:00.000Z';
const status: ClientStatus = {
  at,
  name: 'ann',
  account_kind: 'paper',
  account_number: 'PA1',
  is_trading: true,
  watching_since: null,
  standing: { state: 'reducing', reason: 'lunch', at },
  is_desk_halted: false,
  last_seq: 0,
  look: null,
  day_result_usd: '0',
  trades: [],
  decisions: [],
};
const told = (change: Partial<ClientStatus>): string =>
  describeStatus({ ...status, ...change }, { colors: pico.createColors(false) });

test('a pause and a stop are told, in the dry run too', () => {
  for (const is_trading of [true, false]) {
    expect(told({ is_trading })).toContain('PAUSED, no entries: lunch');
    const standing = { state: 'flattening', reason: 'enough', at } as const;
    expect(told({ is_trading, standing })).toContain('STOPPED, everything is sold: enough');
    expect(told({ is_trading, standing: null })).not.toMatch(/PAUSED|STOPPED/);
  }
});
