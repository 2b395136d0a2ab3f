import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Simulator } from '@catalyst/simulator';
import { openAccount } from '../../../simulator/tests/open-account.ts';
import { play } from '../../../simulator/tests/random-session/play.ts';
import { plan } from '../../../simulator/tests/random-session/random-plan.ts';
import { runs } from '../../../simulator/tests/random-session/runs.ts';
import { SYMBOLS } from '../../../simulator/tests/random-session/session.ts';
import { quietDay } from '../../../simulator/tests/small-day.ts';
import {
  checkLedger,
  nakedMinutes,
  ordersPerClientId,
  protections,
  readLedgerAt,
  type LedgerRow,
} from '../../src/ledger/index.ts';

describe('the exchange', () => {
  let simulator: Simulator | null = null;
  afterEach(() => simulator?.close());

  it('writes ledgers that break no rule, whatever three accounts ask of it', () => {
    fc.assert(
      fc.property(plan, (planned) => {
        const { simulation } = play(planned);
        const rows = simulation.ledger.after(0) as LedgerRow[];
        expect(checkLedger(rows, { requests: false })).toEqual([]);
        const held = new Map(
          [...protections(rows)].map(({ account_number, symbol, position_qty }) => [
            `${account_number} ${symbol}`,
            position_qty,
          ]),
        );
        for (const { account_number: number, positions } of simulation.accounts) {
          for (const symbol of SYMBOLS)
            expect(held.get(`${number} ${symbol}`) ?? '0').toBe(
              positions.get(symbol)?.qty.toFixed() ?? '0',
            );
        }
      }),
      runs(20),
    );
  });

  it('is found out by its faults: an order taken and an answer that failed are neither lost nor doubled', async () => {
    const open = await openAccount(quietDay([]));
    simulator = open.simulator;
    await open.step('10:00');
    await open.request(
      'POST',
      '/sim/faults',
      [
        {
          where: { rest: 'POST /v2/orders' },
          when: { nth: 1 },
          what: { kind: 'accept_then_fail' },
        },
        {
          where: { rest: 'POST /v2/orders' },
          when: { nth: 2 },
          what: { kind: 'status', status: 503 },
        },
      ],
      {},
    );
    expect((await open.place({ client_order_id: 'one' })).status).toBe(504);
    expect((await open.place({ client_order_id: 'two' })).status).toBe(503);
    expect((await open.place({ client_order_id: 'one' })).status).toBe(422);
    await open.step('10:02');
    await open.request('DELETE', '/v2/positions/ACME');
    await open.step('10:04');
    const rows = await readLedgerAt(open.simulator.url);
    expect(checkLedger(rows, { flat_at_end: true })).toEqual([]);
    expect(ordersPerClientId(rows).get('SIM000001 one')).toHaveLength(1);
    expect(nakedMinutes(rows)).toHaveLength(1);
  });
});
