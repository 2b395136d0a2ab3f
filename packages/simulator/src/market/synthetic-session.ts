import type { DailyBar, DayBar } from '../day/day.ts';
import { seededNumber } from './seeded-number.ts';
import type { SessionHours } from './trading-time.ts';

const roundToTick = (price: number): number =>
  price >= 1 ? Math.round(price * 100) / 100 : Math.round(price * 10_000) / 10_000;

interface Anchor {
  minute: number;
  price: number;
}

/**
 * The path of an earlier session whose minutes are not stored: pre-market from the close before to
 * the open, then open, both extremes in the order that suits the day (low first when it closed up),
 * close, and flat after it. The turning points fall on seeded minutes, so days differ and runs do
 * not.
 */
const pathOf = (
  daily: DailyBar,
  hours: SessionHours,
  previousClose: number,
  seed: string,
): Anchor[] => {
  const length = hours.close_minute - hours.open_minute;
  const early =
    hours.open_minute + 1 + Math.floor(length * (0.1 + 0.3 * seededNumber(seed, 'early')));
  const late =
    hours.open_minute + 1 + Math.floor(length * (0.55 + 0.35 * seededNumber(seed, 'late')));
  const up = daily.close >= daily.open;
  return [
    { minute: hours.extended_open_minute, price: previousClose },
    { minute: hours.open_minute, price: daily.open },
    { minute: early, price: up ? daily.low : daily.high },
    { minute: late, price: up ? daily.high : daily.low },
    { minute: hours.close_minute, price: daily.close },
    { minute: hours.extended_close_minute, price: daily.close },
  ];
};

/**
 * Minute bars of an earlier session, made from its daily bar and the symbol's volume profile.
 * Regular minutes add up to the daily bar exactly: same open, high, low and close, and the same
 * volume, spread in the profile's proportion; extended hours are scaled by the same factor and come
 * on top. A minute whose share rounds to no volume has no bar. `profile` holds a mean volume for
 * each minute since midnight in New York.
 */
export const synthesizeSession = (
  symbol: string,
  daily: DailyBar,
  hours: SessionHours,
  profile: readonly number[] | undefined,
  previousClose: number | null,
): DayBar[] => {
  const anchors = pathOf(daily, hours, previousClose ?? daily.open, `${symbol}|${daily.date}`);
  let regular = 0;
  for (let minute = hours.open_minute; minute < hours.close_minute; minute += 1)
    regular += profile?.[minute] ?? 0;
  const even = regular <= 0;
  const scale = daily.volume / (even ? hours.close_minute - hours.open_minute : regular);
  const bars: DayBar[] = [];
  let segment = 0;
  let due = 0;
  let given = 0;
  const priceAt = (minute: number): number => {
    while (segment < anchors.length - 2 && minute > (anchors[segment + 1] as Anchor).minute)
      segment += 1;
    const from = anchors[segment] as Anchor;
    const to = anchors[segment + 1] as Anchor;
    return roundToTick(
      from.price + ((to.price - from.price) * (minute - from.minute)) / (to.minute - from.minute),
    );
  };
  let open = priceAt(hours.extended_open_minute);
  for (let minute = hours.extended_open_minute; minute < hours.extended_close_minute; minute += 1) {
    if (minute === hours.open_minute || minute === hours.close_minute) {
      due = 0;
      given = 0;
    }
    const isRegular = minute >= hours.open_minute && minute < hours.close_minute;
    due += (even ? (isRegular ? 1 : 0) : (profile?.[minute] ?? 0)) * scale;
    const volume =
      minute === hours.close_minute - 1 ? daily.volume - given : Math.round(due) - given;
    given += volume;
    const close = priceAt(minute + 1);
    if (minute === hours.open_minute) open = daily.open;
    if (volume > 0) {
      const high = Math.max(open, close);
      const low = Math.min(open, close);
      bars.push({
        minute,
        open,
        high,
        low,
        close,
        volume,
        trade_count: Math.max(1, Math.round(volume / 100)),
        vwap: Math.round((open + close) * 5_000) / 10_000,
      });
    }
    open = close;
  }
  return bars;
};
