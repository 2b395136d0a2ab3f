import { expect, it } from '@jest/globals';
import { tradingSignal } from '@catalyst/contracts';
import { later, stableId } from '@catalyst/domain';
import { at } from '../fixture-fleet/script.ts';
import type { TradingDay } from './trading-day.ts';

/** From the open to 10:30: what is entered, what risk refuses, and what is kept and told of both. */
export const firstEntries = (day: TradingDay): void => {
  it('trades from the open, but asks for no trigger in the opening range', async () => {
    expect((await day.workflow().advanceReplay({ body: { to: at('09:44') } })).state).toBe(
      'trading',
    );
    expect(day.fleet.callsTo('checkTriggers')).toEqual([]);
    expect(day.fleet.callsTo('monitorPositions').map((call) => call.at)).toEqual(
      Array.from({ length: 14 }, (_, index) =>
        new Date(Date.parse(at('09:31')) + index * 60_000).toISOString(),
      ),
    );
    // every five minutes since the first scan, but for the open itself
    const expected = Array.from({ length: 21 }, (_, index) =>
      later(at('08:00'), index * 300_000),
    ).filter((time) => time !== at('09:30'));
    const scans = day.fleet.callsTo('startScan');
    expect(scans.map((call) => call.at)).toEqual(expected);
    expect(scans.map((call) => (call.body as { phase: string }).phase)).toEqual(
      expected.map((time) => (time < at('09:30') ? 'pre_market' : 'intraday')),
    );
  });
  it('enters a confirmed candidate at once: reviewed, then submitted, then settled', async () => {
    const { cycle_id } = day;
    await day.workflow().advanceReplay({ body: { to: at('10:02') } });
    const intent = {
      intent_id: stableId('intent', cycle_id, 'AAA', at('10:02')),
      cycle_id,
      symbol: 'AAA',
      direction: 'long',
      qty: null,
      entry_price: '50.1',
      limit_price: '50.2',
      stop_price: '49',
      target_price: '53',
    };
    expect(day.fleet.callsTo('checkOrder').map(({ body }) => body)).toMatchObject([
      intent,
      { symbol: 'BBB' },
    ]);
    expect(day.fleet.callsTo('submitOrder')).toMatchObject([
      { at: at('10:02'), body: { intent, approval_id: stableId('approval', intent.intent_id) } },
    ]);
    expect(day.fleet.exchange.seq).toBe(3);
    // the drain of the entry's updates caused one more, which was waited for too
    expect(day.fleet.trading.drained.slice(-2)).toEqual([2, 3]);
  });
  it('keeps each decision with its outcome, and the refusal with code and numbers', async () => {
    const { cycle_id } = day;
    const { decisions } = await day.workflow().listDecisions({ query: { cycle_id } });
    const entries = decisions.filter(({ kind }) => kind === 'enter');
    expect(entries).toMatchObject([
      {
        symbol: 'AAA',
        decided_at: at('10:02'),
        outcome: 'submitted',
        intent_id: stableId('intent', cycle_id, 'AAA', at('10:02')),
      },
      {
        symbol: 'BBB',
        decided_at: at('10:02'),
        outcome: 'MAX_POSITIONS',
        reason: 'risk refused: five positions are held (limit 5, was 6, at most 0 would pass)',
      },
    ]);
    expect(entries[0]!.reason).toContain(
      'rank 1, earnings catalyst, confidence 0.82; closed at 50.05 above 50',
    );
  });
  it('announces what risk approved as a signal with a gapless number, and not what it refused', async () => {
    const { cycle_id } = day;
    const signals = await day.fleet.database.database.query(
      'SELECT seq, side, entry_price, stop_price, target_price, confidence, valid_until FROM trading_signals ORDER BY seq',
    );
    expect(signals).toMatchObject([
      {
        seq: 1,
        side: 'buy',
        entry_price: '50.2',
        stop_price: '49',
        target_price: '53',
        confidence: 0.82,
        valid_until: at('10:07'),
      },
    ]);
    const [row] = await day.fleet.database.database.query<{ payload: unknown }>(
      'SELECT payload FROM trading_signals',
    );
    expect(tradingSignal.parse(row!.payload)).toEqual({
      v: 1,
      seq: 1,
      signal_id: expect.any(String),
      at: at('10:02'),
      kind: 'signal',
      symbol: 'AAA',
      side: 'buy',
      order_type: 'limit',
      entry_price: expect.any(String),
      stop_price: '49',
      target_price: '53',
      confidence: 0.82,
      catalyst_type: 'earnings',
      source: null,
      pattern: 'bull_flag',
      reason: expect.stringContaining('rank 1, earnings catalyst'),
      sector: null,
      price: '50.1',
      relative_volume: null,
      market_cap: null,
      market_cap_as_of: null,
      valid_until: at('10:07'),
      chain: {
        cycle_id,
        decision_id: expect.any(String),
        scan_id: expect.any(String),
        article_id: null,
        headline: 'AAA beats',
      },
    });
  });
  it('records a reason to skip only when it changes', async () => {
    const { cycle_id } = day;
    const { decisions } = await day.workflow().listDecisions({ query: { cycle_id } });
    expect(
      decisions
        .filter(({ kind }) => kind === 'skip')
        .map(({ symbol, outcome, decided_at }) => [symbol, outcome, decided_at]),
    ).toEqual([
      ['AAA', 'waiting_for_trigger', at('09:45')],
      ['BBB', 'waiting_for_trigger', at('09:45')],
    ]);
  });
  it('tries what risk refused again after a quarter of an hour, and what it entered not again', async () => {
    await day.workflow().advanceReplay({ body: { to: at('10:30') } });
    expect(
      day.fleet
        .callsTo('checkOrder')
        .map(({ at: when, body }) => [when, (body as { symbol: string }).symbol]),
    ).toEqual([
      [at('10:02'), 'AAA'],
      [at('10:02'), 'BBB'],
      [at('10:20'), 'BBB'],
    ]);
    expect(day.fleet.callsTo('submitOrder')).toHaveLength(1);
  });
};
