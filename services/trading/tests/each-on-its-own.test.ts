import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@catalyst/testkit';
import { stableId } from '@catalyst/domain';
import type { Passing } from './faulty-broker.ts';
import { openLiveDesk, word, type LiveDesk } from './open-live-desk.ts';
import { cancelsOrder, looksUpOrder, placesOrder, readsAccount, readsOrder } from './passings.ts';

let desk: LiveDesk;
afterEach(() => desk?.close());

const CYCLE = stableId('test-cycle');
const legsOf = async (symbol: string): Promise<string[]> =>
  (await desk.orders(symbol))
    .filter(({ role }) => role === 'target' || role === 'stop')
    .map(({ broker_order_id }) => broker_order_id!);
const isPostFor = (symbol: string) => (passing: Passing) =>
  passing.method === 'POST' &&
  passing.path === '/v2/orders' &&
  (JSON.parse(passing.body) as { symbol: string }).symbol === symbol;

describe('everything is to be closed and one symbol is stuck', () => {
  it('closes all others at once, says who is left, and goes on trying until it is out', async () => {
    desk = await openLiveDesk({ symbols: ['BBBB', 'CCCC', 'DDDD'] });
    await desk.hold('ACME', 'BBBB', 'CCCC', 'DDDD');
    const stuck = await legsOf('ACME');
    let isStuck = true;
    desk.broker.onPassing(({ method, path, phase }) =>
      isStuck && phase === 'request' && method === 'DELETE' && stuck.some((id) => path.endsWith(id))
        ? { status: 504, text: '{}' }
        : 'pass',
    );
    const began_at = performance.now();
    const answer = await desk.trading.closeAllPositions({
      body: { ...word('all'), reason: 'risk_flatten' },
    });
    expect(performance.now() - began_at).toBeLessThan(2500);
    expect(answer).toMatchObject({
      closing: ['ACME', 'BBBB', 'CCCC', 'DDDD'],
      left: expect.arrayContaining([expect.objectContaining({ symbol: 'ACME' })]),
    });
    await eventually(() => expect(desk.held()).toEqual({ ACME: 10 }), 5000);
    await eventually(async () =>
      expect(await desk.positions()).toMatchObject([{ symbol: 'ACME', status: 'closing' }]),
    );
    isStuck = false;
    await eventually(() => expect(desk.held()).toEqual({}), 5000);
    expect((await desk.trading.reconcile({ body: { cycle_id: null } })).reconciled).toBe(true);
  });
});

describe('a position whose stop cannot be placed', () => {
  it('keeps no other from its stop; a person is told at once, and health says NAKED until it is not', async () => {
    desk = await openLiveDesk({ symbols: ['BBBB'] });
    await desk.hold('ACME', 'BBBB');
    let isBroken = true;
    desk.broker.onPassing((passing) =>
      isBroken && passing.phase === 'request' && isPostFor('ACME')(passing)
        ? { status: 503, text: '{}' }
        : 'pass',
    );
    const [account] = desk.simulator.simulation.accounts;
    for (const symbol of ['ACME', 'BBBB']) desk.simulator.exchange.cancelAll(account!, symbol);
    await eventually(async () => {
      const positions = await desk.positions();
      expect(positions.map(({ symbol, is_protected }) => [symbol, is_protected])).toEqual([
        ['ACME', false],
        ['BBBB', true],
      ]);
    }, 2500);
    await eventually(async () => {
      expect(await desk.health()).toMatchObject({
        status: 'unhealthy',
        notes: [expect.stringMatching(/^NAKED since .*: 10 ACME: /)],
      });
      expect(await desk.alerts('NAKED')).toMatchObject([{ severity: 'critical' }]);
      expect(await desk.positions()).toMatchObject([
        {
          symbol: 'ACME',
          naked: { since: expect.stringMatching(/^2026-03-10T/), why: expect.any(String) },
          live_stop_price: null,
          risk_usd: null,
        },
        { symbol: 'BBBB', naked: null, live_stop_price: '98', live_target_price: '104' },
      ]);
    }, 5000);
    isBroken = false;
    await eventually(async () => {
      for (const position of await desk.positions())
        expect(position).toMatchObject({ status: 'open', is_protected: true, naked: null });
      expect((await desk.health()).status).not.toBe('unhealthy');
    }, 5000);
    // nothing waits for an alert: its row may follow
    await eventually(async () =>
      expect(await desk.alerts('POSITION_MENDED')).toMatchObject([
        { severity: 'warning' },
        { severity: 'warning' },
      ]),
    );
  });
});

