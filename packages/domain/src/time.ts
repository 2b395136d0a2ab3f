import { DateTime } from 'luxon';
import { z } from 'zod';

export const NEW_YORK = 'America/New_York';

/** An instant in UTC with milliseconds: "2026-03-10T13:30:00.000Z". */
export const instant = z.iso.datetime({ offset: true });
export type Instant = string;

/** A date of New York's trading calendar: "2026-03-10". */
export const tradeDate = z.iso.date();
export type TradeDate = string;

/** Whole minutes since 1970-01-01T00:00Z; the `time_id` of that minute. */
export type TimeId = number;

export const toTimeId = (at: Instant | Date | number): TimeId => {
  const milliseconds = typeof at === 'number' ? at : new Date(at).getTime();
  if (!Number.isFinite(milliseconds))
    throw new RangeError(`expected an instant, was ${String(at)}`);
  return Math.floor(milliseconds / 60_000);
};
export const fromTimeId = (timeId: TimeId): Instant => new Date(timeId * 60_000).toISOString();
export const toInstant = (at: Date | number | string): Instant => new Date(at).toISOString();

/** Adds milliseconds to an instant. */
export const later = (at: Instant, milliseconds: number): Instant =>
  new Date(new Date(at).getTime() + milliseconds).toISOString();

/** Bells of the same few days are asked for again and again: a standing needs those of 28 days. */
const instants = new Map<string, Instant>();
const KEPT_INSTANTS = 10_000;

/** The instant at which New York's clocks show `hh:mm` on `date`; daylight saving included. */
export const newYorkTime = (date: TradeDate, clock: string): Instant => {
  const key = `${date} ${clock}`;
  const known = instants.get(key);
  if (known !== undefined) return known;
  const [hour, minute] = clock.split(':').map(Number);
  const time = DateTime.fromISO(date, { zone: NEW_YORK }).set({
    hour: hour ?? Number.NaN,
    minute: minute ?? Number.NaN,
    second: 0,
    millisecond: 0,
  });
  if (!time.isValid) throw new RangeError(`expected a date and hh:mm, was ${date} ${clock}`);
  const at = time.toUTC().toISO();
  if (instants.size >= KEPT_INSTANTS) instants.clear();
  instants.set(key, at);
  return at;
};

/** What New York's clocks are away from UTC in an hour, in milliseconds; clocks change on the hour. */
const offsets = new Map<number, number>();
/** More than a year of hours; beyond them the memory begins anew. */
const KEPT_HOURS = 10_000;

const offsetAt = (at_ms: number): number => {
  const hour = Math.floor(at_ms / 3_600_000);
  let offset = offsets.get(hour);
  if (offset === undefined) {
    if (offsets.size >= KEPT_HOURS) offsets.clear();
    offset = DateTime.fromMillis(at_ms, { zone: NEW_YORK }).offset * 60_000;
    offsets.set(hour, offset);
  }
  return offset;
};

/** New York's date and clock at an instant: { date: "2026-03-10", clock: "09:30" }. */
export const inNewYork = (at: Instant): { date: TradeDate; clock: string } => {
  const at_ms = Date.parse(at);
  if (!Number.isFinite(at_ms)) throw new RangeError(`expected an instant, was ${at}`);
  const local = new Date(at_ms + offsetAt(at_ms)).toISOString();
  return { date: local.slice(0, 10), clock: local.slice(11, 16) };
};
