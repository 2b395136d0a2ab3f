import { onTick } from '../market/bar-series.ts';
import { lateTrade, nextPrintId } from '../market/late-trade.ts';
import type { Revision } from '../market/revisions.ts';
import { createTape } from '../market/tape.ts';
import { MINUTE_MS, stamp } from '../market/trading-time.ts';
import type { ListedFault } from './fault-list.ts';
import { faultMinutes, type FaultMinutes } from './fault-minutes.ts';
import { isTapeEffect, placeOf, type MarketFault, type TapeEffect } from './fault-schema.ts';
import type { MarketFaultDeps } from './market-faults.ts';

type TapeFault = MarketFault & { what: TapeEffect };

interface Planned extends FaultMinutes {
  listed: ListedFault<TapeFault>;
  /** Symbols that still wait for a minute with a trade. */
  waiting: Set<string>;
}

const isTape = (listed: ListedFault): listed is ListedFault<TapeFault> =>
  placeOf(listed.fault.where) === 'market' &&
  isTapeEffect((listed as ListedFault<MarketFault>).fault.what);

/**
 * Lets the tape be late or wrong as the list's faults say: once for each symbol, about the first
 * minute with trades from the fault's time on. It is decided when that minute is over and told some
 * seconds after it. What traded stays as it was: orders have met the minute as it was first told.
 */
export const createTapeFaults = ({
  list,
  market,
  now,
  finished,
  onClock,
}: MarketFaultDeps): void => {
  const { time, revisions } = market;
  const tape = createTape(market);
  let planned: Planned[] = [];
  let looked = finished();

  const revisionOf = (what: TapeEffect, symbol: string, minute: number): Revision | null => {
    const about = { symbol, minute, after_ms: what.after_seconds * 1_000 };
    if (what.kind === 'late_trade')
      return lateTrade(market, tape, { ...about, ratio: what.ratio, size: what.size });
    const id = nextPrintId(market, tape, about);
    if (id === null || !market.barAt(symbol, minute)) return null;
    const start = time.startOf(minute);
    const end = start + MINUTE_MS;
    const told = { symbol, told_ms: end + about.after_ms };
    const gone = new Set(
      revisions
        .between(symbol, start, Number.POSITIVE_INFINITY)
        .flatMap((one) => (one.kind === 'late_trade' ? [] : [one.original.id])),
    );
    const original = tape
      .trades(symbol, start, end)
      .findLast(
        (print) =>
          !gone.has(print.id) && !print.conditions.includes('O') && !print.conditions.includes('6'),
      );
    if (!original) return null;
    if (what.kind === 'cancel_error')
      return {
        ...told,
        kind: 'cancel_error',
        original,
        action: what.action === 'cancel' ? 'C' : 'E',
      };
    return {
      ...told,
      kind: 'correction',
      original,
      trade: { ...original, id, price: onTick(original.price * what.ratio) },
    };
  };

  const follow = (): void => {
    for (; looked < finished(); looked += 1) {
      for (const one of planned) {
        if (looked < one.from_minute || looked >= one.to_minute) continue;
        const { listed } = one;
        for (const symbol of one.waiting) {
          const revision = revisionOf(listed.fault.what, symbol, looked);
          if (!revision) continue;
          one.waiting.delete(symbol);
          revisions.add(revision);
          listed.calls += 1;
          const trade = revision.kind === 'late_trade' ? revision.trade : revision.original;
          list.record(listed, {
            symbol,
            minute: time.stampOf(looked),
            trade_id: trade.id,
            told_at: stamp(revision.told_ms),
          });
        }
      }
      planned = planned.filter(
        ({ waiting, to_minute }) => waiting.size > 0 && looked + 1 < to_minute,
      );
    }
  };

  list.onAdd((added) => {
    const entering = added.filter(isTape).map((listed): Planned => {
      const { where, when } = listed.fault;
      return {
        listed,
        ...faultMinutes(when, list, time, now()),
        waiting: new Set(where.market === '*' ? market.listings.keys() : [where.market]),
      };
    });
    planned = [...planned, ...entering];
  });
  list.onRemove((removed) => {
    const gone = new Set(removed);
    planned = planned.filter(({ listed }) => !gone.has(listed));
  });
  onClock(follow);
};