describe('a monitoring whose reads hang', () => {
  it('ends within its deadline, tends what the book knows, and a close is answered meanwhile', async () => {
    desk = await openLiveDesk();
    await desk.hold('ACME');
    desk.broker.onPassing(({ path, phase }) =>
      phase === 'request' && path === '/v2/account' ? new Promise(() => {}) : 'pass',
    );
    const began_at = performance.now();
    const monitored = desk.trading.monitorPositions({ body: { cycle_id: CYCLE } });
    void monitored.catch(() => undefined);
    const [position] = await desk.positions();
    const answer = await desk.trading.closePosition({
      params: { position_id: position!.position_id },
      body: { ...word('close'), reason: 'manual' },
    });
    expect(performance.now() - began_at).toBeLessThan(2500);
    expect(answer.position.status).not.toBe('open');
    await eventually(() => expect(desk.held()).toEqual({}), 5000);
    await expect(monitored).rejects.toMatchObject({ code: 'TIMED_OUT' });
    expect(performance.now() - began_at).toBeLessThan(8000);
  });
});

describe('five positions, and a broker that takes 300 ms for each answer', () => {
  it('are flat within three seconds of the word', async () => {
    const symbols = ['ACME', 'BBBB', 'CCCC', 'DDDD', 'EEEE'];
    desk = await openLiveDesk({ symbols });
    await desk.hold(...symbols);
    desk.broker.onPassing(async ({ phase }) => {
      if (phase === 'answer') await new Promise((resolve) => setTimeout(resolve, 300));
      return 'pass' as const;
    });
    desk.broker.seen.length = 0;
    const began_at = performance.now();
    await desk.trading.closeAllPositions({ body: { ...word('all'), reason: 'manual' } });
    await eventually(() => expect(desk.held()).toEqual({}), 5000);
    expect(performance.now() - began_at).toBeLessThan(3000);
    const count = (isSuch: (passing: Passing) => boolean) => desk.broker.seen.filter(isSuch).length;
    // two cancels and an exit for each; of the rest no look after look: one for each at most
    expect([count(cancelsOrder), count(placesOrder)]).toEqual([10, 5]);
    for (const reads of [readsAccount, readsOrder, looksUpOrder])
      expect(count(reads)).toBeLessThanOrEqual(5);
  });
});

describe('an account that may not trade', () => {
  it('keeps the stop of what is to be closed, next to the market, until it may', async () => {
    desk = await openLiveDesk();
    await desk.hold('ACME');
    let isBlocked = true;
    let isSilent = false;
    let unanswered = 0;
    desk.broker.onPassing(({ path, phase, text }) => {
      if (phase === 'request' || path !== '/v2/account') return 'pass';
      if (isSilent) {
        unanswered += 1;
        return 'drop';
      }
      return isBlocked
        ? { status: 200, text: text.replace('"trading_blocked":false', '"trading_blocked":true') }
        : 'pass';
    });
    const { left } = await desk.trading.closeAllPositions({
      body: { ...word('all'), reason: 'manual' },
    });
    expect(left).toMatchObject([
      {
        symbol: 'ACME',
        is_naked: false,
        why: expect.stringMatching(/^not closed: trading is blocked; its stop was moved to /),
      },
    ]);
    const [position] = await desk.positions();
    expect(position).toMatchObject({ status: 'closing', is_protected: true });
    expect(desk.broker.seen.some(({ method }) => method === 'DELETE')).toBe(false);
    const lastRead = async () =>
      (
        await desk.database.database.query<{ blocked_reason: string | null }>(
          'SELECT blocked_reason FROM account_snapshots ORDER BY read_at DESC LIMIT 1',
        )
      )[0]!.blocked_reason;
    await eventually(async () => expect(await lastRead()).toBe('trading is blocked'), 30_000);
    // one that does not answer is still what it said last
    isSilent = true;
    await eventually(() => expect(unanswered).toBeGreaterThan(8), 30_000);
    expect(desk.broker.seen.some(({ method }) => method === 'DELETE')).toBe(false);
    expect((await desk.positions())[0]).toMatchObject({ status: 'closing', is_protected: true });
    isSilent = false;
    isBlocked = false;
    await eventually(() => expect(desk.held()).toEqual({}), 30_000);
    // nothing is held, and entries are not refused for a block that is over
    await eventually(async () => expect(await lastRead()).toBeNull(), 30_000);
  });
});
