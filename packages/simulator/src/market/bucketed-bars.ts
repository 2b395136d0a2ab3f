import type { DayBar } from '../day/day.ts';
import { joinBars, toWireBar, type WireBar } from './wire-bar.ts';

const firstIndexFrom = (bars: readonly DayBar[], minute: number): number => {
  let low = 0;
  let high = bars.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((bars[middle] as DayBar).minute < minute) low = middle + 1;
    else high = middle;
  }
  return low;
};

/**
 * Joins a session's minutes into bars of `length` minutes whose stamps lie in [from, to] minutes; at
 * most `limit`, in the order that is asked for.
 */
export const bucketedBars = (
  bars: readonly DayBar[],
  end: number,
  length: number,
  stampOf: (minute: number) => string,
  { from, to, sort, limit }: { from: number; to: number; sort: 'asc' | 'desc'; limit: number },
): WireBar[] => {
  const result: WireBar[] = [];
  const add = (first: number, next: number, start: number): void => {
    const t = stampOf(start);
    result.push(
      length === 1
        ? toWireBar(t, bars[first] as DayBar)
        : (joinBars(t, bars, first, next) as WireBar),
    );
  };
  const startAt = (index: number): number =>
    Math.floor((bars[index] as DayBar).minute / length) * length;
  const first = firstIndexFrom(bars, Math.ceil(from / length) * length);
  if (sort === 'asc') {
    let index = first;
    while (index < end && result.length < limit) {
      const start = startAt(index);
      if (start > to) break;
      let next = index + 1;
      while (next < end && (bars[next] as DayBar).minute < start + length) next += 1;
      add(index, next, start);
      index = next;
    }
    return result;
  }
  let next = Math.min(end, firstIndexFrom(bars, Math.floor(to / length) * length + length));
  while (next > first && result.length < limit) {
    const start = startAt(next - 1);
    let index = next - 1;
    while (index > first && (bars[index - 1] as DayBar).minute >= start) index -= 1;
    add(index, next, start);
    next = index;
  }
  return result;
};
