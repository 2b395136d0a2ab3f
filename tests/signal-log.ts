import type { SignalFacts, TradingSignal } from '@catalyst/contracts';
import { newYorkTime, stableId } from '@catalyst/domain';
import type { Database } from '@catalyst/service-kit';
import type { UnnumberedSignal } from '../services/workflow/src/domain/signal-rows.ts';
import { insertSignal, listSignals } from '../services/workflow/src/store/signals.ts';

const DATE = '2026-03-24';
export const AT = newYorkTime(DATE, '11:00');
const CYCLE = stableId('cycle', 'signals');
const TYPES = ['earnings', 'fda', 'guidance', 'legal'];
const SECTORS = ['Energy', 'Health Care', 'Financials'];
const SYMBOLS = ['AAA', 'BBB', 'CCC', 'DDD', 'EEE'];

const factsOf = (number: number, decision_id: string, reason?: string): SignalFacts => ({
  symbol: SYMBOLS[number % SYMBOLS.length]!,
  side: 'buy',
  order_type: 'limit',
  entry_price: '50',
  stop_price: '49',
  target_price: '53',
  confidence: (number % 10) / 10,
  catalyst_type: TYPES[number % TYPES.length]!,
  source: 'wire',
  pattern: 'bull_flag',
  reason: reason ?? `reason ${number}`,
  sector: SECTORS[number % SECTORS.length]!,
  price: String(5 + (number % 40)),
  relative_volume: 1 + (number % 5),
  market_cap: number % 3 === 0 ? null : (number % 7) * 1e8,
  market_cap_as_of: number % 3 === 0 ? null : '2026-03-01',
  valid_until: newYorkTime(DATE, '11:05'),
  chain: {
    cycle_id: CYCLE,
    decision_id,
    scan_id: null,
    article_id: null,
    headline: `news ${number}`,
  },
});

/** A day's log of signals that a test writes, in a database without one. */
export const openSignalLog = async (db: Database) => {
  await db.query('SELECT get_or_create_securities($1)', [SYMBOLS]);
  await db.query(
    `INSERT INTO trading_cycles (cycle_id, trade_date, state, session_mode, universe_size, open_at,
       close_at, is_half_day, created_at, updated_at)
     VALUES ($1, $2, 'trading', 'autonomous', 100, $3, $4, false, $3, $3)`,
    [CYCLE, DATE, newYorkTime(DATE, '09:30'), newYorkTime(DATE, '16:00')],
  );
  const trades: TradingSignal[] = [];
  let written = 0;

  /** Appends rows: trades, their ends, and now and then the desk itself; with a long reason long ones. */
  const write = async (count: number, reason?: string): Promise<void> => {
    for (let n = 0; n < count; n += 1) {
      written += 1;
      const signal_id = stableId('signal', written);
      const open = trades[0];
      const kind = written % 17 === 0 ? 'desk' : written % 3 === 0 && open ? 'closed' : 'signal';
      await db.transaction(async (tx) => {
        if (kind === 'desk')
          return insertSignal(tx, `desk ${written}`, {
            kind: 'desk_halted',
            signal_id,
            at: AT,
            halted: { trading_state: 'halted', reason: 'a person' },
          });
        if (kind === 'closed') {
          trades.shift();
          const {
            v: _v,
            seq: _seq,
            kind: _kind,
            ...facts
          } = open as Extract<TradingSignal, { kind: 'signal' }>;
          return insertSignal(tx, `closed ${written}`, {
            ...facts,
            kind: 'closed',
            signal_id,
            at: AT,
            about: { signal_id: open!.signal_id, seq: open!.seq },
            closed: { price: '52', closed_at: AT, reason: 'target', r_multiple: 2 },
          } as UnnumberedSignal);
        }
        const decision_id = stableId('decision', written);
        const facts = factsOf(written, decision_id, reason);
        await tx.query(
          `INSERT INTO decision_logs (decision_id, cycle_id, security_id, decided_at, kind, outcome, reason)
           SELECT $1, $2, security_id, $3, 'enter', 'approved', 'test' FROM v_securities WHERE symbol = $4`,
          [decision_id, CYCLE, AT, facts.symbol],
        );
        trades.push(
          await insertSignal(tx, `decision:${decision_id}`, {
            kind: 'signal',
            signal_id,
            at: AT,
            ...facts,
          }),
        );
        return undefined;
      });
    }
  };
  return { write, log: () => listSignals(db, { after_seq: 0, limit: 100_000 }) };
};
